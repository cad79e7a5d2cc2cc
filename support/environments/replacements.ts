import { SuiteError } from '../bytes/errors';
import type { RunContext } from '../process/run-context';
import type { Replacements } from './embedded';

let source: ((defect: string) => Replacements) | undefined;

/**
 * Hands in what makes the embedded vault faulty, by the name of a defect. The suite itself knows no defects:
 * what proves it does.
 * @param makeReplacements throws SuiteError where there is no such defect
 */
export function provideReplacements(makeReplacements: (defect: string) => Replacements): void {
  source = makeReplacements;
}

/**
 * Returns the parts that the run's defect replaces, none where the run has no defect.
 * @throws SuiteError where there is no such defect, or nobody provided any
 */
export function replacementsFor({ defect }: RunContext): Replacements {
  if (defect === undefined) return {};
  if (source === undefined)
    throw new SuiteError(
      `Nobody provided the defect ${defect}: keep the entry of the defects in cucumber.js.`,
    );
  return source(defect);
}
