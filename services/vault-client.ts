import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type Agent, type IncomingMessage, request } from 'node:http';
import type { Readable } from 'node:stream';
import got, { type Got, RequestError, TimeoutError } from 'got';

/**
 * One question to the vault and its answer, kept as evidence. Times are milliseconds on the monotonic clock.
 */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly sentMs: number;
  readonly tookMs: number;
  /** The body that was sent, secrets redacted; empty when there was none. */
  readonly requestBody: string;
  /** `undefined` when no answer came. */
  readonly answer: VaultAnswer | undefined;
  /** Why no answer came. */
  readonly failure: string | undefined;
}

/** An answer as it came: nothing is parsed, nothing follows redirects, nothing is asked twice. */
export interface VaultAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An answer whose body its reader takes as slowly as it likes, or leaves by destroying it. */
export interface OpenAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Breaks with an error when the vault hangs up before it is whole. */
  readonly body: Readable;
}

export interface VaultRequest {
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long the vault may take; the client's own limit when absent. */
  readonly withinMs?: number;
}

/** How long an answer may take; it is told when one was waited for in vain. */
export interface AnswerPatience {
  /** In milliseconds; the contract's bound for any call is 15 s (section 1). */
  readonly answerMs: number;
  /** @param sinceMs when the question was sent, on the monotonic clock */
  ranOut(sinceMs: number): void;
}

/** The vault gave no answer: refused, reset, or silent for too long. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/**
 * Stands in an exchange for the body of an answer that was opened: its reader may have left before its end.
 */
export const READ_AS_STREAM: Buffer = Buffer.from('(read as a stream)');

const REMEMBERED_EXCHANGES = 400;
/** A replay reads payloads of many MiB; the latest are evidence enough. */
const REMEMBERED_BYTES = 64 * 1024 * 1024;

/**
 * Taken as this file is loaded: a mock of the provider that patches it later breaks off what is read slowly,
 * and makes every question to the vault cost twice as much.
 */
const unpatchedRequest = request;

/**
 * The one way to talk to a vault. It never asks again what was heard and never follows a redirect, so that what is
 * judged is what the vault answered first; and it keeps every exchange as evidence.
 */
export class VaultClient {
  readonly #http: Got;
  readonly #baseUrl: () => string;
  readonly #redact: (text: string) => string;
  readonly #patience: AnswerPatience;
  readonly #exchanges: Exchange[] = [];
  #rememberedBytes = 0;

