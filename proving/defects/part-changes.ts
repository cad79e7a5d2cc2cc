import { Readable } from 'node:stream';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { VaultFault } from '../../reference-vault/faults';
import { type RenderedError, renderError } from '../../reference-vault/ingestion-api/error-rendering';
import { describeLog, type LogArchiver } from '../../reference-vault/job-orchestration/log-archiver';
import { defaultParts, type Made, type VaultParts } from '../../reference-vault/parts';
import type { JobDocument, LogDocument } from '../../reference-vault/persistence/documents';
import type { ObjectStore } from '../../reference-vault/persistence/object-store';
import { FaultRetryPolicy, type RetryWait } from '../../reference-vault/persistence/retry-policy';
import { sha256Checksum } from '../../reference-vault/persistence/sha256-checksum';
import type { ListedLog, ProviderClient } from '../../reference-vault/provider-integration/provider-client';
import type { RawContent, RawRetrieval } from '../../reference-vault/retrieval/raw-retrieval';
import { altered } from './altered';
import type { Change } from './change';

type ListPage = ProviderClient['listPage'];

/** Replaces one part by the real one with some of its methods changed. */
export function replacing<Name extends keyof VaultParts>(
  name: Name,
  change: (real: VaultParts[Name], made: Made) => Partial<VaultParts[Name]>,
): Change {
  const factory = (made: Made): object => {
    const real = defaultParts[name](made);
    return altered(real as object, change(real, made) as object);
  };
  return { [name]: factory } as Change;
}

/** Does something to every payload between the provider and everything else. */
export function fetching(tidy: (payload: Buffer, sourceId: string) => Buffer): Change {
  return replacing('providerClient', (real) => ({
    fetchPayload: async (providerId, sourceId, signal) =>
      tidy(await real.fetchPayload(providerId, sourceId, signal), sourceId),
  }));
}

/** Reads a page of a listing in another way. */
export function listing(
  change: (list: ListPage, ...args: Parameters<ListPage>) => ReturnType<ListPage>,
): Change {
  return replacing('providerClient', (real) => ({
    listPage: async (...args) => await change(async (...again) => await real.listPage(...again), ...args),
  }));
}

/** Asks a provider for another path. */
export function requesting(change: (path: string) => string): Change {
  return replacing('providerCalls', (real) => ({
    get: async (path, ...rest) => await real.get(change(path), ...rest),
  }));
}

/** Does something to the stored bytes on their way to the auditor. */
export function serving(change: (stored: Buffer, content: RawContent) => Buffer): Change {
  return opening(async (real, logId, signal) => {
    const content = await real.open(logId, signal);
    const served = change(await allOf(content.body), content);
    return { ...content, bytes: served.byteLength, body: bodyOf(served) };
  });
}

/** Answers for a raw log in another way. */
export function opening(
  open: (real: RawRetrieval, ...args: Parameters<RawRetrieval['open']>) => Promise<RawContent>,
): Change {
  return replacing('rawRetrieval', (real) => ({ open: async (...args) => await open(real, ...args) }));
}

/** Uploads in another way. */
export function uploading(
  put: (real: ObjectStore, ...args: Parameters<ObjectStore['put']>) => ReturnType<ObjectStore['put']>,
): Change {
  return replacing('objectStore', (real) => ({ put: async (...args) => await put(real, ...args) }));
}

/** Brings a new log into the bucket in another way. */
export function archiving(
  archive: (
    real: LogArchiver,
    ...args: Parameters<LogArchiver['archive']>
  ) => ReturnType<LogArchiver['archive']>,
): Change {
  return replacing('logArchiver', (real) => ({ archive: async (...args) => await archive(real, ...args) }));
}

/** Tries again as often as the real policy, after other waits. */
export function waitingBy(wait: RetryWait): Change {
  return {
    retryPolicy: ({ settings }) =>
      new FaultRetryPolicy({ baseMs: settings.retryBaseMs, maxAttempts: settings.retryMaxAttempts }, wait),
  };
}

/** Returns what a call does, or, where it fails in this way, what comes of that. */
export async function rescued<Result, Failure>(
  call: Promise<Result>,
  isFailure: (error: unknown) => error is Failure,
  rescue: (failure: Failure) => Result | Promise<Result>,
): Promise<Result> {
  return await call.catch(async (error: unknown) => {
    if (isFailure(error)) return await rescue(error);
    throw error;
  });
}

export function isFault(error: unknown): error is VaultFault {
  return error instanceof VaultFault;
}

/** Renders errors of a kind in another way. */
export function rendering<Failure>(
  isFailure: (error: unknown) => error is Failure,
  change: (right: RenderedError) => Partial<RenderedError>,
): Change {
  return {
    errorRenderer: () => (error) => {
      const right = renderError(error);
      return isFailure(error) ? { ...right, ...change(right) } : right;
    },
  };
}

/** The record of a log, as it would be were its object stored. */
export async function recordOf(
  { naming, providerClient, settings }: Made,
  log: ListedLog,
  job: JobDocument,
  signal: AbortSignal,
): Promise<LogDocument> {
  const payload = await providerClient.fetchPayload(job.provider_id, log.sourceId, signal);
  return describeLog(log, job, payload, { naming, checksum: sha256Checksum, bucket: settings.s3Bucket });
}

/** Stores an object, whatever lies there. */
export async function overwrite(
  { s3Client, settings }: Pick<Made, 's3Client' | 'settings'>,
  key: string,
  bytes: Buffer,
  signal?: AbortSignal,
): Promise<void> {
  const command = new PutObjectCommand({ Bucket: settings.s3Bucket, Key: key, Body: bytes });
  await s3Client.send(command, signal && { abortSignal: signal });
}

/** Everything a stream gives. */
export async function allOf(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A stream of these bytes, in one chunk; none for no bytes. */
export function bodyOf(bytes: Buffer): Readable {
  return Readable.from(bytes.byteLength === 0 ? [] : [bytes], { objectMode: false });
}
