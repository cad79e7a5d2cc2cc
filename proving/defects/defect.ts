import { type Change, type Replacements, replacementsOf } from './change';

/** A change to the reference vault. */
export interface Alteration {
  /** Lower-case words joined by hyphens. */
  readonly name: string;
  /** The words of a reviewer: `retries an upload with an already consumed body`. */
  readonly sentence: string;
  /** The part, or for a variation the parts, that it replaces. */
  readonly replacements: Replacements;
}

/** A bug that a vault may really have, put into the reference vault in place of exactly one of its parts. */
export interface Defect extends Alteration {
  /** The requirement it breaks: a scenario that carries this id has to go red. */
  readonly requirement: string;
  /** Set when only a vault that is a process of its own can show it (`@restart` scenarios). */
  readonly needsProcess?: true;
}

/**
 * Something that a right vault may do otherwise than the reference vault: the suite has to stay green on it.
 * The sentence says what it does, and which words of the contract allow it.
 */
export type Variation = Alteration;

/** Changes by `name: sentence`. */
type Table = Readonly<Record<`${string}: ${string}`, Change>>;

/** Returns an alteration for each row of a table. */
export function alterations(table: Table): readonly Alteration[] {
  return Object.entries(table).map(([words, change]) => {
    const at = words.indexOf(': ');
    return { name: words.slice(0, at), sentence: words.slice(at + 2), replacements: replacementsOf(change) };
  });
}

/** Returns a defect of one requirement for each row of a table. */
export function breaking(requirement: string, table: Table): readonly Defect[] {
  return alterations(table).map((alteration) => ({ ...alteration, requirement }));
}

/** The same defect as one that only a vault shows which can be killed, stopped and started. */
export function ofProcess(defect: Defect): Defect {
  return { ...defect, needsProcess: true };
}
