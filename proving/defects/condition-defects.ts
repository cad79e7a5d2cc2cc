import { readObject } from '../../reference-vault/persistence/object-store';
import { apiWith } from './api-with';
import { breaking, type Defect } from './defect';
import { overwrite, replacing, uploading } from './part-changes';

/** Bugs in what a vault does on a condition: unless it is there, unless it has changed. */
export const conditionDefects: readonly Defect[] = [
  ...breaking('CON-7', {
    'retried-upload-unconditional: stores unless the key has an object, but overwrites when it tries again':
      replacing('objectStore', (real, { s3Client, settings }) => {
        const tried = new Set<string>();
        return {
          put: async (key, bytes, signal) => {
            if (!tried.has(key)) {
              tried.add(key);
              return await real.put(key, bytes, signal);
            }
            await overwrite({ s3Client, settings }, key, bytes);
            return 'stored';
          },
        };
      }),
  }),
  ...breaking('CON-6', {
    'unread-object-trusted: takes an object that it cannot read for the one it was about to store': uploading(
      async (real, key, bytes, signal) => {
        const outcome = await real.put(key, bytes, signal);
        if (outcome === 'stored') return outcome;
        return await readObject(real, key, signal).then(
          () => outcome,
          () => 'stored' as const,
        );
      },
    ),
  }),
  ...breaking('CON-2', {
    'not-modified-without-a-look: answers 304 from metadata, and does not look for the object': apiWith(
      (app) => {
        const tagOf = (logId: string): string => `"${logId}"`;
        app.addHook('onRequest', async (request, reply) => {
          const { logId } = request.params as { readonly logId?: string };
          if (logId === undefined) return undefined;
          const isKnown = request.headers['if-none-match'] === tagOf(logId);
          return isKnown ? await reply.code(304).send() : void reply.header('etag', tagOf(logId));
        });
      },
    ),
  }),
];
