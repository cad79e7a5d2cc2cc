import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Envelope } from '@cucumber/messages';
import type { Bench } from './bench';
import { instantOf } from './scenario-costs';
import { median } from './statistics';
import { SuiteProcess } from './suite-process';

/** One that costs next to nothing itself. */
const SCENARIO = ['--name', '^Jobs bring logs in another order than they happened$'];
const TIMES = 7;

interface Start {
  /** Until Cucumber has loaded the scenarios and their steps, and the suite has found its MongoDB. */
  readonly loadedMs: number;
  /** Until the environment is composed and the first scenario begins. */
  readonly firstScenarioMs: number;
  readonly endMs: number;
}

/** How long it takes from `npm run bdd` to its first scenario, beside what Node and the transpiler alone take. */
export async function benchStartup({ say, ownSuites, reports }: Bench): Promise<void> {
  say(`Start-up: from the start of the process to its first scenario, median of ${TIMES}; aim 1,000 ms`);
  const node = median(await repeat(() => timed(['-e', '0'])));
  const transpiler = median(await repeat(() => timed(['-r', 'ts-node/register', '-e', '0'])));
  const line = (what: string, ms: number): boolean =>
    say(`  ${what.padEnd(52)} ${ms.toFixed(0).padStart(6)} ms  ${(ms / node).toFixed(1).padStart(5)} x node`);
  line('node -e 0', node);
  line('node -r ts-node/register -e 0', transpiler);
  for (const [what, args] of [
    ['one worker', ['--parallel', '0']],
    ['two workers', ['--parallel', '2']],
  ] as const) {
    const starts = await repeat(async () => {
      const { envelopes, startedAtMs, tookMs } = await ownSuites(
        new SuiteProcess({ args: [...SCENARIO, ...args], reports: reports('startup') }),
      );
      return startOf(envelopes, startedAtMs, tookMs);
    });
    line(`${what}: loaded, MongoDB found`, median(starts.map(({ loadedMs }) => loadedMs)));
    line(`${what}: first scenario`, median(starts.map(({ firstScenarioMs }) => firstScenarioMs)));
    line(`${what}: a run of one scenario, reports written`, median(starts.map(({ endMs }) => endMs)));
  }
}

/** @throws Error when no scenario ran */
function startOf(envelopes: readonly Envelope[], startedAtMs: number, tookMs: number): Start {
  const loaded = envelopes.find(({ testRunStarted }) => testRunStarted !== undefined)?.testRunStarted;
  const first = envelopes.find(({ testCaseStarted }) => testCaseStarted !== undefined)?.testCaseStarted;
  if (loaded === undefined || first === undefined) throw new Error('no scenario ran: npm run bdd says why');
  return {
    loadedMs: instantOf(loaded.timestamp) - startedAtMs,
    firstScenarioMs: instantOf(first.timestamp) - startedAtMs,
    endMs: tookMs,
  };
}

async function repeat<T>(one: () => Promise<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for (let turn = 0; turn < TIMES; turn += 1) all.push(await one());
  return all;
}

async function timed(args: readonly string[]): Promise<number> {
  const startMs = performance.now();
  await once(spawn(process.execPath, args, { stdio: 'ignore' }), 'exit');
  return performance.now() - startMs;
}
