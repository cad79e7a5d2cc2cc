import { SuiteError } from '../bytes/errors';
import type { Round } from './program';
import type { Outcome } from './run-round';

/** A round, and what came of it. */
export interface Tried {
  readonly round: Round;
  readonly outcome: Outcome;
}

/**
 * Looks for a shorter round that breaks a promise too: one program alone, then without some of its steps.
 * @param isOver asked before each try whether the time is over
 * @returns the shortest that was found in the time
 */
export async function shortened(
  failed: Tried,
  run: (round: Round) => Promise<Outcome>,
  isOver: () => boolean,
): Promise<Tried> {
  let shortest = failed;
  const breaks = async (programs: Round['programs']): Promise<boolean> => {
    if (isOver()) return false;
    const round = { ...failed.round, programs };
    try {
      const outcome = await run(round);
      if (outcome.findings.length === 0) return false;
      shortest = { round, outcome };
      return true;
    } catch (error) {
      // What the suite failed at while it looked does not undo what was found.
      if (error instanceof SuiteError) return false;
      throw error;
    }
  };
  const { programs } = failed.round;
  for (const program of programs.length > 1 ? programs : []) if (await breaks([program])) break;
  // A race of several programs is told as it came.
  let [steps = []] = shortest.round.programs;
  if (shortest.round.programs.length > 1) return shortest;
  for (let size = steps.length >> 1; size > 0; size >>= 1) {
    // Without its first step a program has nothing to be about.
    for (let at = steps.length - size; at > 0; at -= size) {
      const fewer = [...steps.slice(0, at), ...steps.slice(at + size)];
      if (await breaks([fewer])) steps = fewer;
    }
  }
  return shortest;
}
