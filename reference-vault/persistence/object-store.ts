import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  type S3ServiceException,
} from '@aws-sdk/client-s3';
import { storageFault, VaultFault } from '../faults';
import { failOnSilence, type WatchedCall } from '../silence';

/** An object that is being read. */
export interface OpenObject {
  /** How many bytes it has, where the store says so. */
  readonly bytes: number | undefined;
  /**
   * Its bytes, the first of them already here. Breaks with a VaultFault when they end early or stay away;
   * must be destroyed.
   */
  readonly body: Readable;
}

/**
 * The bucket. Every call is one attempt; every failure is a VaultFault `storage_unavailable` (transient) or
 * `storage_rejected`.
 */
export interface ObjectStore {
  /**
   * Stores the bytes unless the key has an object: then nothing changes and the answer is `present` (contract
   * section 3).
   */
  put(key: string, bytes: Buffer, signal: AbortSignal): Promise<'stored' | 'present'>;
  /** Asks if the key has an object. */
  exists(key: string, signal: AbortSignal): Promise<boolean>;
  /** Opens an object for reading; undefined says that it surely does not exist. */
  open(key: string, signal: AbortSignal): Promise<OpenObject | undefined>;
}

/** Reads a whole object; undefined says that it surely does not exist. */
export async function readObject(
  store: ObjectStore,
  key: string,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const object = await store.open(key, signal);
  if (object === undefined) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of object.body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The slowest upload that is still an upload; it lengthens the time-out of large ones. */
const SLOWEST_UPLOAD_BYTES_PER_MS = 1024;

/** S3 through the SDK client that it is given, whose own retries must be off. */
export class S3ObjectStore implements ObjectStore {
  constructor(
    private readonly client: S3Client,
    private readonly bucket: string,
    private readonly callTimeoutMs: number,
  ) {}

  async put(key: string, bytes: Buffer, signal: AbortSignal): Promise<'stored' | 'present'> {
    const command = new PutObjectCommand({
      Bucket: this.bucket,
      Key: key,
      Body: bytes,
      ContentType: 'application/json',
      IfNoneMatch: '*',
    });
    const limitMs = this.callTimeoutMs + bytes.byteLength / SLOWEST_UPLOAD_BYTES_PER_MS;
    try {
      await this.#send(limitMs, signal, (options) => this.client.send(command, options));
      return 'stored';
    } catch (error) {
      // Also after an upload that was stored although its answer was lost.
      if (statusOf(error) === 412) return 'present';
      throw toStorageFault(error, 'an upload', signal);
    }
  }

  async exists(key: string, signal: AbortSignal): Promise<boolean> {
    const command = new HeadObjectCommand({ Bucket: this.bucket, Key: key });
    try {
      await this.#send(this.callTimeoutMs, signal, (options) => this.client.send(command, options));
      return true;
    } catch (error) {
      if (statusOf(error) === 404) return false;
      throw toStorageFault(error, 'a look-up', signal);
    }
  }

  async open(key: string, signal: AbortSignal): Promise<OpenObject | undefined> {
    const command = new GetObjectCommand({ Bucket: this.bucket, Key: key });
    try {
      const { Body, ContentLength } = await this.#send(this.callTimeoutMs, signal, (options) =>
        this.client.send(command, options),
      );
      if (!(Body instanceof Readable)) throw new Error('the answer has no body');
      return { bytes: ContentLength, body: await watched(Body, this.callTimeoutMs) };
    } catch (error) {
      // Only this code says that the object is gone: a missing bucket and a proxy's 404 are outages (contract
      // section 5).
      if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
      throw toStorageFault(error, 'a read', signal);
    }
  }

  #send<T>(
    limitMs: number,
    signal: AbortSignal,
    send: (options: { abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    const abortable = (call: WatchedCall): Promise<T> => send({ abortSignal: call.signal });
    return failOnSilence(limitMs, abortable, signal);
  }
}

/**
 * A stream that breaks when it is silent for long. Waits for the first chunk. One that ends early breaks by
 * itself.
 */
async function watched(body: Readable, silenceMs: number): Promise<Readable> {
  const rest = watchedChunks(body, silenceMs);
  const first = await rest.next().catch((error: unknown) => {
    body.destroy();
    throw error;
  });
  async function* chunks(): AsyncGenerator<Buffer> {
    if (first.done) return;
    yield first.value;
    yield* rest;
  }
  const stream = Readable.from(chunks());
  return stream.once('close', () => body.destroy());
}

async function* watchedChunks(body: Readable, silenceMs: number): AsyncGenerator<Buffer> {
  const chunks: AsyncIterator<Buffer> = body[Symbol.asyncIterator]();
  for (;;) {
    const step = await failOnSilence(silenceMs, () => chunks.next()).catch((error: unknown) => {
      throw toStorageFault(error, 'a read');
    });
    if (step.done) return;
    yield step.value;
  }
}

function toStorageFault(error: unknown, call: string, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof VaultFault) return error;
  const status = statusOf(error);
  const name = error instanceof Error ? error.name : 'an unknown error';
  // What else goes wrong may go right the next time: S3 answers a stalled upload with 400, and uploads that
  // collide with 409.
  const permanent = status === 403 || name === 'NoSuchBucket';
  return permanent
    ? storageFault('rejected', `Object storage refused ${call}: ${status} ${name}.`, error)
    : storageFault('unavailable', `Object storage failed ${call}: ${status ?? 'no answer'}, ${name}.`, error);
}

function statusOf(error: unknown): number | undefined {
  // Also on an error that the SDK made of an answer which is not S3's.
  return (error as Partial<S3ServiceException>).$metadata?.httpStatusCode;
}
