import type { SearchAnswer } from '../../reference-vault/retrieval/search';
import { breaking, type Defect } from './defect';
import { replacing } from './part-changes';

type Test = Promise<{ readonly latencyMs: number }>;

/** Bugs in answers that are given to more than the one who asked. */
export const sharedAnswerDefects: readonly Defect[] = [
  ...breaking('API-31', {
    'searches-at-once-share-a-page: has searches at the same time share one query, whatever their offsets':
      replacing('search', (real) => {
        const running = new Map<number, Promise<SearchAnswer>>();
        return {
          page: async (request) => {
            const page = running.get(request.limit) ?? real.page(request);
            running.set(request.limit, page);
            return await page.finally(() => running.delete(request.limit));
          },
        };
      }),
  }),
  ...breaking('API-41', {
    'connection-tests-at-once-share-an-answer: asks once for tests at the same time, whatever keys they try':
      replacing('connectionTest', (real) => {
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
  }),
];