  /**
   * @param baseUrl where the vault listens now; a restarted one may listen elsewhere.
   * @param redact takes the secrets out of a text.
   * @param agent whose connections the questions take.
   */
  constructor(
    baseUrl: () => string,
    redact: (text: string) => string,
    patience: AnswerPatience,
    agent: Agent,
  ) {
    this.#baseUrl = baseUrl;
    this.#redact = redact;
    this.#patience = patience;
    this.#http = got.extend({
      retry: { limit: 0 },
      followRedirect: false,
      throwHttpErrors: false,
      decompress: true,
      responseType: 'buffer',
      request: unpatchedRequest,
      agent: { http: agent },
    });
  }

  get exchanges(): readonly Exchange[] {
    return this.#exchanges;
  }

  /** @throws NoAnswerError when the vault cannot be reached, hangs up, or takes too long. */
  async send(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    request: VaultRequest = {},
  ): Promise<VaultAnswer> {
    const sentMs = performance.now();
    const note = (answer: VaultAnswer | undefined, failure: string | undefined): void => {
      const tookMs = performance.now() - sentMs;
      const requestBody = this.#redact(request.body?.toString() ?? '');
      this.#remember({ method, path, sentMs, tookMs, requestBody, answer, failure });
    };
    const ask = () =>
      this.#http(`${this.#baseUrl()}${path}`, {
        method,
        headers: { ...request.headers },
        ...(request.body === undefined ? {} : { body: request.body }),
        timeout: { request: request.withinMs ?? this.#patience.answerMs },
      });
    try {
      const response = await ask().catch((error: unknown) => {
        if (wasClosedWhileIdle(error)) return ask();
        throw error;
      });
      const answer = {
        status: response.statusCode,
        headers: flattened(response.headers),
        body: asBuffer(response.rawBody),
      };
      note(answer, undefined);
      return answer;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (error instanceof TimeoutError && request.withinMs === undefined) this.#patience.ranOut(sentMs);
      const failure = `${method} ${path}: no answer (${error.code}: ${this.#redact(error.message)})`;
      note(undefined, failure);
      throw new NoAnswerError(failure);
    }
  }

  /** Asks for what its reader takes at its own pace. @throws NoAnswerError as `send` does */
  async open(path: string): Promise<OpenAnswer> {
    const sentMs = performance.now();
    const note = (answer: VaultAnswer | undefined, failure: string | undefined): void => {
      const tookMs = performance.now() - sentMs;
      this.#remember({ method: 'GET', path, sentMs, tookMs, requestBody: '', answer, failure });
    };
    try {
      const limitMs = this.#patience.answerMs;
      const asking = unpatchedRequest(`${this.#baseUrl()}${path}`, { agent: false, timeout: limitMs });
      asking.once('timeout', () => {
        this.#patience.ranOut(sentMs);
        asking.destroy(new Error(`nothing was heard for ${limitMs} ms`));
      });
      asking.end();
      const [body]: IncomingMessage[] = await once(asking, 'response');
      if (body === undefined) throw new Error('the response is none');
      const answer = { status: body.statusCode ?? 0, headers: flattened(body.headers) };
      note({ ...answer, body: READ_AS_STREAM }, undefined);
      return { ...answer, body };
    } catch (error) {
      const reason = this.#redact(error instanceof Error ? error.message : String(error));
      const failure = `GET ${path}: no answer (${reason})`;
      note(undefined, failure);
      throw new NoAnswerError(failure);
    }
  }

  #remember(exchange: Exchange): void {
    this.#exchanges.push(exchange);
    this.#rememberedBytes += bytesOf(exchange);
    while (
      this.#exchanges.length > REMEMBERED_EXCHANGES ||
      (this.#rememberedBytes > REMEMBERED_BYTES && this.#exchanges.length > 1)
    ) {
      this.#rememberedBytes -= bytesOf(this.#exchanges.shift());
    }
  }

  /** A POST of a JSON document. */
  async post(path: string, document: unknown): Promise<VaultAnswer> {
    return await this.send('POST', path, {
      body: JSON.stringify(document),
      headers: { 'content-type': 'application/json' },
    });
  }

  /** An answer in one line for an error: method, path, status and body, secrets redacted. */
  quote(method: string, path: string, answer: VaultAnswer): string {
    return `${method} ${path} answered ${answer.status} ${quoteBody(this.#redact(answer.body.toString()), answer.body)}`;
  }
}

/** The same bytes, not a copy: a body may be large. */
function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function bytesOf(exchange: Exchange | undefined): number {
  return (exchange?.answer?.body.byteLength ?? 0) + (exchange?.requestBody.length ?? 0);
}

const QUOTED_CHARACTERS = 300;

function quoteBody(text: string, body: Buffer): string {
  if (text === '') return '(empty body)';
  if (text.length <= QUOTED_CHARACTERS) return text;
  const sha256 = createHash('sha256').update(body).digest('hex');
  return `${text.slice(0, QUOTED_CHARACTERS)}… (${body.byteLength} bytes, sha256:${sha256})`;
}

/** A server may close a connection that it has answered on just as the next question goes out: nobody has heard that one. */
function wasClosedWhileIdle(error: unknown): boolean {
  return (
    error instanceof RequestError &&
    ['ECONNRESET', 'EPIPE'].includes(error.code) &&
    error.response === undefined &&
    error.request?.reusedSocket === true
  );
}

function flattened(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}
