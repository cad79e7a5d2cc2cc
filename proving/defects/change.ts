import { defaultParts, type Made, type PartFactories, type VaultParts } from '../../reference-vault/parts';
import { altered } from './altered';

/** Other factories for some of the parts of the reference vault. */
export type Replacements = Partial<PartFactories>;

/**
 * A change as a table writes it: `part` with another factory, or `part.method` with what is done in its
 * place.
 */
export type Change = Replacements & { readonly [Path in PathOf<keyof VaultParts>]?: Act<Path> };

type PathOf<Name extends keyof VaultParts> = Name extends keyof VaultParts
  ? `${Name}.${keyof VaultParts[Name] & string}`
  : never;

/** Is given the real part beside the others of the vault, and what the method is given. */
type Act<Path> = Path extends `${infer Name extends keyof VaultParts}.${infer Key}`
  ? Key extends keyof VaultParts[Name]
    ? VaultParts[Name][Key] extends (...args: infer Args) => infer Result
      ? (given: Made & { readonly real: VaultParts[Name] }, ...args: Args) => Result
      : never
    : never
  : never;

type AnyAct = (given: object, ...args: readonly unknown[]) => unknown;

/** Returns the replacements that a change comes to. */
export function replacementsOf(change: Change): Replacements {
  const replacements: Record<string, unknown> = {};
  const acts = new Map<keyof VaultParts, Record<string, AnyAct>>();
  for (const [path, value] of Object.entries(change)) {
    const [part = path, method] = path.split('.');
    if (method === undefined) replacements[part] = value;
    else {
      const name = part as keyof VaultParts;
      acts.set(name, { ...acts.get(name), [method]: value as AnyAct });
    }
  }
  for (const [name, methods] of acts) replacements[name] = actingBy(name, methods);
  return replacements;
}

function actingBy(name: keyof VaultParts, methods: Readonly<Record<string, AnyAct>>): (made: Made) => object {
  return (made) => {
    const real: object = defaultParts[name](made);
    const changes = Object.entries(methods).map(([method, act]) => [
      method,
      (...args: readonly unknown[]) => act({ ...made, real }, ...args),
    ]);
    return altered(real, Object.fromEntries(changes) as object);
  };
}
