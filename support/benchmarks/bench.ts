import path from 'node:path';
import type { Mode } from '../environments/configuration';
import type { RunGuard } from '../run/run-guard';
import type { SuiteProcess, SuiteRun } from './suite-process';

/** What every benchmark is handed. */
export interface Bench {
  readonly mode: Mode;
  /** What stood behind the benchmark's name and is for it alone. */
  readonly rest: readonly string[];
  readonly say: (line: string) => boolean;
  /** The folder for the reports of the runs of a benchmark. */
  readonly reports: (name: string) => string;
  /** Waits for a run of the suite, and ends it when somebody presses Ctrl-C meanwhile. */
  readonly ownSuites: (suite: SuiteProcess) => Promise<SuiteRun>;
}

/** @param folder where benchmarks may write */
export function benchIn(
  folder: string,
  guard: RunGuard,
  { mode, rest }: Pick<Bench, 'mode' | 'rest'>,
): Bench {
  return {
    mode,
    rest,
    say: (line) => process.stdout.write(`${line}\n`),
    reports: (name) => path.join(folder, name),
    ownSuites: async (suite) => {
      guard.onEnd(() => suite.stop());
      return await suite.run();
    },
  };
}
