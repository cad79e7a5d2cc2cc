import { conformanceOf } from './conformance';
import { conformanceMarkup } from './conformance-markup';
import { linksBeside } from './page-links';
import { readRequirements } from './requirements';
import { runDescription } from './run-description';
import type { RunResult } from './run-result';

/**
 * `reports/conformance.html`: requirement by requirement what was asked, in which words, and what came of it.
 */
export function conformancePage(result: RunResult): string {
  const outcomes = result.scenarios();
  return conformanceMarkup({
    run: runDescription(),
    durationMs: result.durationMs,
    conformance: conformanceOf(readRequirements(), outcomes, result.conclusion()),
    outcomes,
    links: linksBeside('conformance.html'),
  });
}
