import type { Query } from '@cucumber/query';
import { PROMISES } from '../../support/ledger/promises';
import { requirementIdsOf } from '../../support/reporting/requirements';
import { STEP_PROMISES } from '../../support/reporting/step-promises';

/** What the end of any scenario finds broken, no step has to name. */
const FOUND_AT_THE_END: ReadonlySet<string> = new Set(Object.values(PROMISES));

/**
 * Everything in which the table of what steps promise does not fit the features, in sentences: a step that
 * does not exist, a requirement that no scenario of the step carries, and one that a scenario carries beside
 * others while none of its steps could ever be charged with it.
 */
export function stepPromiseProblems(
  messages: Query,
  table: Readonly<Record<string, readonly string[]>> = STEP_PROMISES,
): readonly string[] {
  const testSteps = new Map(messages.findAllTestSteps().map((step) => [step.pickleStepId, step]));
  const problems: string[] = [];
  const carried = new Map<string, Set<string>>();
  for (const pickle of messages.findAllPickles()) {
    const ids = requirementIdsOf(pickle.tags.map(({ name }) => name));
    const told = pickle.steps.map(({ id, type }) => {
      const step = testSteps.get(id);
      const [definition] = step === undefined ? [] : messages.findStepDefinitionsBy(step);
      const pattern = definition?.pattern.source ?? '';
      carried.set(pattern, new Set([...(carried.get(pattern) ?? []), ...ids]));
      return {
        isOutcome: type === 'Outcome',
        named: ids.filter((one) => table[pattern]?.includes(one)),
      };
    });
    // A step that names none of them is charged with all.
    const verdicts = told.filter(({ isOutcome }) => isOutcome);
    if (ids.length < 2 || verdicts.some(({ named }) => named.length === 0)) continue;
    const named = told.flatMap((one) => one.named);
    for (const id of ids.filter((one) => !named.includes(one) && !FOUND_AT_THE_END.has(one))) {
      problems.push(`"${pickle.name}" (${pickle.uri}) carries ${id}, which none of its steps names.`);
    }
  }
  for (const [pattern, ids] of Object.entries(table)) {
    const known = carried.get(pattern);
    if (known === undefined) problems.push(`No scenario has a step "${pattern}", which the table names.`);
    for (const id of ids.filter((one) => known?.has(one) === false)) {
      problems.push(`No scenario of ${id} has the step "${pattern}", which names it.`);
    }
  }
  return [...new Set(problems)];
}
