import type { PartFactories } from '../../reference-vault/parts';

/** A bug that a vault may really have, put into the reference vault in place of exactly one of its parts. */
export interface Defect {
  /** Lower-case words joined by hyphens. */
  readonly name: string;
  /** What a reviewer would write: `retries an upload with an already consumed body`. */
  readonly sentence: string;
  /** The requirement it breaks: a scenario that carries this id has to go red. */
  readonly requirement: string;
  /** The one part it replaces. */
  readonly replacements: Partial<PartFactories>;
  /** Set when only a vault that is a process of its own can show it (`@restart` scenarios). */
  readonly needsProcess?: true;
}
