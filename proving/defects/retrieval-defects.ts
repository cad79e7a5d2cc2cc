import { LogUnknown } from '../../reference-vault/retrieval/raw-retrieval';
import { apiServerWith, apiWith } from './api-with';
import { breaking, type Defect } from './defect';
import { opening, replacing, rescued } from './part-changes';

/** The paths that the contract names (section 1). */
const NAMED_PATHS = [
  '/v1/logs/:logId/raw',
  '/v1/logs',
  '/v1/jobs/:jobId',
  '/v1/ingest',
  '/v1/providers/validate',
] as const;

/** Bugs in what a raw log is said to be, and in what is there beside it. */
export const retrievalDefects: readonly Defect[] = [
  ...breaking('API-50', {
    'raw-log-declared-as-bytes: declares raw logs as application/octet-stream, for their bytes are opaque':
      apiWith((app) => {
        app.addHook('onSend', async (request, reply, payload) => {
          if (request.url.endsWith('/raw') && reply.statusCode === 200)
            reply.header('content-type', 'application/octet-stream');
          return payload;
        });
      }),
  }),
  ...breaking('API-2', {
    'unknown-log-remembered: remembers for a while which logs there are not': replacing(
      'rawRetrieval',
      (real) => {
        const unknown = new Set<string>();
        return {
          open: async (logId, signal) => {
            if (unknown.has(logId)) throw new LogUnknown('There is no such log.');
            return await rescued(
              real.open(logId, signal),
              (error) => error instanceof LogUnknown,
              (error) => {
                unknown.add(logId);
                throw error;
              },
            );
          },
        };
      },
    ),
  }),
  ...breaking('API-51', {
    'unknown-path-answered-200: serves its user interface for every path that it does not know': apiWith(
      (app) => {
        app.get('/v1/*', async (_request, reply) =>
          reply.type('text/html').send('<!doctype html><title>Vault</title>'),
        );
      },
    ),
    'unknown-path-answered-500: fails on paths that it does not know': apiWith((app) => {
      app.get('/v1/*', async () => {
        throw new Error('no handler');
      });
    }),
  }),
  ...breaking('API-52', {
    'raw-log-deletable: has a way to delete a log, meant for tests': {
      apiServer: (made) =>
        apiServerWith(made, (app) => {
          app.delete<{ Params: { logId: string } }>('/v1/logs/:logId/raw', async ({ params }, reply) => {
            await made.metadataStore.run(({ logs }) => logs.deleteOne({ _id: params.logId }));
            return reply.code(204).send();
          });
        }),
    },
    'raw-log-replaceable: has a way to store other bytes of a log, meant for repairs': {
      apiServer: (made) =>
        apiServerWith(made, (app) => {
          app.put<{ Params: { logId: string } }>('/v1/logs/:logId/raw', async ({ params, body }, reply) => {
            const log = await made.logRepository.find(params.logId);
            if (log === undefined) return reply.code(404).send({ error: 'There is no such log.' });
            const bytes = Buffer.from(JSON.stringify(body));
            await made.objectStore.put(log.object.key, bytes, AbortSignal.timeout(5_000));
            return reply.code(204).send();
          });
        }),
    },
    'delete-answered-204: answers that it has deleted what nobody can delete': apiWith((app) => {
      for (const path of NAMED_PATHS) app.delete(path, async (_request, reply) => reply.code(204).send());
    }),
  }),
  ...breaking('API-53', {
    'odd-id-answered-500: fails on an id that is not written as its own are': opening(
      async (real, logId, signal) => {
        if (!/^log_[0-9a-f]{24}$/.test(logId)) throw new TypeError(`no id: ${logId}`);
        return await real.open(logId, signal);
      },
    ),
    'id-read-as-a-query: reads an id that is JSON, and hands it to MongoDB as a condition': {
      'logRepository.find': async ({ metadataStore }, logId) =>
        (await metadataStore.run(({ logs }) => logs.findOne({ _id: conditionIn(logId) }))) ?? undefined,
    },
  }),
];

/** Returns what a JSON reader makes of an id; the id itself where it is none. */
function conditionIn(logId: string): string {
  try {
    return JSON.parse(logId) as string;
  } catch {
    return logId;
  }
}
