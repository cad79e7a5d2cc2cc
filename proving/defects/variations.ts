import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { renderError } from '../../reference-vault/ingestion-api/error-rendering';
import type { JobAnswer } from '../../reference-vault/ingestion-api/job-status';
import type { LogDocument } from '../../reference-vault/persistence/documents';
import { exponentialWait } from '../../reference-vault/persistence/retry-policy';
import { parseInstant } from '../../reference-vault/timestamps';
import { apiServerWith, apiWith } from './api-with';
import type { Change } from './change';
import { alterations, type Variation } from './defect';
import { allOf, bodyOf, opening, rendering, replacing, uploading, waitingBy } from './part-changes';
import { EagerPipeline, jobsLaidOutOtherwise, oneAtATime, slowedBy, writeTitleCase } from './variation-parts';

/**
 * Everything that a right vault is known to do otherwise than the reference vault: the suite has to be green
 * on each.
 */
export const variations: readonly Variation[] = alterations({
  'jitter-none: waits exactly the nominal time before each retry': waitingBy((failures, fault, baseMs) =>
    Math.max(baseMs * 2 ** (failures - 1), asked(failures, fault, baseMs)),
  ),
  'jitter-equal: draws each wait between half of the nominal time and all of it': waitingBy(
    (failures, fault, baseMs) =>
      Math.max(baseMs * 2 ** (failures - 1) * (0.5 + Math.random() / 2), asked(failures, fault, baseMs)),
  ),
  'jitter-upwards: draws each wait between the nominal time and three times that': waitingBy(
    (failures, fault, baseMs) =>
      Math.max(baseMs * 2 ** (failures - 1) * (1 + 2 * Math.random()), asked(failures, fault, baseMs)),
  ),
  'answers-with-more-members: says more than the contract names in every answer': apiWith((app) =>
    app.addHook('preSerialization', async (_request, _reply, payload) =>
      typeof payload === 'object' && payload !== null
        ? { api: { version: 2 }, links: [], ...payload, request_id: 'a1b2c3' }
        : payload,
    ),
  ),
  'documents-with-more-members: keeps more than the contract names in the metadata of a log': {
    'logRepository.add': async ({ real }, records) =>
      await real.add(
        records.map(
          (record) =>
            ({
              ...record,
              ingested_at: new Date(),
              labels: ['raw'],
              schema: { version: 3 },
            }) as LogDocument,
        ),
      ),
  },
  'jobs-laid-out-otherwise: keeps jobs in documents of another layout': jobsLaidOutOtherwise(),
  'header-names-in-title-case: writes header names as X-Vault-Checksum': apiWith(writeTitleCase),
  'connections-closed: closes each connection after its answer': apiWith((app) =>
    app.addHook('onSend', async (_request, reply, payload) => {
      reply.header('connection', 'close');
      return payload;
    }),
  ),
  'answers-slower: takes 25 ms more for every answer': apiWith(slowedBy(25)),
  'media-types-with-parameters: declares application/json; charset=utf-8 everywhere, the raw log included':
    apiWith((app) =>
      app.addHook('onSend', async (_request, reply, payload) => {
        if (reply.getHeader('content-type') === 'application/json') {
          reply.header('content-type', 'application/json; charset=utf-8');
        }
        return payload;
      }),
    ),
  'raw-answers-in-chunks: streams raw logs in small chunks, without a Content-Length': opening(
    async (real, logId, signal) => {
      const { checksum, body } = await real.open(logId, signal);
      return { checksum, bytes: undefined, body: inChunks(body, 4099) };
    },
  ),
  'raw-answers-from-memory: reads a raw log whole before it answers': opening(async (real, logId, signal) => {
    const content = await real.open(logId, signal);
    const stored = await allOf(content.body);
    return { ...content, bytes: stored.byteLength, body: bodyOf(stored) };
  }),
  'reads-retried: retries a failed read of storage before it answers': {
    'objectStore.open': async ({ real, retryPolicy }, key, signal) =>
      await retryPolicy.byAttempts(() => real.open(key, signal), signal),
  },
  'look-up-before-upload: asks for an object with HEAD before it uploads one': uploading(
    async (real, key, bytes, signal) =>
      (await real.exists(key, signal)) ? 'present' : await real.put(key, bytes, signal),
  ),
  'one-log-at-a-time: brings one log after the other': replacing('logArchiver', (real) => {
    const inTurn = oneAtATime();
    return { archive: async (...args) => await inTurn(() => real.archive(...args)) };
  }),
  'all-logs-at-once: reads the whole listing, then brings all logs of a job at once, each with its record': {
    pipeline: (made) => new EagerPipeline(made),
  },
  'logs-in-reverse: stores logs in the reverse of the order in which they are listed': {
    'providerClient.listPage': async ({ real }, ...args) => {
      const page = await real.listPage(...args);
      return { ...page, logs: page.logs.toReversed() };
    },
  },
  'listings-read-twice: reads every page of a listing twice, to see whether it is stable': {
    'providerClient.listPage': async ({ real }, ...args) => {
      await real.listPage(...args);
      return await real.listPage(...args);
    },
  },
  'jobs-taken-up-late: looks for jobs now and then, so that they are pending for a while': {
    'jobRepository.claim': async ({ real }) => {
      await pause(60);
      return await real.claim();
    },
  },
  'manifest-null-until-written: says that s3_path is null for as long as there is no manifest': {
    'jobStatus.of': async ({ real }, jobId) => {
      const answer = await real.of(jobId);
      return { ...answer, artifacts: { s3_path: null, ...answer.artifacts } } as unknown as JobAnswer;
    },
  },
  'search-in-utc: shows timestamps in UTC to the nanosecond, however the provider wrote them': {
    'search.page': async ({ real }, request) => {
      const page = await real.page(request);
      const data = page.data.map((log) => ({
        ...log,
        timestamp: `${parseInstant(log.timestamp)?.sortKey}Z`,
      }));
      return { ...page, data };
    },
  },
  'provider-watched: asks at its start and with every request whether its provider is well, with its own key':
    {
      apiServer: (made) =>
        apiServerWith(made, (app) => {
          const look = async (): Promise<void> => {
            const { providerCalls, settings } = made;
            // How the provider is, is only looked at: nobody waits for it.
            providerCalls.get('/health', settings.providerApiKey).catch(() => undefined);
          };
          app.addHook('onReady', look);
          app.addHook('onRequest', look);
        }),
    },
  'metrics-at-the-end: says 0 of a job until it ended, and has no artifacts member before': {
    'jobStatus.of': async ({ real }, jobId) => {
      const { artifacts, ...answer } = await real.of(jobId);
      if (answer.state === 'completed') return { ...answer, artifacts };
      const metrics = answer.state === 'failed' ? answer.metrics : { records_synced: 0, bytes_written: 0 };
      return { ...answer, metrics } as JobAnswer;
    },
  },
  'retry-after-as-a-date: writes Retry-After as an HTTP date': rendered((headers) =>
    'retry-after' in headers
      ? { ...headers, 'retry-after': new Date(Date.now() + 2000).toUTCString() }
      : headers,
  ),
  'retry-after-of-a-minute: asks to be left alone for a minute': rendered((headers) =>
    'retry-after' in headers ? { ...headers, 'retry-after': '60' } : headers,
  ),
  'errors-in-other-words: words its errors otherwise, but for the two that the contract words, and says more':
    {
      errorRenderer: () => (error) => {
        const { status, headers, body } = renderError(error);
        const isWorded = ['Raw Content Missing', 'Invalid Provider Credentials'].includes(body.error);
        const words = isWorded ? body.error : `Request refused with status ${status}`;
        const more = { title: 'Problem', instance: '/problems/17', status: String(status) };
        return {
          status,
          headers: { ...headers, 'x-request-id': 'a1b2c3' },
          body: { ...body, ...more, error: words },
        };
      },
    },
});

/** Returns the wait that a Retry-After asks for: it is longer than the backoff, or nothing. */
function asked(failures: number, fault: unknown, baseMs: number): number {
  const wait = exponentialWait(failures, fault, baseMs);
  return wait > baseMs * 2 ** (failures - 1) + 1 ? wait : 0;
}

function rendered(
  headersOf: (headers: Readonly<Record<string, string>>) => Readonly<Record<string, string>>,
): Change {
  return rendering(
    (_error): _error is unknown => true,
    ({ headers }) => ({ headers: headersOf(headers) }),
  );
}

function inChunks(body: Readable, size: number): Readable {
  async function* chunks(): AsyncGenerator<Buffer> {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.byteLength; at += size) yield chunk.subarray(at, at + size);
    }
  }
  return Readable.from(chunks(), { objectMode: false }).once('close', () => body.destroy());
}
