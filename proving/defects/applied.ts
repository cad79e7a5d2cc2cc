import type { Made } from '../../reference-vault/parts';
import { alterationNamed } from './catalogue';
import type { Replacements } from './change';

/**
 * Returns what a named defect or variation puts into a vault, so made that the first use of any replaced part
 * is noted: one that was never used proves nothing.
 * @param onReached called once
 * @throws SuiteError when there is no such defect or variation
 */
export function appliedReplacements(name: string, onReached: () => void = noteReached): Replacements {
  let told = false;
  const tell = (): void => {
    if (told) return;
    told = true;
    onReached();
  };
  return Object.fromEntries(
    Object.entries(alterationNamed(name).replacements).map(([part, make]) => [
      part,
      (made: Made) => watched(make(made) as object, tell),
    ]),
  );
}

let reached = false;

/** Tells whether a vault of this process used a replaced part since the last call. */
export function takeReached(): boolean {
  const before = reached;
  reached = false;
  return before;
}

function noteReached(): void {
  reached = true;
}

/**
 * The part itself, but for telling of its use; methods run on the part, so that its private members stay
 * within reach.
 */
function watched(part: object, tell: () => void): object {
  return new Proxy(part, {
    apply: (target, self, args) => {
      tell();
      return Reflect.apply(target as (...args: unknown[]) => unknown, self, args);
    },
    get: (target, member) => {
      const value: unknown = Reflect.get(target, member);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        tell();
        return Reflect.apply(value, target, args);
      };
    },
  });
}
