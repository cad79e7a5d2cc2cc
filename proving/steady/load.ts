import path from 'node:path';
import type { Bench } from './bench';

const SCRIPT = path.join(__dirname, 'load-process.ts');
const SECONDS = 15;
/** Vaults, and programs at once. */
const LOADS = [
  [1, 1],
  [1, 8],
  [1, 32],
  [2, 32],
] as const;

/** What clients wait for while many of them work at once, and how many are turned away; promises are judged as `npm run explore` does. */
export async function benchLoad({ say, mode, script }: Bench): Promise<void> {
  say(
    `Load ${mode === 'wire' ? 'over the wire' : 'in-process'}: the programs of npm run explore, for ${SECONDS} s each, with a place in the queue for every eighth program`,
  );
  for (const [vaults, concurrency] of LOADS) {
    await script(SCRIPT, [
      ...['--vaults', String(vaults), '--concurrency', String(concurrency), '--seconds', String(SECONDS)],
      ...(mode === 'wire' ? ['--wire'] : []),
    ]);
  }
}
