import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Mode } from '../../support/environments/configuration';
import type { RunGuard } from '../../support/process/run-guard';
import { vaultVariables } from '../../support/run/default-vault';
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
  /**
   * Runs a script of ours in a process of its own, so that its memory is its own; what it prints stands where it is printed. Its errors
   * are its own too: it has told them; where it met a broken promise, the exit code will be 1. Tells whether it came to its end.
   */
  readonly script: (file: string, args: readonly string[]) => Promise<boolean>;
}

/** The exit code of a script that met a broken promise, as of the suite (design, idea 7). */
const BROKEN = 1;

/** How long a script that is asked to end may clean up. */
const STOP_WITHIN_MS = 12_000;

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
    script: async (file, args) => {
      const child = spawn(process.execPath, ['-r', 'ts-node/register', file, ...args], {
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, ...vaultVariables(mode) },
      });
      guard.onEnd(() => ended(child));
      const [code]: (number | null)[] = await once(child, 'exit');
      // Slowness is no failure; damage is, whoever finds it.
      if (code === BROKEN) process.exitCode = BROKEN;
      return code === 0;
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await exit;
  clearTimeout(timer);
}
