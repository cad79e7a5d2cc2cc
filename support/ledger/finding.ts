import type { BrokenPromise } from './promises';

/** Something seen wrong, with the requirement that it breaks. */
export interface Finding {
  /** For people; one line, unless it quotes what a vault wrote. */
  readonly words: string;
  /** The requirement it breaks; where none can be named it is held against what the scenario is about. */
  readonly requirement?: BrokenPromise;
}

/** A finding as a failure quotes it: the requirement that it breaks stands at the end. */
export function findingText({ words, requirement }: Finding): string {
  return requirement === undefined ? words : `${words} [${requirement}]`;
}
