import { SuiteError } from '../bytes/errors';
import type { RunContext } from '../process/run-context';
import type { Subject } from './embedded';

let source: ((context: RunContext) => Subject) | undefined;

/**
 * Hands in what is judged in-process in place of the reference vault as it is: one with a defect, or in
 * another shape. The suite itself knows neither: what proves it does.
 * @param make throws SuiteError where there is no such defect
 */
export function provideSubject(make: (context: RunContext) => Subject): void {
  source = make;
}

/**
 * Returns what the run judges in-process; nothing where that is the reference vault as it is.
 * @throws SuiteError where there is no such defect, or nobody provided any
 */
export function subjectFor(context: RunContext): Subject | undefined {
  if (context.defect === undefined && context.shape === undefined) return undefined;
  if (source === undefined)
    throw new SuiteError(
      `Nobody provided the defect ${context.defect}: keep the entry of the defects in cucumber.js.`,
    );
  return source(context);
}
