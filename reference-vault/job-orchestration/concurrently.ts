/** The outcome of the items: the results so far, and the first failure if there was one. */
export interface Outcome<R> {
  readonly results: readonly R[];
  readonly failure: { readonly error: unknown } | undefined;
}

/**
 * Runs the work for all items, at most `limit` at a time. After a failure nothing new begins, but what has
 * begun is awaited: when the promise resolves, none of it runs any more. Results are in no particular order.
 */
export async function concurrently<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<Outcome<R>> {
  const results: R[] = [];
  let failure: { readonly error: unknown } | undefined;
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      if (failure !== undefined) return;
      try {
        results.push(await work(item));
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return { results, failure };
}
