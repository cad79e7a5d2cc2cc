import type { PartFactories } from '../../reference-vault/parts';

/** A change to the reference vault: other factories for some of its parts. */
export interface Alteration {
  /** Lower-case words joined by hyphens. */
  readonly name: string;
  /** The words of a reviewer: `retries an upload with an already consumed body`. */
  readonly sentence: string;
  /** The part, or for a variation the parts, that it replaces. */
  readonly replacements: Partial<PartFactories>;
}

/** A bug that a vault may really have, put into the reference vault in place of exactly one of its parts. */
export interface Defect extends Alteration {
  /** The requirement it breaks: a scenario that carries this id has to go red. */
  readonly requirement: string;
  /** Set when only a vault that is a process of its own can show it (`@restart` scenarios). */
  readonly needsProcess?: true;
  /**
   * Set for the few that `npm test` tries (`--smoke`): between them they touch every area of the
   * requirements.
   */
  readonly smoke?: true;
}

/**
 * Something that a right vault may do otherwise than the reference vault: the suite has to stay green on it.
 * The sentence says what it does, and which words of the contract allow it.
 */
export type Variation = Alteration;

/**
 * A defect that only a vault shows which is a process of its own: one that can be killed, stopped and
 * started.
 */
export function ofProcess(
  name: string,
  sentence: string,
  requirement: string,
  replacements: Partial<PartFactories>,
): Defect {
  return { name, sentence, requirement, replacements, needsProcess: true };
}
