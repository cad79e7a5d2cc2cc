import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { NoSuchBucket, S3ServiceException } from '@aws-sdk/client-s3';
import { sdkStreamMixin } from '@smithy/core/serde';
import { resetConnection } from '../faults/http-listener';
import { connectionReset } from '../faults/reset-socket';
import { type S3Answer, s3Error, sendAnswer, sendCutOff } from './s3-answer';

/**
 * The end of a call: an answer of the store's, or a fault; below, what each is in-process and on the wire.
 */
export type ObjectOutcome<Answer> =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'error'; readonly status: number; readonly code: string }
  | { readonly kind: 'reset' }
  | {
      readonly kind: 'cut-off';
      readonly answer: Answer;
      readonly afterBytes: number;
      /** The connection stays open and silent until then. */
      readonly until?: Promise<unknown>;
    };

/** An answer of the SDK's. */
export type Output = Readonly<Record<string, unknown>>;

const STREAM_CHUNK_BYTES = 64 * 1024;

/** An SDK call's answer, its body a stream, as the SDK hands it out. @throws whatever the SDK throws */
export function inProcess(outcome: ObjectOutcome<Output>): Output {
  switch (outcome.kind) {
    case 'answer':
      return withBody(outcome.answer);
    case 'error':
      throw outcome.code === 'NoSuchBucket' ? noSuchBucket() : serviceError(outcome.status, outcome.code);
    case 'reset':
      throw connectionReset();
    case 'cut-off':
      return withBody(outcome.answer, outcome.afterBytes, outcome.until);
  }
}

/** Sends what the gate's caller is to see of it. */
export async function onTheWire(outcome: ObjectOutcome<S3Answer>, response: ServerResponse): Promise<void> {
  switch (outcome.kind) {
    case 'answer':
      return await sendAnswer(response, outcome.answer);
    case 'error':
      return await sendAnswer(response, s3Error(outcome.status, outcome.code, response.req));
    case 'reset':
      return resetConnection(response);
    case 'cut-off':
      return await sendCutOff(response, outcome.answer, outcome.afterBytes, outcome.until);
  }
}

function withBody(output: Output, untilBytes?: number, silentUntil?: Promise<unknown>): Output {
  if (!(output.Body instanceof Uint8Array)) return output;
  const stream =
    silentUntil === undefined
      ? Readable.from(chunks(output.Body, untilBytes), { objectMode: false })
      : fallingSilent(output.Body.subarray(0, untilBytes), silentUntil);
  return { ...output, Body: sdkStreamMixin(stream) };
}

/** Some bytes, then nothing until the connection is reset. */
function fallingSilent(bytes: Uint8Array, until: Promise<unknown>): Readable {
  const stream = new Readable({ read: () => undefined });
  stream.push(bytes);
  // Whoever gave it up before need not hear of the reset.
  stream.on('error', () => undefined);
  void until.then(() => stream.destroy(connectionReset()));
  return stream;
}

function* chunks(bytes: Uint8Array, untilBytes = Number.POSITIVE_INFINITY): Generator<Uint8Array> {
  for (let at = 0; at < Math.min(bytes.byteLength, untilBytes); at += STREAM_CHUNK_BYTES) {
    yield bytes.subarray(at, Math.min(at + STREAM_CHUNK_BYTES, untilBytes));
  }
  if (untilBytes < bytes.byteLength) throw connectionReset();
}

/** An error as the SDK throws it. */
export function serviceError(httpStatusCode: number, name: string): S3ServiceException {
  return new S3ServiceException({
    name,
    message: name,
    $fault: httpStatusCode >= 500 ? 'server' : 'client',
    $metadata: { httpStatusCode, attempts: 1 },
  });
}

export function noSuchBucket(): NoSuchBucket {
  return new NoSuchBucket({
    message: 'The specified bucket does not exist.',
    $metadata: { httpStatusCode: 404 },
  });
}
