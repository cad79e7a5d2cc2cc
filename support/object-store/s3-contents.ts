import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { SuiteError } from '../bytes/errors';
import type { ObjectContents, UserMetadata } from './object-contents';

/** The suite's own way to an S3. */
export interface S3Access {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly bucketName: string;
  /** In words, for the verdict. */
  readonly description: string;
}

/** Says that the bucket is the suite's, to be emptied. No part of what a vault stores. */
const MARK_KEY = 'audit-vault-suite.mark';
const CONNECT_LIMIT_MS = 10_000;
const ANSWER_LIMIT_MS = 20_000;
const DELETE_BATCH_OBJECTS = 1_000;
/**
 * S3 gives 1,000 at most; fauxqs gives what is asked for, and loses keys between pages (it sorts by locale).
 */
const LIST_PAGE_OBJECTS = 1_000_000;

/**
 * The bucket of a real or emulated S3, reached past the gate. Nothing is ever emptied without the suite's
 * mark.
 */
export class S3Contents implements ObjectContents {
  readonly description: string;
  readonly bucketName: string;
  readonly #client: S3Client;
  readonly #endpoint: string;
  #isOwn = false;

  constructor(access: S3Access) {
    const { endpoint, region, accessKeyId, secretAccessKey, bucketName, description } = access;
    this.description = description;
    this.bucketName = bucketName;
    this.#endpoint = endpoint;
    this.#client = new S3Client({
      endpoint,
      region,
      credentials: { accessKeyId, secretAccessKey },
      forcePathStyle: true,
      // An S3 that swallows what it is sent may not hang the suite.
      requestHandler: {
        connectionTimeout: CONNECT_LIMIT_MS,
        requestTimeout: ANSWER_LIMIT_MS,
        throwOnRequestTimeout: true,
      },
    });
  }

  /**
   * Makes the bucket the suite's own: creates it where it is missing, marks it where it is empty.
   * @param run names the run, in the mark, for whoever finds it
   * @throws SuiteError if the bucket holds anything and bears no mark, or cannot be reached
   */
  async ensureOwn(run: string): Promise<void> {
    try {
      await this.#ensureBucket();
      if (!(await this.has(MARK_KEY)) && (await this.#holdsAnything())) {
        throw new SuiteError(
          `The S3 bucket ${this.bucketName} holds objects and bears no mark of this suite: name another bucket in S3_BUCKET, or empty it yourself.`,
        );
      }
      const text = `The Audit Vault acceptance suite owns this bucket and empties it. Last run: ${run}\n`;
      await this.put(MARK_KEY, Buffer.from(text));
    } catch (error) {
      if (error instanceof SuiteError) throw error;
      throw this.#unusable(error);
    }
    this.#isOwn = true;
  }

  async has(key: string): Promise<boolean> {
    const head = this.#answered(
      this.#client.send(new HeadObjectCommand({ Bucket: this.bucketName, Key: key })),
    );
    return (await unlessMissing(head)) !== undefined;
  }

  async get(key: string): Promise<Buffer | undefined> {
    const answer = await unlessMissing(
      this.#answered(this.#client.send(new GetObjectCommand({ Bucket: this.bucketName, Key: key }))),
    );
    return answer === undefined
      ? undefined
      : Buffer.from((await this.#answered(answer.Body?.transformToByteArray())) ?? new Uint8Array());
  }

  async userMetadataOf(key: string): Promise<UserMetadata> {
    const head = this.#answered(
      this.#client.send(new HeadObjectCommand({ Bucket: this.bucketName, Key: key })),
    );
    return (await unlessMissing(head))?.Metadata ?? {};
  }

  async put(key: string, bytes: Uint8Array, userMetadata: UserMetadata = {}): Promise<void> {
    await this.#answered(
      this.#client.send(
        new PutObjectCommand({
          Bucket: this.bucketName,
          Key: key,
          Body: bytes,
          ContentType: 'application/json',
          Metadata: userMetadata,
        }),
      ),
    );
  }

  async delete(key: string): Promise<void> {
    await this.#answered(this.#client.send(new DeleteObjectCommand({ Bucket: this.bucketName, Key: key })));
  }

  async keys(): Promise<readonly string[]> {
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.#answered(
        this.#client.send(
          new ListObjectsV2Command({
            Bucket: this.bucketName,
            MaxKeys: LIST_PAGE_OBJECTS,
            ...(token === undefined ? {} : { ContinuationToken: token }),
          }),
        ),
      );
      for (const { Key } of page.Contents ?? []) if (Key !== undefined && Key !== MARK_KEY) keys.push(Key);
      token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
    return keys.sort();
  }

  /** @throws SuiteError unless `ensureOwn` found or made the bucket the suite's own */
  async empty(): Promise<void> {
    if (!this.#isOwn) {
      throw new SuiteError(`The S3 bucket ${this.bucketName} is not emptied: nobody made sure whose it is.`);
    }
    const keys = await this.keys();
    for (let at = 0; at < keys.length; at += DELETE_BATCH_OBJECTS) {
      await this.#deleteAll(keys.slice(at, at + DELETE_BATCH_OBJECTS));
    }
    for (const { Key, UploadId } of await this.#pendingUploads()) {
      await unlessMissing(
        this.#answered(
          this.#client.send(new AbortMultipartUploadCommand({ Bucket: this.bucketName, Key, UploadId })),
        ),
      );
    }
  }

  close(): void {
    this.#client.destroy();
  }

  /**
   * Waits for what S3 answers. That it gives no answer, or fails, is never the vault's doing.
   * @throws SuiteError then
   */
  async #answered<Answer>(call: Answer | Promise<Answer>): Promise<Answer> {
    try {
      return await call;
    } catch (error) {
      const status = statusOf(error);
      // What S3 refuses, or has not, is an answer.
      if (status !== undefined && (status < 500 || status === 501)) throw error;
      throw this.#unusable(error);
    }
  }

  #unusable(error: unknown): SuiteError {
    return new SuiteError(
      `The S3 at ${this.#endpoint} cannot be used (${reasonOf(error)}): see that it runs and that the credentials may create and write bucket ${this.bucketName}.`,
      { cause: error },
    );
  }

  async #ensureBucket(): Promise<void> {
    const head = this.#answered(this.#client.send(new HeadBucketCommand({ Bucket: this.bucketName })));
    if ((await unlessMissing(head)) !== undefined) return;
    await this.#answered(this.#client.send(new CreateBucketCommand({ Bucket: this.bucketName })));
  }

  async #holdsAnything(): Promise<boolean> {
    const page = await this.#answered(
      this.#client.send(new ListObjectsV2Command({ Bucket: this.bucketName, MaxKeys: 1 })),
    );
    return (page.Contents ?? []).length > 0 || (await this.#pendingUploads()).length > 0;
  }

  async #deleteAll(keys: readonly string[]): Promise<void> {
    const { Errors: failures = [] } = await this.#answered(
      this.#client.send(
        new DeleteObjectsCommand({
          Bucket: this.bucketName,
          Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true },
        }),
      ),
    );
    const [first] = failures;
    if (first === undefined) return;
    throw new SuiteError(
      `The S3 bucket ${this.bucketName} cannot be emptied (${first.Key}: ${first.Code}): see that the credentials may delete in it.`,
    );
  }

  /**
   * Multipart uploads that were begun and never ended. Not every S3 can tell; gofakes3 answers NoSuchUpload
   * where none was ever begun.
   */
  async #pendingUploads() {
    try {
      const { Uploads = [] } = await this.#answered(
        this.#client.send(new ListMultipartUploadsCommand({ Bucket: this.bucketName })),
      );
      return Uploads;
    } catch (error) {
      const cannotTell = statusOf(error) === 501;
      const hasNone = error instanceof S3ServiceException && error.name === 'NoSuchUpload';
      if (cannotTell || hasNone) return [];
      throw error;
    }
  }
}

/** `undefined` where S3 says that the object, the upload or (asked for itself) the bucket does not exist. */
async function unlessMissing<Answer>(call: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await call;
  } catch (error) {
    const isMissing = error instanceof S3ServiceException && error.name !== 'NoSuchBucket';
    if (isMissing && statusOf(error) === 404) return undefined;
    throw error;
  }
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const status = statusOf(error);
  const words = error.message === '' ? error.name : error.message;
  return status === undefined ? words : `${status} ${words}`;
}
