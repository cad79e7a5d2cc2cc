import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Document } from 'mongodb';
import { concurrently } from '../../reference-vault/job-orchestration/concurrently';
import type { IngestionPipeline } from '../../reference-vault/job-orchestration/ingestion-pipeline';
import type { Made } from '../../reference-vault/parts';
import type { Claim } from '../../reference-vault/persistence/job-repository';
import type { ListedLog } from '../../reference-vault/provider-integration/provider-client';
import { altered } from './altered';
import type { Change } from './change';

/** Header names as other frameworks write them: `X-Vault-Checksum`. */
export function writeTitleCase(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, { raw }) => {
    // Fastify writes most answers in one call and streams header by header.
    const setHeader = raw.setHeader.bind(raw);
    raw.setHeader = (name, value) => setHeader(titleCase(name), value);
    const writeHead = raw.writeHead.bind(raw) as (status: number, headers?: object) => typeof raw;
    raw.writeHead = ((status: number, headers: object = {}) =>
      writeHead(
        status,
        Object.fromEntries(Object.entries(headers).map(([name, value]) => [titleCase(name), value])),
      )) as typeof raw.writeHead;
  });
}

function titleCase(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_match, dash: string, letter: string) => dash + letter.toUpperCase());
}

/** Lets one call after the other through. */
export function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return async (work) => {
    const mine = last.then(work, work);
    last = mine;
    return await mine;
  };
}

/**
 * A pipeline of another build: it reads the whole listing first, then handles all logs at once, writes each
 * record as soon as its object is stored, and builds the manifest from what it did itself.
 */
export class EagerPipeline implements IngestionPipeline {
  constructor(private readonly made: Made) {}

  async run({ job, resumed }: Claim, signal: AbortSignal): Promise<string> {
    const { naming, objectStore, retryPolicy, logRepository, logArchiver } = this.made;
    const dayPath = new Date(job.range.start).toISOString().slice(0, 10).replaceAll('-', '/');
    const manifestKey = naming.manifestKey(dayPath, job._id);
    const exists = (): Promise<boolean> => objectStore.exists(manifestKey, signal);
    if (resumed && (await retryPolicy.byAttempts(exists, signal))) return manifestKey;
    const logs = await this.#listing({ job, resumed }, signal);
    const { failure } = await concurrently([...logs.values()], Math.max(1, logs.size), async (log) => {
      const logId = naming.logId(job.provider_id, log.sourceId);
      const record = await logRepository.find(logId);
      if (record !== undefined) return await logArchiver.restore(record, signal);
      const archived = await logArchiver.archive(log, job, signal);
      signal.throwIfAborted();
      return await logRepository.add([archived]);
    });
    if (failure !== undefined) throw failure.error;
    const written = await logRepository.writtenBy(job._id);
    const manifest = {
      made_by: 'another build',
      logs: written.map(({ _id, object, checksum, bytes }) => ({
        bytes,
        checksum,
        id: _id,
        key: object.key,
      })),
      range: { start: inOffset(job.range.start), end: inOffset(job.range.end) },
      provider_id: job.provider_id,
      job_id: job._id,
    };
    const body = Buffer.from(JSON.stringify(manifest, null, 2));
    await retryPolicy.byAttempts(() => objectStore.put(manifestKey, body, signal), signal);
    return manifestKey;
  }

  async #listing({ job }: Claim, signal: AbortSignal): Promise<ReadonlyMap<string, ListedLog>> {
    const logs = new Map<string, ListedLog>();
    let cursor: string | undefined;
    do {
      const page = await this.made.retryPolicy.byAttempts(
        () => this.made.providerClient.listPage(job.provider_id, job.range, cursor, signal),
        signal,
      );
      for (const log of page.logs) if (!logs.has(log.sourceId)) logs.set(log.sourceId, log);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return logs;
  }
}

/** Members of `jobs` under other names; the collection is the vault's own business (contract, section 3). */
const RENAMED: Readonly<Record<string, string>> = {
  state: 'phase',
  provider_id: 'source',
  range: 'window',
  priority_rank: 'rank',
  created_at: 'queued_at',
  lease_until: 'held_until',
  metrics: 'totals',
  s3_path: 'manifest',
};
const ORIGINAL = Object.fromEntries(Object.entries(RENAMED).map(([name, other]) => [other, name]));

/** Jobs in documents of another layout. */
export function jobsLaidOutOtherwise(): Change {
  return {
    'metadataStore.run': async ({ real }, call) =>
      await real.run(
        async ({ jobs, logs }) => await call({ jobs: relabelled(jobs as never) as never, logs }),
      ),
  };
}

interface Collection {
  find(filter: Document, options?: Document): { toArray(): Promise<Document[]> };
  findOne(filter: Document, options?: Document): Promise<Document | null>;
  insertOne(document: Document): Promise<unknown>;
  updateOne(filter: Document, change: Document, options?: Document): Promise<unknown>;
}

function relabelled(jobs: Collection): Collection {
  const out = (value: unknown): Document => renamed(value, RENAMED) as Document;
  const back = (value: unknown): Document => renamed(value, ORIGINAL) as Document;
  return altered(jobs, {
    find: (filter, options = {}) => {
      const cursor = jobs.find(out(filter), out(options));
      return altered(cursor, { toArray: async () => (await cursor.toArray()).map(back) });
    },
    findOne: async (filter, options = {}) => {
      const found = await jobs.findOne(out(filter), out(options));
      return found === null ? null : back(found);
    },
    insertOne: async (document) => await jobs.insertOne(out(document)),
    updateOne: async (filter, change, options) => await jobs.updateOne(out(filter), out(change), options),
  });
}

/** The same value with its members, at any depth, under other names. */
function renamed(value: unknown, names: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, names));
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [names[name] ?? name, renamed(member, names)]),
  );
}

/** Waits before every answer. */
export function slowedBy(ms: number): (app: FastifyInstance) => void {
  return (app) => app.addHook('onRequest', async () => await pause(ms));
}

/** The same instant in another spelling. */
function inOffset(timestamp: string): string {
  return timestamp.replace(/Z$/i, '+00:00');
}
