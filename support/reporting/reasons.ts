import { safeText } from '../bytes/safe-text';
import type { OutcomeStatus, ScenarioOutcome } from './scenario-outcome';

/** Scenarios that went wrong for the same reason. */
export interface SharedReason<Scenario> {
  readonly status: OutcomeStatus;
  readonly reason: string;
  readonly scenarios: readonly Scenario[];
}

/** More of a list nobody shows on one line. */
const EXAMINED = 2_000;
/** Ids of jobs, logs and objects: each run and each scenario has others. */
const ID = /\b(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{12,}/gi;
const ELIDED = '…';
/** So much of the end of a long reason is shown, in characters. */
const END = 60;

/** Returns in one line what went wrong in a scenario; empty where nothing did. */
export function reasonOf({ steps, status, skippedBecause }: ScenarioOutcome): string {
  if (status === 'not-run') return skippedBecause ?? '';
  const step =
    steps.find(({ status }) => status === 'failed') ?? steps.find(({ status }) => status === 'error');
  if (step === undefined) return '';
  return firstSentence(step.failure?.words ?? `A step is ${step.detail}: ${step.text}`);
}

/** Returns the first line of these words, and where it only announces a list, what it announces. */
function firstSentence(words: string): string {
  const text = words.trimStart();
  const end = text.indexOf('\n');
  const first = (end < 0 ? text : text.slice(0, end)).trimEnd();
  if (!first.endsWith(':')) return first;
  return text
    .slice(0, EXAMINED)
    .split('\n')
    .map((line) => line.trim())
    .join(' ');
}

/** Returns a reason as a page shows it: printable, and of a long one its beginning and its end. */
export function shownReason(reason: string, limit: number): string {
  if (reason.length <= limit) return safeText(reason, { limit });
  // What was expected stands at the end, behind what was quoted.
  return `${safeText(reason.slice(0, limit - END))} … ${safeText(reason.slice(-END))}`;
}

/**
 * Groups scenarios whose reasons differ in nothing but ids, which are left out then; in the order of the
 * first of each.
 */
export function byReason<Scenario extends { readonly status: OutcomeStatus }>(
  scenarios: readonly Scenario[],
  reasonFor: (scenario: Scenario) => string,
): readonly SharedReason<Scenario>[] {
  const groups = new Map<string, SharedReason<Scenario>>();
  for (const scenario of scenarios) {
    const { status } = scenario;
    const reason = reasonFor(scenario);
    const common = reason.replace(ID, ELIDED);
    const key = `${status} ${common}`;
    const known = groups.get(key);
    groups.set(
      key,
      known === undefined
        ? { status, reason, scenarios: [scenario] }
        : {
            status,
            reason: known.reason === reason ? reason : common,
            scenarios: [...known.scenarios, scenario],
          },
    );
  }
  return [...groups.values()];
}
