import { rmSync } from 'node:fs';
import path from 'node:path';
import { RunGuard } from '../../support/process/run-guard';
import { reportsFolder } from '../../support/reporting/page-links';
import { vaultVariables } from '../../support/run/default-vault';
import { CpuLoad } from './cpu-load';
import { runLines, Steadiness, type SteadyRun } from './steadiness';
import { readSteadyOptions, type SteadyOptions, seedOf } from './steady-options';
import { SuiteProcess } from './suite-process';

const BUSY_LOOPS = 2;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/**
 * `npm run steady`: the suite again and again, in a random order each time, every second run with the
 * processors kept busy by somebody else. Exit code 1 when any run was not green.
 */
async function main(): Promise<void> {
  const guard = RunGuard.start();
  try {
    const options = readSteadyOptions(process.argv.slice(2));
    const steadiness = new Steadiness();
    // Said however far it got.
    guard.onEnd(async () => void steadiness.lines().map(say));
    const where = options.mode === 'wire' ? 'over the wire' : 'in-process';
    say(`${options.runs} runs ${where}, seeds from ${options.seed}, every second one under CPU load`);
    for (let number = 1; number <= options.runs && !guard.isInterrupted; number += 1) {
      const steady = await runOne(number, options, guard);
      if (guard.isInterrupted) break;
      steadiness.note(steady);
      for (const line of runLines(steady, options.runs, commandFor(steady.seed, options))) say(line);
    }
    process.exitCode = steadiness.allGreen ? 0 : 1;
    await guard.end();
  } catch (error) {
    await guard.cannotJudge(error);
  }
}

/** The reports of a run that was not green are kept, for whoever wants to know why. */
async function runOne(number: number, options: SteadyOptions, guard: RunGuard): Promise<SteadyRun> {
  const underLoad = number % 2 === 0;
  const seed = seedOf(options, number);
  const reports = path.join(reportsFolder(), 'steady', `run-${number}`);
  rmSync(reports, { recursive: true, force: true });
  const load = new CpuLoad(underLoad ? BUSY_LOOPS : 0);
  guard.onEveryEnd(() => load.kill());
  const suite = new SuiteProcess({
    args: argumentsFor(seed, options),
    environment: vaultVariables(options.mode),
    reports,
  });
  guard.onEnd(() => suite.stop());
  try {
    const run = await suite.run();
    if (run.exitCode === 0) rmSync(reports, { recursive: true, force: true });
    return { number, seed, underLoad, run };
  } finally {
    await load.end();
  }
}

function argumentsFor(seed: number, { mode, cucumber }: SteadyOptions): readonly string[] {
  return [
    ...(mode === 'wire' ? ['--profile', 'wire'] : []),
    '--order',
    `random:${seed}`,
    '--seed',
    String(seed),
    ...cucumber,
  ];
}

function commandFor(seed: number, options: SteadyOptions): string {
  const command = Object.entries(vaultVariables(options.mode)).map(([name, value]) => `${name}="${value}" `);
  return `${command.join('')}npm run bdd -- ${argumentsFor(seed, options).join(' ')}`;
}

void main();
