import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type AwsClientStub, mockClient } from 'aws-sdk-client-mock';
import type { BucketScript, ObjectCallClass } from './bucket-script';
import type { MemoryBucket } from './memory-bucket';
import type { UserMetadata } from './object-contents';
import { inProcess, noSuchBucket, type Output, serviceError } from './object-outcome';

interface ObjectInput {
  readonly Bucket?: string;
  readonly Key?: string;
  readonly Body?: Uint8Array | string | Readable;
  readonly IfNoneMatch?: string;
  readonly Metadata?: UserMetadata;
  readonly Prefix?: string;
  readonly Range?: string;
}

/**
 * S3 in-process: aws-sdk-client-mock replaces `send` of the one client that the vault was given, and every
 * call goes through the script to a bucket in memory. The SDK's own retries do not run here; the vault's one
 * retry policy does.
 */
export class S3ClientMock {
  readonly #mock: AwsClientStub<S3Client>;
  readonly #script: BucketScript;
  readonly #bucket: MemoryBucket;
  readonly #bucketName: string;
  #stored = 0;

  constructor(client: S3Client, script: BucketScript, bucket: MemoryBucket, bucketName: string) {
    this.#script = script;
    this.#bucket = bucket;
    this.#bucketName = bucketName;
    this.#mock = mockClient(client);
    this.#install();
  }

  /** For the next scenario: forgets the calls, whose inputs hold whole payloads. */
  reset(): void {
    this.#mock.resetHistory();
  }

  /** Gives the client its own `send` back. */
  close(): void {
    this.#mock.restore();
  }

  #install(): void {
    const mock = this.#mock;
    const handle =
      (
        operation: string,
        callClass: ObjectCallClass,
        perform: (input: ObjectInput, body: Buffer) => Promise<Output>,
      ) =>
      async (input: ObjectInput): Promise<Output> => {
        const gone = abortSignalOf(mock.send.lastCall?.args);
        const body = callClass === 'upload' ? await bytesOf(input.Body) : Buffer.alloc(0);
        const call = {
          operation,
          class: callClass,
          key: input.Key ?? '',
          ...(callClass === 'upload' ? { body } : {}),
          ...(gone === undefined ? {} : { gone }),
        };
        const outcome = this.#script.serve(call, async () => {
          if (input.Bucket !== this.#bucketName) throw noSuchBucket();
          return await perform(input, body);
        });
        return inProcess(await abortable(outcome, gone));
      };

    mock.onAnyCommand().callsFake((input: ObjectInput) => {
      throw new Error(
        `the S3 client mock knows no such call (input members: ${Object.keys(input).join(', ')})`,
      );
    });
    mock
      .on(PutObjectCommand)
      .callsFake(handle('PutObject', 'upload', (input, body) => this.#put(input, body)));
    mock.on(GetObjectCommand).callsFake(handle('GetObject', 'read', (input) => this.#get(input)));
    mock.on(HeadObjectCommand).callsFake(handle('HeadObject', 'read', (input) => this.#head(input)));
    mock.on(HeadBucketCommand).callsFake(handle('HeadBucket', 'other', async () => ok({})));
    mock.on(DeleteObjectCommand).callsFake(
      handle('DeleteObject', 'other', async (input) => {
        await this.#bucket.delete(input.Key ?? '');
        return ok({}, 204);
      }),
    );
    mock.on(ListObjectsV2Command).callsFake(
      handle('ListObjectsV2', 'other', async (input) => {
        const keys = (await this.#bucket.keys()).filter((key) => key.startsWith(input.Prefix ?? ''));
        return ok({ Contents: keys.map((Key) => ({ Key })), KeyCount: keys.length, IsTruncated: false });
      }),
    );
  }

  async #put({ Key = '', IfNoneMatch, Metadata }: ObjectInput, body: Buffer): Promise<Output> {
    if (IfNoneMatch === '*' && this.#bucket.has(Key)) throw serviceError(412, 'PreconditionFailed');
    await this.#bucket.put(Key, body, Metadata);
    this.#stored += 1;
    // It only names what was stored: nobody may take it for a hash.
    return ok({ ETag: `"${this.#stored.toString(16).padStart(32, '0')}"` });
  }

  async #get({ Key = '', Range }: ObjectInput): Promise<Output> {
    const bytes = await this.#bucket.get(Key);
    if (bytes === undefined) {
      throw new NoSuchKey({
        message: 'The specified key does not exist.',
        $metadata: { httpStatusCode: 404 },
      });
    }
    const answer = {
      Body: bytes,
      ContentLength: bytes.byteLength,
      ContentType: 'application/json',
      Metadata: await this.#bucket.userMetadataOf(Key),
    };
    const part = Range === undefined ? undefined : partOf(bytes, Range);
    if (part === 'unsatisfiable') throw serviceError(416, 'InvalidRange');
    return part === undefined ? ok(answer) : ok({ ...answer, ...part }, 206);
  }

  async #head({ Key = '' }: ObjectInput): Promise<Output> {
    const bytes = await this.#bucket.get(Key);
    if (bytes === undefined) throw new NotFound({ message: 'NotFound', $metadata: { httpStatusCode: 404 } });
    return ok({ ContentLength: bytes.byteLength, Metadata: await this.#bucket.userMetadataOf(Key) });
  }
}

/** The part of an object that a range asks for; `undefined` for what S3 takes for no range. */
function partOf(bytes: Buffer, range: string): Output | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  if (first === undefined || last === undefined || first + last === '') return undefined;
  const total = bytes.byteLength;
  const from = first === '' ? Math.max(0, total - Number(last)) : Number(first);
  const to = first === '' || last === '' ? total - 1 : Math.min(Number(last), total - 1);
  if (from >= total) return 'unsatisfiable';
  if (to < from) return undefined;
  const part = bytes.subarray(from, to + 1);
  return { Body: part, ContentLength: part.byteLength, ContentRange: `bytes ${from}-${to}/${total}` };
}

function ok(output: Output, httpStatusCode = 200): Output {
  return { ...output, $metadata: { httpStatusCode, attempts: 1 } };
}

async function bytesOf(body: ObjectInput['Body']): Promise<Buffer> {
  if (body === undefined) return Buffer.alloc(0);
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body);
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

/** The SDK rejects an aborted call at once; the mock alone would not. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work;
  return await new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(Object.assign(new Error('Request aborted'), { name: 'AbortError' }));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function abortSignalOf(args: readonly unknown[] | undefined): AbortSignal | undefined {
  const options = args?.[1];
  if (typeof options !== 'object' || options === null || !('abortSignal' in options)) return undefined;
  return options.abortSignal instanceof AbortSignal ? options.abortSignal : undefined;
}
