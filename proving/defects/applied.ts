import type { Made } from '../../reference-vault/parts';
import { assembleVault } from '../../reference-vault/vault';
import type { Subject } from '../../support/environments/embedded';
import type { RunContext } from '../../support/process/run-context';
import { CONTRACT_PROFILE } from '../../support/profile/profile';
import { alterationNamed } from './catalogue';
import type { Replacements } from './change';
import { readShape } from './shape/shape';
import { ShapedVault } from './shape/shaped-vault';

/**
 * Returns the reference vault with a defect, in the shape of a profile; as it is where neither is named.
 * @param onReached called once, when a part that the defect replaces is used
 * @throws SuiteError when there is no such defect, or no such profile
 */
export function subjectOf(
  { defect, shape: file }: Pick<RunContext, 'defect' | 'shape'>,
  onReached?: () => void,
): Subject {
  const replacements = defect === undefined ? {} : appliedReplacements(defect, onReached);
  if (file === undefined) {
    return { profile: CONTRACT_PROFILE, assemble: (made) => assembleVault(made, replacements) };
  }
  const shape = readShape(file);
  return { profile: shape.profile, assemble: (made) => new ShapedVault(shape, made, replacements) };
}

/**
 * Returns what a named defect or variation puts into a vault, so made that the first use of any replaced part
 * is noted: one that was never used proves nothing.
 * @param onReached called once
 * @throws SuiteError when there is no such defect or variation
 */
function appliedReplacements(name: string, onReached: () => void = noteReached): Replacements {
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
