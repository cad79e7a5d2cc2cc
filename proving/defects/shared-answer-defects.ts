import type { SearchAnswer } from '../../reference-vault/retrieval/search';
import type { Defect } from './defect';
import { replacing } from './part-changes';

type Test = Promise<{ readonly latencyMs: number }>;

/** Bugs in answers that are given to more than the one who asked. */
export const sharedAnswerDefects: readonly Defect[] = [
  {
    name: 'searches-at-once-share-a-page',
    sentence: 'has searches at the same time share one query, and forgets that their offsets differ',
    requirement: 'API-31',
    replacements: replacing('search', (real) => {
      const running = new Map<number, Promise<SearchAnswer>>();
      return {
        page: async (request) => {
          const page = running.get(request.limit) ?? real.page(request);
          running.set(request.limit, page);
          return await page.finally(() => running.delete(request.limit));
        },
      };
    }),
  },
  {
    name: 'connection-tests-at-once-share-an-answer',
    sentence: 'asks the provider once for tests at the same time, whatever keys they try',
    requirement: 'API-41',
    replacements: replacing('connectionTest', (real) => {
      let running: Test | undefined;
      return {
        run: async (apiKey) => {
          running ??= real.run(apiKey).finally(() => {
            running = undefined;
          });
          return await running;
        },
      };
    }),
  },
];
