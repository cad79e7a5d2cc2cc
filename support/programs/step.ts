import type fc from 'fast-check';
import type { Checker } from './checker';
import { type Interesting, interestingIn } from './coverage';
import type { ProgramRun } from './program-run';

/** One kind of step: what is drawn for each of its steps, and what they do with it. */
export interface StepKind<Drawn = unknown> {
  /** Plain values and buffers, so that a step can be kept in a file. */
  readonly draw: fc.Arbitrary<Drawn>;
  /** The names of what is interesting among what is drawn: the end of a run says which of it was never met. */
  readonly interesting: readonly string[];
  /** Takes one step. Where it does not apply to what happened before, it does nothing and writes nothing. */
  take(drawn: Drawn, run: ProgramRun, checker: Checker): Promise<void> | void;
  /** Returns the names of what is interesting in a draw. */
  interestingIn(drawn: Drawn): readonly string[];
}

/** One step of a program. */
export interface Step {
  readonly kind: string;
  readonly drawn: unknown;
}

/**
 * Returns a kind of step.
 * @param interesting by name, when a draw is an example of what a run should have met (`npm run explore -- --coverage`)
 */
export function stepKind<Drawn>(
  draw: fc.Arbitrary<Drawn>,
  take: StepKind<Drawn>['take'],
  interesting: Interesting<Drawn> = {},
): StepKind<Drawn> {
  return {
    draw,
    take,
    interesting: Object.keys(interesting),
    interestingIn: (drawn) => interestingIn(interesting, drawn),
  };
}
