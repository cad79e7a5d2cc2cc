import type { BrokenPromise } from './promises';

/** Something that a scenario's end finds wrong. */
export interface Problem {
  /** For people; one line, unless it quotes what a vault wrote. */
  readonly words: string;
  /** The requirement it breaks; where none can be named it is held against what the scenario is about. */
  readonly requirement?: BrokenPromise;
}

/** A problem as a failure quotes it: the requirement that it breaks stands at the end. */
export function problemText({ words, requirement }: Problem): string {
  return requirement === undefined ? words : `${words} [${requirement}]`;
}
