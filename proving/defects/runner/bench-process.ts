import { Bench } from './bench';
import type { TrialOrder, TrialSurroundings } from './trial';

/** A message to a bench process: first where it is, then one trial after the other. */
export type BenchOrder = { readonly surroundings: TrialSurroundings } | { readonly order: TrialOrder };

let bench: Promise<Bench> | undefined;

process.on('message', (message: BenchOrder) => void obey(message));
// The coordinator is gone: nobody wants the results.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));

async function obey(message: BenchOrder): Promise<void> {
  try {
    if ('surroundings' in message) {
      bench = Bench.open(message.surroundings);
      await bench;
      return;
    }
    process.send?.(await (await bench)?.run(message.order));
  } catch (error) {
    // Whatever it is, this process is not to be trusted with another trial.
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(2);
  }
}
