import { type Envelope, TimeConversion } from '@cucumber/messages';
import { Query } from '@cucumber/query';

const { durationToMilliseconds, timestampToMillisecondsSinceEpoch } = TimeConversion;

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

/**
 * Returns where the time of a serial run went: by scenario that was judged, and by wording of a step, longest
 * first.
 */
export function costsOf(envelopes: readonly Envelope[]): {
  readonly scenarios: readonly ScenarioCost[];
  readonly steps: readonly StepCost[];
} {
  const query = new Query();
  for (const envelope of envelopes) query.update(envelope);
  const scenarios: ScenarioCost[] = [];
  const steps = new Map<string, { times: number; totalMs: number }>();
  let freeSinceMs: number | undefined;
  for (const started of query.findAllTestCaseStarted()) {
    const finished = query.findTestCaseFinishedBy(started);
    if (finished === undefined) continue;
    const startMs = freeSinceMs ?? timestampToMillisecondsSinceEpoch(started.timestamp);
    freeSinceMs = timestampToMillisecondsSinceEpoch(finished.timestamp);
    const course = query.findTestStepFinishedAndTestStepBy(started);
    // One that is skipped costs next to nothing, and would make the others look cheap.
    if (course.some(([{ testStepResult }]) => testStepResult.status === 'SKIPPED')) continue;
    let [stepsMs, endMs] = [0, 0];
    for (const [{ testStepResult }, testStep] of course) {
      const tookMs = durationToMilliseconds(testStepResult.duration);
      if (query.findHookBy(testStep)?.type === 'AFTER_TEST_CASE') endMs += tookMs;
      const text = query.findPickleStepBy(testStep)?.text;
      if (text === undefined) continue;
      stepsMs += tookMs;
      const { times, totalMs } = steps.get(wordingOf(text)) ?? { times: 0, totalMs: 0 };
      steps.set(wordingOf(text), { times: times + 1, totalMs: totalMs + tookMs });
    }
    const aroundMs = Math.max(0, freeSinceMs - startMs - stepsMs - endMs);
    scenarios.push({ name: query.findPickleBy(started)?.name ?? '', stepsMs, endMs, aroundMs });
  }
  const longest = [...steps].sort(([, one], [, other]) => other.totalMs - one.totalMs);
  return { scenarios, steps: longest.map(([text, cost]) => ({ text, ...cost })) };
}

/** Steps that differ in names and numbers only are one wording. */
function wordingOf(text: string): string {
  return text.replaceAll(/"[^"]*"/g, '"…"').replaceAll(/\b\d[\d,.]*\b/g, 'n');
}
