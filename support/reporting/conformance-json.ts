import { conformanceOf } from './conformance';
import { readRequirements } from './requirements';
import { runDescription } from './run-description';
import type { RunResult } from './run-result';

/** `reports/conformance.json`: the verdict on the vault and on each requirement, for a CI to gate on. */
export function conformanceJson(result: RunResult): string {
  const conformance = conformanceOf(readRequirements(), result.scenarios(), result.conclusion());
  const { verdict, reason, knownThatHold, requirements } = conformance;
  const { report: _report, ...run } = runDescription();
  return `${JSON.stringify({ verdict, reason, knownThatHold, run, requirements }, null, 2)}\n`;
}
