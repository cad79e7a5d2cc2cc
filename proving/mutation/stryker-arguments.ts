/**
 * Returns the arguments for Stryker: options as they are, and files or folders of the reference vault as what
 * is to be mutated, instead of all. `reference-vault/retrieval` stands for its source files.
 */
export function strykerArguments(args: readonly string[]): string[] {
  const firstOption = args.findIndex((argument) => argument.startsWith('-'));
  const paths = firstOption === -1 ? args : args.slice(0, firstOption);
  const options = firstOption === -1 ? [] : args.slice(firstOption);
  if (paths.length === 0) return [...options];
  const sources = paths.map((path) => (/\.ts(:|$)/.test(path) ? path : `${path.replace(/\/$/, '')}/**/*.ts`));
  return [...options, '--mutate', [...sources, '!**/*.test.ts'].join(',')];
}
