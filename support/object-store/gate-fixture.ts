import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { BucketScript } from './bucket-script';
import { type RunningS3, startFauxqs } from './fauxqs-server';
import { S3Contents } from './s3-contents';
import { S3Gate } from './s3-gate';

const CREDENTIALS = { accessKeyId: 'suite', secretAccessKey: 'suite-secret' };

/** Bytes that a store which thinks it holds text would change. */
export const HOSTILE = Buffer.concat([
  Buffer.from('{"a":1.0,\r\n"b":"\u2028"}'),
  Buffer.from([0xff, 0x00, 0x0d, 0x0a]),
]);

/** For unit tests: the gate before a fauxqs of its own, and the SDK client that a vault would use. */
export class GateFixture {
  readonly script = new BucketScript();

  private constructor(
    readonly s3: RunningS3,
    readonly contents: S3Contents,
    readonly bucketName: string,
  ) {}

  #gate: S3Gate | undefined;
  #client: S3Client | undefined;

  static async open(): Promise<GateFixture> {
    const s3 = await startFauxqs();
    const bucketName = `unit-${randomUUID()}`;
    const contents = contentsOf(s3.endpoint, bucketName);
    await contents.ensureOwn('unit test');
    const fixture = new GateFixture(s3, contents, bucketName);
    fixture.#gate = await S3Gate.open(fixture.script, { endpoint: s3.endpoint, bucketName, contents });
    fixture.#client = clientOf(fixture.#gate.endpoint);
    return fixture;
  }

  get gate(): S3Gate {
    if (this.#gate === undefined) throw new Error('not open');
    return this.#gate;
  }

  /** One attempt, as the contract demands of a vault. */
  get client(): S3Client {
    if (this.#client === undefined) throw new Error('not open');
    return this.#client;
  }

  async put(key: string, body: Buffer | Readable = HOSTILE, more: object = {}): Promise<void> {
    await this.client.send(new PutObjectCommand({ Bucket: this.bucketName, Key: key, Body: body, ...more }));
  }

  async get(key: string): Promise<Buffer> {
    const { Body } = await this.client.send(new GetObjectCommand({ Bucket: this.bucketName, Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  newKey(): string {
    return `2026/01/01/aws_cloudtrail/${randomUUID()}.json`;
  }

  reset(): void {
    this.script.reset();
    this.gate.reset();
  }

  async close(): Promise<void> {
    this.client.destroy();
    await this.gate.close();
    this.contents.close();
    await this.s3.stop();
  }
}

export function contentsOf(endpoint: string, bucketName: string): S3Contents {
  return new S3Contents({
    endpoint,
    bucketName,
    region: 'us-east-1',
    ...CREDENTIALS,
    description: 'unit test',
  });
}

export function clientOf(endpoint: string): S3Client {
  return new S3Client({
    endpoint,
    region: 'us-east-1',
    credentials: CREDENTIALS,
    forcePathStyle: true,
    maxAttempts: 1,
    logger: { debug: noLog, info: noLog, warn: noLog, error: noLog },
  });
}

function noLog(): void {}

/** Returns what a failed call tells a vault. */
export async function failureOf(
  call: Promise<unknown>,
): Promise<{ readonly name: string; readonly status?: number; readonly code?: string }> {
  try {
    await call;
  } catch (error) {
    const { name, code, $metadata } = error as {
      name: string;
      code?: string;
      $metadata?: { httpStatusCode?: number };
    };
    const status = $metadata?.httpStatusCode;
    return { name, ...(code === undefined ? {} : { code }), ...(status === undefined ? {} : { status }) };
  }
  return { name: 'no failure' };
}

/** Waits until something holds, three seconds at most. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const limit = performance.now() + 3_000;
  while (!(await holds())) {
    if (performance.now() > limit) throw new Error('it never came');
    await pause(2);
  }
}
