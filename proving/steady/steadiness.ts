import { count, safeText } from '../../support/bytes/safe-text';
import type { ScenarioResult } from '../defects/runner/trial';
import { median } from './statistics';
import type { SuiteRun } from './suite-process';

/** One of the runs, and how it was made. */
export interface SteadyRun {
  /** From 1. */
  readonly number: number;
  readonly seed: number;
  readonly underLoad: boolean;
  readonly run: Pick<SuiteRun, 'exitCode' | 'tookMs' | 'scenarios' | 'lastWords'>;
}

const MESSAGE_CHARACTERS = 1_500;
const LAST_LINES = 6;

/** Sums all runs up; of a size that does not grow with what they said. */
export class Steadiness {
  readonly #runs: { readonly isGreen: boolean; readonly underLoad: boolean; readonly tookMs: number }[] = [];
  /** The times that each scenario did not hold. */
  readonly #flakes = new Map<string, number>();

  note({ run, underLoad }: SteadyRun): void {
    this.#runs.push({ isGreen: run.exitCode === 0, underLoad, tookMs: run.tookMs });
    for (const scenario of notHeld(run.scenarios)) {
      const name = placeOf(scenario);
      this.#flakes.set(name, (this.#flakes.get(name) ?? 0) + 1);
    }
  }

  get allGreen(): boolean {
    return this.#runs.every(({ isGreen }) => isGreen);
  }

  /** The plain summary, a line each. */
  lines(): readonly string[] {
    const all = this.#runs.length;
    if (all === 0) return ['No run has ended.'];
    const red = this.#runs.filter(({ isGreen }) => !isGreen).length;
    return [
      `Flake rate: ${red} of ${count(all, 'run')} not green (${((100 * red) / all).toFixed(1)} %)${bound(red, all)}`,
      ...[false, true].flatMap((loaded) => this.#partLine(loaded)),
      ...[...this.#flakes]
        .sort(([, one], [, other]) => other - one)
        .map(([name, times]) => `  ${count(times, 'time')}: ${name}`),
    ];
  }

  #partLine(loaded: boolean): readonly string[] {
    const part = this.#runs.filter(({ underLoad }) => underLoad === loaded);
    if (part.length === 0) return [];
    const red = part.filter(({ isGreen }) => !isGreen).length;
    const seconds = median(part.map(({ tookMs }) => tookMs)) / 1_000;
    const what = loaded ? 'under CPU load' : 'without load';
    return [`  ${what}: ${red} of ${part.length} not green, median ${seconds.toFixed(1)} s a run`];
  }
}

/** A run in one line, and below it what did not hold, in its own words. */
export function runLines(steady: SteadyRun, runs: number, again: string): readonly string[] {
  const { number, seed, underLoad, run } = steady;
  const times = (status: ScenarioResult['status']): number =>
    run.scenarios.filter((scenario) => scenario.status === status).length;
  const bad = notHeld(run.scenarios);
  const verdict =
    run.exitCode === 0 ? 'green' : run.exitCode === 1 ? 'RED' : `NOT JUDGED (exit code ${run.exitCode})`;
  const numbers = `${times('passed')} passed, ${times('skipped')} skipped${bad.length === 0 ? '' : `, ${bad.length} not held`}`;
  const place = `${String(number).padStart(String(runs).length)}/${runs}`;
  const line = `${place}  random:${String(seed).padEnd(10)}  ${underLoad ? 'loaded' : 'quiet '}  ${(run.tookMs / 1_000).toFixed(1).padStart(6)} s  ${verdict}: ${numbers}`;
  if (run.exitCode === 0) return [line];
  return [
    line,
    ...bad.flatMap((scenario) => [`    ${placeOf(scenario)}`, ...indented(scenario.words)]),
    // Where no scenario tells, the suite itself may have.
    ...(bad.length === 0 ? indented(run.lastWords.trimEnd().split('\n').slice(-LAST_LINES).join('\n')) : []),
    `    again: ${again}`,
  ];
}

function notHeld(scenarios: readonly ScenarioResult[]): readonly ScenarioResult[] {
  return scenarios.filter(({ status }) => status === 'failed' || status === 'unjudged');
}

function placeOf({ uri, line, name }: ScenarioResult): string {
  return `${uri}:${line}  ${name}`;
}

function indented(words: string): readonly string[] {
  return safeText(words, { limit: MESSAGE_CHARACTERS, multiLine: true })
    .split('\n')
    .map((line) => `      ${line}`);
}

/** None of n runs red tells only that red ones are rare: by the rule of three, rarer than 3/n. */
function bound(red: number, all: number): string {
  return red === 0 ? `; at 95 % confidence fewer than ${Math.min(100, 300 / all).toFixed(1)} % are` : '';
}
