import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { cutConnection, hangUp, resetConnection } from '../faults/http-listener';
import { connectionReset } from '../faults/reset-socket';

/** An answer of the provider's; a transport sends it. */
export interface ProviderAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly delivery: Delivery;
}

/** An answer as nock takes it. */
type Reply = [number, Buffer | Readable, Record<string, string>];

/** A way to send an answer, in either transport. */
export interface Delivery {
  readonly inProcess: (answer: ProviderAnswer) => Reply | Promise<Reply>;
  readonly onTheWire: (
    answer: ProviderAnswer,
    response: ServerResponse,
    gone: AbortSignal,
  ) => Promise<void> | void;
}

export const whole: Delivery = {
  inProcess: ({ status, headers, body }) => [status, body, { ...headers, ...lengthOf(body) }],
  onTheWire: ({ status, headers, body }, response) => {
    response.writeHead(status, { ...headers, ...lengthOf(body) });
    response.end(response.req.method === 'HEAD' ? undefined : body);
  },
};

export const inChunks = (chunkBytes: number, paceMs: number): Delivery => ({
  inProcess: ({ status, headers, body }) => [
    status,
    Readable.from(paced(chunksOf(body, chunkBytes), paceMs)),
    { ...headers },
  ],
  onTheWire: async ({ status, headers, body }, response, gone) => {
    response.writeHead(status, headers);
    await writePaced(response, chunksOf(body, chunkBytes), paceMs, gone);
  },
});

/** Fewer bytes than the Content-Length says, or no last chunk, then the connection ends. */
export const short: Delivery = {
  inProcess: ({ status, headers, body }) => [status, Readable.from(thenReset(body)), { ...headers }],
  onTheWire: ({ status, headers, body }, response) => {
    response.writeHead(status, headers);
    response.write(body);
    cutConnection(response);
  },
};

/** Fewer bytes than the Content-Length says, then nothing. */
export const stalled = (until: Promise<void>): Delivery => ({
  inProcess: ({ status, headers, body }) => [status, Readable.from(thenNothing(body, until)), { ...headers }],
  onTheWire: async ({ status, headers, body }, response, gone) => {
    response.writeHead(status, headers);
    response.write(body);
    await Promise.race([until, hangUp(gone)]);
    resetConnection(response);
  },
});

const noAnswer = { status: 0, headers: {}, body: Buffer.alloc(0) };

/** No answer: the connection is reset. */
export const reset: ProviderAnswer = {
  ...noAnswer,
  delivery: {
    inProcess: () => {
      throw connectionReset();
    },
    onTheWire: (_, response) => resetConnection(response),
  },
};

/** No answer, and nothing else either until then. */
export const silence = (until: Promise<void>): ProviderAnswer => ({
  ...noAnswer,
  delivery: {
    inProcess: async () => {
      await until;
      // No error: nock does not tell whether the vault has hung up, and an error that nobody takes ends the
      // run.
      return [503, Buffer.alloc(0), {}];
    },
    onTheWire: async (_, response, gone) => {
      await Promise.race([until, hangUp(gone)]);
      resetConnection(response);
    },
  },
});

/** An answer of this value as JSON. */
export function json(status: number, value: unknown): ProviderAnswer {
  const headers = { 'content-type': 'application/json' };
  return { status, headers, body: Buffer.from(JSON.stringify(value)), delivery: whole };
}

/** The same answer, compressed in transport. */
export function gzipped(answer: ProviderAnswer): ProviderAnswer {
  const headers = { ...answer.headers, 'content-encoding': 'gzip' };
  return { ...answer, headers, body: gzipSync(answer.body) };
}

/** An algorithm as a Content-Digest names it, and Node.js does. */
const DIGEST_ALGORITHMS = { 'sha-256': 'sha256', 'sha-512': 'sha512', md5: 'md5', sha: 'sha1' } as const;

export type DigestAlgorithm = keyof typeof DIGEST_ALGORITHMS;

/** The value of a Content-Digest header over these bytes (RFC 9530), in the order of the algorithms. */
export function contentDigestOf(
  bytes: Uint8Array,
  algorithms: readonly DigestAlgorithm[] = ['sha-256'],
): string {
  return algorithms
    .map((name) => `${name}=:${createHash(DIGEST_ALGORITHMS[name]).update(bytes).digest('base64')}:`)
    .join(', ');
}

function lengthOf({ byteLength }: Buffer): Record<string, string> {
  return { 'content-length': String(byteLength) };
}

/** The body in chunks of `chunkBytes`; an empty body is no chunk. */
function chunksOf(body: Buffer, chunkBytes: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.byteLength; at += chunkBytes) chunks.push(body.subarray(at, at + chunkBytes));
  return chunks;
}

async function* paced(chunks: readonly Buffer[], paceMs: number): AsyncGenerator<Buffer> {
  for (const chunk of chunks) {
    yield chunk;
    if (paceMs > 0) await pause(paceMs);
  }
}

async function* thenReset(body: Buffer): AsyncGenerator<Buffer> {
  yield body;
  await Promise.resolve();
  throw connectionReset();
}

/** Ends without an error for the reason that silence does. */
async function* thenNothing(body: Buffer, until: Promise<void>): AsyncGenerator<Buffer> {
  yield body;
  await until;
}

async function writePaced(
  response: ServerResponse,
  chunks: readonly Buffer[],
  paceMs: number,
  gone: AbortSignal,
): Promise<void> {
  try {
    for (const [index, chunk] of chunks.entries()) {
      if (index > 0 && paceMs > 0) await pause(paceMs, undefined, { signal: gone });
      if (!response.write(chunk)) await once(response, 'drain', { signal: gone });
    }
    response.end();
  } catch (error) {
    if (!gone.aborted) throw error; // a vault that hangs up half-way is its own affair
  }
}
