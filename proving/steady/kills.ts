import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { count } from '../../support/bytes/safe-text';
import { RunGuard } from '../../support/process/run-guard';
import { reportsFolder } from '../../support/reporting/page-links';
import { wrongClaims } from './report-claims';
import { readSteadyOptions, seedOf } from './steady-options';
import { type SuiteOrder, SuiteProcess } from './suite-process';

const USUAL: readonly string[] = ['--runs', '50'];
const USUAL_FEATURES: readonly string[] = ['features/brownout.feature', 'features/search.feature'];
const WORKERS = 2;
const SIGNALS = ['SIGKILL', 'SIGTERM', 'SIGINT'] as const;
const LOOK_EVERY_MS = 20;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/**
 * `npm run kills`: kills the coordinator or a worker of a run at a random moment, fifty times, and reads what
 * every report says then. Exit code 1 when one cannot be read, or is greener than what ran.
 */
async function main(): Promise<void> {
  const guard = RunGuard.start();
  try {
    const options = readSteadyOptions([...USUAL, ...process.argv.slice(2)]);
    const reports = path.join(reportsFolder(), 'steady', 'killed');
    const features = options.cucumber.length === 0 ? USUAL_FEATURES : options.cucumber;
    const order: SuiteOrder = { args: ['--parallel', String(WORKERS), ...features], reports };
    const { tookMs, exitCode } = await started(guard, order).run();
    let shortestMs = tookMs;
    if (exitCode !== 0) throw new Error(`left alone, the run ends with exit code ${exitCode}`);
    say(`${options.runs} runs of ${(tookMs / 1_000).toFixed(1)} s are killed, seeds from ${options.seed}`);
    let killed = 0;
    let wrong = 0;
    // Some come too late; a run that is quicker than those before says so for the next.
    for (let number = 1; killed < options.runs && number <= 2 * options.runs; number += 1) {
      if (guard.isInterrupted) break;
      const seed = seedOf(options, number);
      rmSync(reports, { recursive: true, force: true });
      const suite = started(guard, order);
      const victim = await kill(suite, seed, shortestMs);
      const run = await suite.run();
      const problems = wrongClaims(reports, run.envelopes, run.exitCode);
      wrong += problems.length === 0 ? 0 : 1;
      if (victim === undefined) shortestMs = Math.min(shortestMs, run.tookMs);
      else killed += 1;
      const over = run.envelopes.filter(({ testCaseFinished }) => testCaseFinished !== undefined).length;
      say(
        `${number}: ${victim ?? 'too late'}, exit code ${run.exitCode}, ${over} of ${run.scenarios.length} scenarios over: ${problems.join('; ') || 'true'}`,
      );
      if (problems.length > 0) say(`   --seed ${seed} --runs 1\n${run.lastWords}`);
    }
    rmSync(reports, { recursive: true, force: true });
    say(`${count(killed, 'run')} killed, ${wrong} of them with a report that is not true`);
    process.exitCode = wrong === 0 ? 0 : 1;
    await guard.end();
  } catch (error) {
    await guard.cannotJudge(error);
  }
}

function started(guard: RunGuard, order: SuiteOrder): SuiteProcess {
  const suite = new SuiteProcess(order);
  guard.onEnd(() => suite.stop());
  return suite;
}

/** Kills one process of the run, at a moment of its own. @returns which, when and how; `undefined` where it had ended */
async function kill(suite: SuiteProcess, seed: number, tookMs: number): Promise<string | undefined> {
  const random = createHash('sha256').update(String(seed)).digest();
  const afterMs = (random.readUInt32BE(0) / 2 ** 32) * tookMs;
  const signal = SIGNALS[random.readUInt8(4) % SIGNALS.length] ?? 'SIGKILL';
  const startedMs = performance.now();
  await wait(afterMs);
  const at = random.readUInt8(5) % (WORKERS + 1);
  if (at > 0) {
    // It may not have been started yet.
    while (!suite.hasEnded && workersOf(suite.pid)[at - 1] === undefined) await wait(LOOK_EVERY_MS);
  }
  const whenMs = Math.round(performance.now() - startedMs);
  const pid = at === 0 ? suite.pid : workersOf(suite.pid)[at - 1];
  if (suite.hasEnded || pid === undefined) return undefined;
  // A worker that is told to end is one whose run is told to; one that dies is killed.
  process.kill(pid, at === 0 ? signal : 'SIGKILL');
  return at === 0 ? `the coordinator after ${whenMs} ms, ${signal}` : `worker ${at} after ${whenMs} ms`;
}

/** The process ids of the workers of this coordinator. */
function workersOf(coordinator: number): readonly number[] {
  return readable(`/proc/${coordinator}/task/${coordinator}/children`)
    .split(' ')
    .filter((id) => id !== '' && readable(`/proc/${id}/cmdline`).includes('run_worker'))
    .map(Number);
}

function readable(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

void main();
