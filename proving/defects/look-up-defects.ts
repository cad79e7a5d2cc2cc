import { apiWith } from './api-with';
import { breaking, type Defect } from './defect';

/** Matches the ids that a pattern can be made of; the others go the usual way. */
const PATTERN = /^[\w.*]+$/;

/** Bugs in what a vault makes of an id or a path that it does not know, and in when it says to ask again. */
export const lookUpDefects: readonly Defect[] = [
  ...breaking('API-53', {
    'log-found-by-the-beginning-of-its-id: looks a log up by a pattern made of the id': {
      'logRepository.find': async ({ real, metadataStore }, logId) =>
        PATTERN.test(logId)
          ? await metadataStore.run(async ({ logs }) => byPattern(logId, await logs.find({}).toArray()))
          : await real.find(logId),
    },
  }),
  ...breaking('API-19', {
    'job-found-by-a-pattern: looks a job up by a pattern made of the id': {
      'jobRepository.find': async ({ real, metadataStore }, jobId) =>
        PATTERN.test(jobId)
          ? await metadataStore.run(async ({ jobs }) => byPattern(jobId, await jobs.find({}).toArray()))
          : await real.find(jobId),
    },
  }),
  ...breaking('API-51', {
    'unknown-post-answered-500: has an answer for unknown paths, but expects no body there': apiWith(
      (app) => {
        app.addHook('onSend', async ({ method }, reply, payload) => {
          if (method === 'POST' && reply.statusCode === 404) reply.code(500);
          return payload;
        });
      },
    ),
  }),
  ...breaking('RES-6', {
    'retry-after-that-says-no-time: says "soon" in Retry-After': apiWith((app) => {
      app.addHook('onSend', async (_request, reply, payload) => {
        if (reply.hasHeader('retry-after')) reply.header('retry-after', 'soon');
        return payload;
      });
    }),
  }),
];

/** The first that a pattern made of the id finds. */
function byPattern<T extends { readonly _id: string }>(id: string, all: readonly T[]): T | undefined {
  return all.find(({ _id }) => new RegExp(`^${id}`).test(_id));
}
