import { PLAIN_ROUND, type Round } from './program';
import type { Outcome } from './run-round';

/** A round, and what came of it. */
export interface Tried {
  readonly round: Round;
  readonly outcome: Outcome;
}

/**
 * Looks for a shorter round that breaks a promise too: one program alone, then without some of its steps, and at
 * last with nothing unusual about listings, settings and vaults.
 * @param isOver asked before each try whether the time is over
 * @returns the shortest that was found in the time
 */
export async function shortened(
  failed: Tried,
  run: (round: Round) => Promise<Outcome>,
  isOver: () => boolean,
): Promise<Tried> {
  let shortest = failed;
  const breaks = async (change: Partial<Round>): Promise<boolean> => {
    if (isOver()) return false;
    const round = { ...shortest.round, ...change };
    try {
      const outcome = await run(round);
      if (outcome.findings.length === 0) return false;
      shortest = { round, outcome };
      return true;
    } catch {
      // What the suite failed at while it looked does not undo what was found.
      return false;
    }
  };
  const { programs } = failed.round;
  for (const program of programs.length > 1 ? programs : []) if (await breaks({ programs: [program] })) break;
  // The steps of a race of several programs are told as they came.
  const isRace = shortest.round.programs.length > 1;
  let steps = isRace ? [] : (shortest.round.programs[0] ?? []);
  for (let size = steps.length >> 1; size > 0; size >>= 1) {
    // Without its first step a program has nothing to be about.
    for (let at = steps.length - size; at > 0; at -= size) {
      const fewer = [...steps.slice(0, at), ...steps.slice(at + size)];
      if (await breaks({ programs: [fewer] })) steps = fewer;
    }
  }
  for (const unusual of ['listing', 'settings', 'vaults'] as const) {
    const plain = PLAIN_ROUND[unusual];
    const isPlain = JSON.stringify(shortest.round[unusual]) === JSON.stringify(plain);
    if (!isPlain) await breaks({ [unusual]: plain });
  }
  return shortest;
}
