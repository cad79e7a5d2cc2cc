import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cutConnection } from '../faults/http-listener';

/** An answer of S3's. A body that is a stream has not been read yet. */
export interface S3Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer | Readable;
}

/** S3 refused the call: an error to the script, an answer to the vault. Its name is S3's error code. */
export class S3Refusal extends Error {
  override readonly name: string;

  constructor(
    code: string,
    readonly answer: S3Answer,
  ) {
    super(`${answer.status} ${code}`);
    this.name = code;
  }
}

const MESSAGES: Readonly<Record<string, string>> = {
  SlowDown: 'Please reduce your request rate.',
  InternalError: 'We encountered an internal error. Please try again.',
  NoSuchBucket: 'The specified bucket does not exist',
  NoSuchKey: 'The specified key does not exist.',
  AccessDenied: 'Access Denied',
  PreconditionFailed: 'At least one of the pre-conditions you specified did not hold',
};

/** An error as S3 writes it; a HEAD gets no body. */
export function s3Error(
  status: number,
  code: string,
  request: { readonly method?: string | undefined; readonly url?: string | undefined },
): S3Answer {
  const { method = 'GET', url = '/' } = request;
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>${escaped(code)}</Code><Message>${escaped(MESSAGES[code] ?? code)}</Message><Resource>${escaped(
    url.split('?')[0] ?? url,
  )}</Resource><RequestId>AUDITVAULTSUITE0</RequestId><HostId>suite</HostId></Error>`;
  return {
    status,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': 'AUDITVAULTSUITE0' },
    body: method === 'HEAD' ? Buffer.alloc(0) : Buffer.from(xml),
  };
}

/** S3's code for an error: from its body, or by its status where there is none. */
export function codeOf(status: number, body: Buffer): string {
  const written = /<Code>\s*([A-Za-z0-9]+)\s*<\/Code>/.exec(body.toString('utf8'))?.[1];
  return written ?? (status === 404 ? 'NotFound' : `Status${status}`);
}

/** Sends an answer whole. */
export async function sendAnswer(response: ServerResponse, answer: S3Answer): Promise<void> {
  const { status, headers, body } = answer;
  if (body instanceof Readable) {
    response.writeHead(status, headers);
    await pipeline(body, response);
    return;
  }
  // What a HEAD says of the length is about the object, not about this body; 204 and 304 say nothing of it.
  const hasBody = response.req.method !== 'HEAD' && status !== 204 && status !== 304;
  response.writeHead(status, hasBody ? { ...headers, 'content-length': String(body.byteLength) } : headers);
  response.end(hasBody ? body : undefined);
}

/**
 * Sends the headers of the whole answer and so many bytes of it; then the connection ends, after a silence
 * perhaps.
 */
export async function sendCutOff(
  response: ServerResponse,
  answer: S3Answer,
  afterBytes: number,
  until: Promise<unknown> | undefined,
): Promise<void> {
  // Of a body that is shorter the caller has all, and its next call would wait behind this one.
  response.setHeader('connection', 'close');
  response.writeHead(answer.status, answer.headers);
  let left = afterBytes;
  for await (const chunk of answer.body instanceof Readable ? answer.body : [answer.body]) {
    if (!Buffer.isBuffer(chunk) || left <= 0) break;
    response.write(chunk.subarray(0, left));
    left -= chunk.byteLength;
  }
  await until;
  cutConnection(response);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
