import type fc from 'fast-check';
import type { Checker } from './checker';
import type { ProgramRun } from './program-run';

/** One kind of step: what is drawn for each of its steps, and what they do with it. */
export interface StepKind<Drawn = unknown> {
  /** Plain values and buffers, so that a step can be kept in a file. */
  readonly draw: fc.Arbitrary<Drawn>;
  /** Takes one step. Where it does not apply to what happened before, it does nothing and writes nothing. */
  take(drawn: Drawn, run: ProgramRun, checker: Checker): Promise<void> | void;
}

/** One step of a program. */
export interface Step {
  readonly kind: string;
  readonly drawn: unknown;
}

/** Returns a kind of step. */
export function stepKind<Drawn>(draw: fc.Arbitrary<Drawn>, take: StepKind<Drawn>['take']): StepKind<Drawn> {
  return { draw, take };
}
