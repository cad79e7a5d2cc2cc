import type { Checker } from './checker';
import type { ProgramRun } from './program-run';

/** One step of a program. Where it does not apply to what happened before, it does nothing and writes nothing. */
export type Step = (run: ProgramRun, checker: Checker) => Promise<void> | void;
