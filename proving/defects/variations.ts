import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { renderError } from '../../reference-vault/ingestion-api/error-rendering';
import type { JobAnswer } from '../../reference-vault/ingestion-api/job-status';
import type { PartFactories } from '../../reference-vault/parts';
import type { LogDocument } from '../../reference-vault/persistence/documents';
import { exponentialWait, type RetryWait } from '../../reference-vault/persistence/retry-policy';
import { apiWith } from './api-with';
import type { Variation } from './defect';
import { allOf, bodyOf, opening, replacing, uploading, waitingBy } from './part-changes';
import { EagerPipeline, jobsLaidOutOtherwise, oneAtATime, slowedBy, writeTitleCase } from './variation-parts';

/**
 * Everything that a right vault is known to do otherwise than the reference vault: the suite has to be green
 * on each.
 */
export const variations: readonly Variation[] = [
  waiting('jitter-none', 'waits exactly the nominal time before each retry', (failures, fault, baseMs) =>
    Math.max(baseMs * 2 ** (failures - 1), asked(failures, fault, baseMs)),
  ),
  waiting(
    'jitter-equal',
    'draws each wait between half of the nominal time and all of it',
    (failures, fault, baseMs) =>
      Math.max(baseMs * 2 ** (failures - 1) * (0.5 + Math.random() / 2), asked(failures, fault, baseMs)),
  ),
  waiting(
    'jitter-upwards',
    'draws each wait between the nominal time and three times that',
    (failures, fault, baseMs) =>
      Math.max(baseMs * 2 ** (failures - 1) * (1 + 2 * Math.random()), asked(failures, fault, baseMs)),
  ),
  {
    name: 'answers-with-more-members',
    sentence: 'says more than the contract names in every answer',
    replacements: apiWith((app) =>
      app.addHook('preSerialization', async (_request, _reply, payload) =>
        typeof payload === 'object' && payload !== null
          ? { api: { version: 2 }, links: [], ...payload, request_id: 'a1b2c3' }
          : payload,
      ),
    ),
  },
  {
    name: 'documents-with-more-members',
    sentence: 'keeps more than the contract names in the metadata of a log',
    replacements: replacing('logRepository', (real) => ({
      add: async (records) =>
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
    })),
  },
  {
    name: 'jobs-laid-out-otherwise',
    sentence: 'keeps jobs in documents of another layout',
    replacements: jobsLaidOutOtherwise(),
  },
  {
    name: 'header-names-in-title-case',
    sentence: 'writes header names as X-Vault-Checksum',
    replacements: apiWith(writeTitleCase),
  },
  {
    name: 'connections-closed',
    sentence: 'closes each connection after its answer',
    replacements: apiWith((app) =>
      app.addHook('onSend', async (_request, reply, payload) => {
        reply.header('connection', 'close');
        return payload;
      }),
    ),
  },
  {
    name: 'answers-slower',
    sentence: 'takes 25 ms more for every answer',
    replacements: apiWith(slowedBy(25)),
  },
  {
    name: 'media-types-with-parameters',
    sentence: 'declares application/json; charset=utf-8 everywhere, the raw log included',
    replacements: apiWith((app) =>
      app.addHook('onSend', async (_request, reply, payload) => {
        if (reply.getHeader('content-type') === 'application/json') {
          reply.header('content-type', 'application/json; charset=utf-8');
        }
        return payload;
      }),
    ),
  },
  {
    name: 'raw-answers-in-chunks',
    sentence: 'streams raw logs in small chunks, without a Content-Length',
    replacements: opening(async (real, logId, signal) => {
      const { checksum, body } = await real.open(logId, signal);
      return { checksum, bytes: undefined, body: inChunks(body, 4099) };
    }),
  },
  {
    name: 'raw-answers-from-memory',
    sentence: 'reads a raw log whole before it answers',
    replacements: opening(async (real, logId, signal) => {
      const content = await real.open(logId, signal);
      const stored = await allOf(content.body);
      return { ...content, bytes: stored.byteLength, body: bodyOf(stored) };
    }),
  },
  {
    name: 'reads-retried',
    sentence: 'retries a failed read before it answers',
    replacements: replacing('rawRetrieval', (real, { retryPolicy }) => ({
      open: async (logId, signal) => await retryPolicy.byAttempts(() => real.open(logId, signal), signal),
    })),
  },
  {
    name: 'look-up-before-upload',
    sentence: 'asks for an object with HEAD before it uploads one',
    replacements: uploading(async (real, key, bytes, signal) =>
      (await real.exists(key, signal)) ? 'present' : await real.put(key, bytes, signal),
    ),
  },
  {
    name: 'one-log-at-a-time',
    sentence: 'brings one log after the other',
    replacements: replacing('logArchiver', (real) => {
      const inTurn = oneAtATime();
      return { archive: async (...args) => await inTurn(() => real.archive(...args)) };
    }),
  },
  {
    name: 'all-logs-at-once',
    sentence:
      'reads the whole listing first, and then brings all logs of a job at once, each with its record',
    replacements: { pipeline: (made) => new EagerPipeline(made) },
  },
  {
    name: 'logs-in-reverse',
    sentence: 'stores logs in the reverse of the order in which they are listed',
    replacements: replacing('providerClient', (real) => ({
      listPage: async (...args) => {
        const page = await real.listPage(...args);
        return { ...page, logs: page.logs.toReversed() };
      },
    })),
  },
  {
    name: 'listings-read-twice',
    sentence: 'reads every page of a listing twice, to see whether it is stable',
    replacements: replacing('providerClient', (real) => ({
      listPage: async (...args) => {
        await real.listPage(...args);
        return await real.listPage(...args);
      },
    })),
  },
  {
    name: 'jobs-taken-up-late',
    sentence: 'looks for jobs now and then, so that they are pending for a while',
    replacements: replacing('jobRepository', (real) => ({
      claim: async () => {
        await pause(60);
        return await real.claim();
      },
    })),
  },
  {
    name: 'metrics-at-the-end',
    sentence: 'says 0 of a job until it ended, and has no artifacts member before',
    replacements: replacing('jobStatus', (real) => ({
      of: async (jobId) => {
        const { artifacts, ...answer } = await real.of(jobId);
        if (answer.state === 'completed') return { ...answer, artifacts };
        const metrics = answer.state === 'failed' ? answer.metrics : { records_synced: 0, bytes_written: 0 };
        return { ...answer, metrics } as JobAnswer;
      },
    })),
  },
  rendered('retry-after-as-a-date', 'writes Retry-After as an HTTP date', (headers) =>
    'retry-after' in headers
      ? { ...headers, 'retry-after': new Date(Date.now() + 2000).toUTCString() }
      : headers,
  ),
  rendered('retry-after-of-a-minute', 'asks to be left alone for a minute', (headers) =>
    'retry-after' in headers ? { ...headers, 'retry-after': '60' } : headers,
  ),
  {
    name: 'errors-in-other-words',
    sentence:
      'words its errors otherwise, apart from the two that the contract words, and says more with them',
    replacements: {
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
  },
];

/** Returns the wait that a Retry-After asks for: it is longer than the backoff, or nothing. */
function asked(failures: number, fault: unknown, baseMs: number): number {
  const wait = exponentialWait(failures, fault, baseMs);
  return wait > baseMs * 2 ** (failures - 1) + 1 ? wait : 0;
}

function waiting(name: string, sentence: string, wait: RetryWait): Variation {
  return { name, sentence, replacements: waitingBy(wait) };
}

function rendered(
  name: string,
  sentence: string,
  headersOf: (headers: Readonly<Record<string, string>>) => Readonly<Record<string, string>>,
): Variation {
  const replacements: Partial<PartFactories> = {
    errorRenderer: () => (error) => {
      const right = renderError(error);
      return { ...right, headers: headersOf(right.headers) };
    },
  };
  return { name, sentence, replacements };
}

function inChunks(body: Readable, size: number): Readable {
  async function* chunks(): AsyncGenerator<Buffer> {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.byteLength; at += size) yield chunk.subarray(at, at + size);
    }
  }
  return Readable.from(chunks(), { objectMode: false }).once('close', () => body.destroy());
}
