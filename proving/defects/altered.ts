/**
 * A part that does as `real` does, but for what `changes` does instead. Methods run on the real part, so that
 * its private members stay within reach.
 */
export function altered<Part extends object>(real: Part, changes: Partial<Part>): Part {
  return new Proxy(real, {
    get: (target, name) => {
      const own: unknown = Reflect.get(changes, name);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
