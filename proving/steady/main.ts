import { mkdtemp } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { SuiteError } from '../../support/bytes/errors';
import { RunGuard } from '../../support/process/run-guard';
import { type Bench, benchIn } from './bench';
import { benchFidelity } from './fidelity';
import { benchGrowth } from './growth';
import { benchLoad } from './load';
import { benchScenario } from './scenario';
import { benchStartup } from './startup';

const BENCHMARKS: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  startup: benchStartup,
  scenario: benchScenario,
  fidelity: benchFidelity,
  growth: benchGrowth,
  load: benchLoad,
};

/**
 * `npm run bench`: what the suite costs, in medians and ratios. It never fails for being slow; exit code 1 when a promise was
 * broken on the way, 2 when something could not be measured.
 */
async function main(): Promise<void> {
  const guard = RunGuard.start();
  try {
    const { names, mode, rest } = readBenchArguments(process.argv.slice(2));
    const folder = await mkdtemp(path.join(tmpdir(), 'audit-vault-bench-'));
    guard.ownFolder(folder);
    const bench = benchIn(folder, guard, { mode, rest });
    const [processor] = cpus();
    bench.say(
      `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${availableParallelism()} processors (${processor?.model ?? 'unknown'})`,
    );
    for (const name of names) {
      bench.say('');
      await BENCHMARKS[name]?.(bench);
    }
    await guard.end();
  } catch (error) {
    await guard.cannotJudge(error);
  }
}

/** @throws SuiteError that says what there is */
function readBenchArguments(
  args: readonly string[],
): Pick<Bench, 'mode' | 'rest'> & { names: readonly string[] } {
  const known = Object.keys(BENCHMARKS);
  const names = args.filter((arg) => known.includes(arg));
  const rest = args.filter((arg) => !known.includes(arg) && arg !== '--wire');
  if (names.length !== 1 && rest.length > 0) {
    throw new SuiteError(
      `${rest[0]} is no benchmark and belongs to none: there are ${known.join(', ')}, and --wire.`,
    );
  }
  return {
    names: names.length === 0 ? known : names,
    mode: args.includes('--wire') ? 'wire' : 'embedded',
    rest,
  };
}

void main();
