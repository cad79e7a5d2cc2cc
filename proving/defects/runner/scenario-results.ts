import { brokenBy } from '../../../support/reporting/broken-requirements';
import type { RunResult } from '../../../support/reporting/run-result';
import type { ScenarioOutcome } from '../../../support/reporting/scenario-outcome';
import type { ScenarioResult } from './trial';

/** How each scenario of a run ended, as a trial notes it. */
export function scenarioResultsOf(result: RunResult): readonly ScenarioResult[] {
  return result.scenarios().map((outcome) => ({
    uri: outcome.feature.uri,
    line: outcome.line,
    name: outcome.name,
    tags: outcome.tags.map((tag) => tag.slice(1)),
    broke: brokenBy(outcome),
    ...endOf(outcome),
  }));
}

/**
 * The first step that did not pass tells; one that failed, if the suite itself, outweighs what could not be
 * judged.
 */
function endOf({ status, steps, skippedBecause }: ScenarioOutcome): Pick<ScenarioResult, 'status' | 'words'> {
  const failed = steps.find(({ detail }) => detail === 'failed');
  if (failed !== undefined) return { status: 'failed', words: failed.failure?.words ?? '' };
  const error = steps.find((step) => step.status === 'error');
  if (error !== undefined) return { status: 'unjudged', words: error.failure?.words ?? '' };
  if (status === 'skipped' || status === 'not-run') return { status: 'skipped', words: skippedBecause ?? '' };
  return { status: status === 'passed' ? 'passed' : 'unjudged', words: '' };
}
