import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { HttpListener, type ListenOptions, resetConnection } from '../faults/http-listener';
import { FramingError, undoAwsChunked } from './aws-chunked';
import type { BucketScript, ObjectCall } from './bucket-script';
import { KeyedQueue } from './keyed-queue';
import { onTheWire } from './object-outcome';
import { type S3Answer, S3Refusal, s3Error, sendAnswer } from './s3-answer';
import { classifyS3Request, type S3Request } from './s3-request';
import { S3Upstream } from './s3-upstream';

/** The S3 that the gate leads to. */
export interface GateTarget {
  /** The URL of the S3 behind it. */
  readonly endpoint: string;
  /** The one bucket a vault may use. */
  readonly bucketName: string;
  /** Asks S3 past the gate, with the suite's own credentials. */
  readonly contents: { has(key: string): Promise<boolean> };
}

/** Calls that make an object appear under a key: `If-None-Match: *` is about them. */
const CREATES_OBJECT = new Set(['PutObject', 'CopyObject', 'CompleteMultipartUpload']);

/**
 * S3 on the wire: an HTTP proxy in front of a real or emulated S3 that takes every call through the script,
 * which notes it and injects the armed faults (docs/architecture.md). It answers `412` to `If-None-Match: *`
 * on a key that exists, so that vaults may rely on it whether or not the S3 behind it knows conditional
 * writes.
 */
export class S3Gate {
  readonly #script: BucketScript;
  readonly #target: GateTarget;
  readonly #upstream: S3Upstream;
  readonly #creations = new KeyedQueue();
  readonly #findings = new Set<string>();
  #listener: HttpListener | undefined;

  private constructor(script: BucketScript, target: GateTarget) {
    this.#script = script;
    this.#target = target;
    this.#upstream = new S3Upstream(target.endpoint);
  }

  /** @throws SuiteError if the address cannot be had */
  static async open(script: BucketScript, target: GateTarget, options: ListenOptions = {}): Promise<S3Gate> {
    const gate = new S3Gate(script, target);
    // Node answers `Expect: 100-continue` itself as long as nobody listens for it.
    gate.#listener = await HttpListener.open(
      'The gate in front of S3',
      (request, response, gone) => gate.#handle(request, response, gone),
      options,
    );
    return gate;
  }

  /** The URL that the vault is given as S3_ENDPOINT. */
  get endpoint(): string {
    return this.#listener?.url ?? '';
  }

  /** Calls that have not been answered whole, those included whose body is still arriving. */
  get inFlight(): number {
    return this.#listener?.inFlight ?? 0;
  }

  /** For the next scenario: forgets its findings; the script is reset by whoever owns it. */
  reset(): void {
    this.#findings.clear();
    this.#listener?.reset();
  }

  /** Tells what went wrong beside the armed faults, in sentences. */
  findings(): string[] {
    return [
      ...this.#findings,
      ...(this.#listener?.failures() ?? []).map((failure) => `the gate in front of S3 failed: ${failure}`),
    ];
  }

  async close(): Promise<void> {
    await this.#listener?.close();
    this.#upstream.close();
  }

  async #handle(request: IncomingMessage, response: ServerResponse, gone: AbortSignal): Promise<void> {
    const arrivedMs = performance.now();
    const s3Request = classifyS3Request(request.method ?? '', request.url ?? '/', request.headers);
    const { operation, key, carriesBytes } = s3Request;
    const call: ObjectCall = { operation, class: s3Request.class, key, arrivedMs, gone };
    // Whole, before anything is answered: an answer to half a request reaches the caller as a reset.
    const sent = await bodyOf(request);
    if (sent === undefined) {
      this.#script.noteAbandoned(call);
      return;
    }
    const bytes = carriesBytes ? this.#unframed(request, sent) : undefined;
    let answer: S3Answer | undefined;
    let hasBrokenOff = false;
    try {
      const outcome = await this.#script.serve(
        bytes === undefined ? call : { ...call, body: bytes },
        async () => {
          this.#refuseStrangers(request, s3Request);
          if (carriesBytes && bytes === undefined) throw refusal(400, 'IncompleteBody', request);
          answer = await this.#perform(request, s3Request, sent);
          if (answer.body instanceof Readable) {
            answer.body.once('error', () => {
              hasBrokenOff = !gone.aborted;
            });
          }
          return answer;
        },
      );
      await onTheWire(outcome, response);
    } catch (error) {
      // A caller that leaves takes the answer from behind the gate along, which then says "aborted" too.
      const hasLeft = gone.aborted && answer !== undefined && !hasBrokenOff;
      if (!hasLeft && !isHangUp(error)) await this.#answerError(error, response);
    } finally {
      // A fault may have kept the answer back: then nobody else will end it.
      if (answer?.body instanceof Readable) answer.body.destroy();
    }
  }

  #unframed(request: IncomingMessage, sent: Buffer): Buffer | undefined {
    try {
      return undoAwsChunked(request.headers, sent);
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      this.#findings.add(`the vault sent an upload whose aws-chunked framing is broken: ${error.message}`);
      return undefined;
    }
  }

  /** The suite's credentials may open other buckets of a real S3: they are none of the vault's business. */
  #refuseStrangers(request: IncomingMessage, { bucket }: S3Request): void {
    if (bucket === '' || bucket === this.#target.bucketName) return;
    this.#findings.add(
      `the vault called S3 bucket ${JSON.stringify(bucket)}: its bucket is ${JSON.stringify(this.#target.bucketName)}, in the path of the URL`,
    );
    throw refusal(404, 'NoSuchBucket', request);
  }

  async #perform(request: IncomingMessage, { operation, class: callClass, key }: S3Request, body: Buffer) {
    const passOn = (): Promise<S3Answer> => this.#upstream.call(request, body, callClass === 'read');
    if (!CREATES_OBJECT.has(operation)) return await passOn();
    return await this.#creations.run(key, async () => {
      if (request.headers['if-none-match'] === '*' && (await this.#target.contents.has(key))) {
        throw refusal(412, 'PreconditionFailed', request);
      }
      return await passOn();
    });
  }

  async #answerError(error: unknown, response: ServerResponse): Promise<void> {
    if (error instanceof S3Refusal) return await sendAnswer(response, error.answer);
    const reason = error instanceof Error ? error.message : String(error);
    this.#findings.add(`the S3 behind the gate failed: ${reason}`);
    if (response.headersSent) return resetConnection(response);
    await sendAnswer(response, s3Error(502, 'BadGateway', response.req));
  }
}

/**
 * The caller hung up while its answer was sent: its own affair, whereas an upstream that breaks off says
 * `aborted`.
 */
function isHangUp(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function refusal(status: number, code: string, request: IncomingMessage): S3Refusal {
  return new S3Refusal(code, s3Error(status, code, request));
}

/**
 * The whole body; `undefined` when the caller hung up before it had arrived. A caller that was killed just
 * after has made its call all the same, as on a real S3.
 */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  return await new Promise((resolve) => {
    request.on('data', (part: Buffer) => parts.push(part));
    request.once('end', () => resolve(Buffer.concat(parts)));
    request.once('close', () => resolve(request.complete ? Buffer.concat(parts) : undefined));
  });
}
