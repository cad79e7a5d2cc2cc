import type { Duration, Envelope, Timestamp } from '@cucumber/messages';

/** Where the time of one scenario went, in milliseconds. */
export interface ScenarioCost {
  readonly name: string;
  /** In its steps: the vault works, and what the contract makes it wait for passes. */
  readonly stepsMs: number;
  /** In the hook after it: the vault settles, the ledger is judged, the stores are emptied. */
  readonly endMs: number;
  /** Everything else since the scenario before it ended: the hooks before it, and Cucumber itself. */
  readonly aroundMs: number;
}

/** The time that the steps of one wording took, over all scenarios. */
export interface StepCost {
  readonly text: string;
  readonly times: number;
  readonly totalMs: number;
}

interface Course {
  readonly name: string;
  readonly startMs: number;
  stepsMs: number;
  endMs: number;
}

/** Listens to a serial run and notes where the time of each scenario that was judged went. */
export class ScenarioCosts {
  readonly #names = new Map<string, string>();
  readonly #texts = new Map<string, string>();
  readonly #kinds = new Map<string, string | undefined>();
  readonly #endHooks = new Set<string>();
  readonly #steps = new Map<string, { times: number; totalMs: number }>();
  readonly #costs: ScenarioCost[] = [];
  #course: Course | undefined;
  #wasSkipped = false;
  #freeSinceMs: number | undefined;

  hear({ hook, pickle, testCase, testCaseStarted, testCaseFinished, testStepFinished }: Envelope): void {
    if (hook?.type === 'AFTER_TEST_CASE') this.#endHooks.add(hook.id);
    if (pickle !== undefined) {
      this.#names.set(pickle.id, pickle.name);
      for (const { id, text } of pickle.steps) this.#texts.set(id, wordingOf(text));
    }
    if (testCase !== undefined) {
      this.#names.set(testCase.id, this.#names.get(testCase.pickleId) ?? '');
      for (const { id, hookId, pickleStepId } of testCase.testSteps)
        this.#kinds.set(id, hookId ?? pickleStepId);
    }
    if (testCaseStarted !== undefined) {
      const startMs = instantOf(testCaseStarted.timestamp);
      const name = this.#names.get(testCaseStarted.testCaseId) ?? '';
      this.#course = { name, startMs: this.#freeSinceMs ?? startMs, stepsMs: 0, endMs: 0 };
      this.#wasSkipped = false;
    }
    if (testStepFinished !== undefined) {
      const { status, duration } = testStepFinished.testStepResult;
      this.#note(this.#kinds.get(testStepFinished.testStepId) ?? '', lengthOf(duration));
      if (status === 'SKIPPED') this.#wasSkipped = true;
    }
    if (testCaseFinished !== undefined) this.#finish(instantOf(testCaseFinished.timestamp));
  }

  all(): readonly ScenarioCost[] {
    return this.#costs;
  }

  /** By wording, the one that took longest in all first. */
  steps(): readonly StepCost[] {
    return [...this.#steps]
      .map(([text, cost]) => ({ text, ...cost }))
      .sort((one, other) => other.totalMs - one.totalMs);
  }

  #note(kind: string, tookMs: number): void {
    const course = this.#course;
    if (course === undefined) return;
    if (this.#endHooks.has(kind)) course.endMs += tookMs;
    const text = this.#texts.get(kind);
    if (text === undefined) return;
    course.stepsMs += tookMs;
    const { times, totalMs } = this.#steps.get(text) ?? { times: 0, totalMs: 0 };
    this.#steps.set(text, { times: times + 1, totalMs: totalMs + tookMs });
  }

  #finish(atMs: number): void {
    this.#freeSinceMs = atMs;
    const course = this.#course;
    // One that is skipped costs next to nothing, and would make the others look cheap.
    if (course === undefined || this.#wasSkipped) return;
    const { name, startMs, stepsMs, endMs } = course;
    this.#costs.push({ name, stepsMs, endMs, aroundMs: Math.max(0, atMs - startMs - stepsMs - endMs) });
  }
}

/** Milliseconds since 1970. */
function instantOf({ seconds, nanos }: Timestamp): number {
  return seconds * 1_000 + nanos / 1e6;
}

function lengthOf({ seconds, nanos }: Duration): number {
  return seconds * 1_000 + nanos / 1e6;
}

/** Steps that differ in names and numbers only are one wording. */
function wordingOf(text: string): string {
  return text.replaceAll(/"[^"]*"/g, '"…"').replaceAll(/\b\d[\d,.]*\b/g, 'n');
}
