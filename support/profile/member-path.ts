/** Returns what lies at a path such as `source.event`; `undefined` where nothing does. */
export function memberAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((within, name) => {
    if (typeof within !== 'object' || within === null) return undefined;
    return Object.hasOwn(within, name) ? (within as Readonly<Record<string, unknown>>)[name] : undefined;
  }, value);
}

/** Puts a value into an object at a path such as `paging.next`. */
export function place(whole: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split('.');
  let within = whole;
  for (const name of names.slice(0, -1)) {
    within[name] ??= {};
    within = within[name] as Record<string, unknown>;
  }
  within[names.at(-1) ?? ''] = value;
}
