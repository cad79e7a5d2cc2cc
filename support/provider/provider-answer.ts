import { createHash } from 'node:crypto';

/** How a provider misbehaves. `silence` and `hold` last until the fault is released or healed. */
export type ProviderFault =
  | {
      readonly kind: 'status';
      readonly status: number;
      /** As it is sent: seconds, or what is no number of them. */
      readonly retryAfter?: string;
      readonly location?: string;
      readonly body?: string;
    }
  | { readonly kind: 'reset' }
  | { readonly kind: 'silence' }
  | { readonly kind: 'hold' }
  | { readonly kind: 'latency'; readonly delayMs: number }
  /** A body shorter than its Content-Length. */
  | { readonly kind: 'short-body' }
  /** Half a body, then nothing until the fault is released or healed. */
  | { readonly kind: 'stalled-body' }
  /** Half a body in chunks, without the chunk that says that there are no more. */
  | { readonly kind: 'broken-chunks' }
  /** No byte of a body, the Content-Digest that of the true payload. */
  | { readonly kind: 'emptied-body' }
  /** One bit flipped, the Content-Digest that of the true payload. */
  | { readonly kind: 'corrupt-body' }
  /** `200` with a text in place of the listing. */
  | { readonly kind: 'listing-text'; readonly text: string };

/** How an answer's bytes are sent. */
export type Delivery =
  | { readonly kind: 'whole' }
  | { readonly kind: 'chunks'; readonly chunkBytes: number; readonly paceMs: number }
  /** Fewer bytes than the Content-Length says, or no last chunk, then the connection ends. */
  | { readonly kind: 'short' }
  /** Fewer bytes than the Content-Length says, then nothing. */
  | { readonly kind: 'stalled'; readonly until: Promise<void> }
  | { readonly kind: 'reset' }
  | { readonly kind: 'silence'; readonly until: Promise<void> };

/** What the provider answers; a transport sends it. */
export interface ProviderAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly delivery: Delivery;
}

export function json(status: number, value: unknown): ProviderAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(value)),
    delivery: { kind: 'whole' },
  };
}

/** No answer: the connection is reset. */
export function reset(): ProviderAnswer {
  return { status: 0, headers: {}, body: Buffer.alloc(0), delivery: { kind: 'reset' } };
}

/** The value of a Content-Digest header over these bytes (RFC 9530). */
export function contentDigestOf(bytes: Uint8Array): string {
  return `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;
}

/** Whether a vault that hangs up has met the fault just so: those that keep it waiting, and that is their point. */
export function isMetByHangingUp({ kind }: ProviderFault): boolean {
  return kind === 'silence' || kind === 'stalled-body' || kind === 'hold' || kind === 'latency';
}

/** A fault in the words of the report. */
export function describeProviderFault(fault: ProviderFault): string {
  switch (fault.kind) {
    case 'status':
      return `${fault.status}${fault.retryAfter === undefined ? '' : ` with Retry-After ${fault.retryAfter}`}`;
    case 'reset':
      return 'connection reset';
    case 'silence':
      return 'no answer at all';
    case 'hold':
      return 'an answer held back until released';
    case 'latency':
      return `an answer delayed by ${fault.delayMs} ms`;
    case 'short-body':
      return 'a body shorter than its Content-Length';
    case 'stalled-body':
      return 'half a body, then nothing';
    case 'broken-chunks':
      return 'chunks that break off';
    case 'emptied-body':
      return 'an empty body that does not match its Content-Digest';
    case 'corrupt-body':
      return 'a body that does not match its Content-Digest';
    case 'listing-text':
      return 'a listing that is none';
  }
}

/** The body in chunks of `chunkBytes`; an empty body is one empty chunk. */
export function chunksOf(body: Buffer, chunkBytes: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.byteLength; at += chunkBytes) chunks.push(body.subarray(at, at + chunkBytes));
  return chunks;
}
