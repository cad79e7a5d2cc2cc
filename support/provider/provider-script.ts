import { gzipSync } from 'node:zlib';
import { type ArmedFault, FaultBoard } from '../faults/fault-board';
import { checksumOf } from '../integrity/checksum';
import {
  contentDigestOf,
  describeProviderFault,
  json,
  type ProviderAnswer,
  type ProviderFault,
  reset,
} from './provider-answer';

/** The three calls a vault makes to a provider (contract, section 2). */
export type ProviderCallKind = 'listing' | 'payload' | 'health';

/** How a payload travels; its entity's bytes stay the same. */
export interface PayloadDelivery {
  /** Compressed in transport, announced by `Content-Encoding: gzip`. */
  readonly gzip?: boolean;
  /** Sent in chunks of so many bytes, without a Content-Length. */
  readonly chunkBytes?: number;
  /** Milliseconds between chunks. */
  readonly paceMs?: number;
  /** Announces the SHA-256 of the entity (RFC 9530). */
  readonly contentDigest?: boolean;
}

/** One log the provider offers. */
export interface OfferedLog {
  readonly providerId: string;
  readonly sourceId: string;
  /** RFC 3339, any offset: what the listing says. */
  readonly timestamp: string;
  readonly payload: Buffer;
  readonly delivery?: PayloadDelivery;
  /** The instant by which the provider files the log, when it is not that of `timestamp` (a late log). */
  readonly listedAt?: string;
  /** How often a listing names it; 1 when absent. */
  readonly listedTimes?: number;
}

/** One call as the provider received it. Times are milliseconds on the monotonic clock. */
export interface ProviderRequest {
  readonly kind: ProviderCallKind | 'unknown';
  readonly path: string;
  readonly providerId: string | undefined;
  readonly sourceId: string | undefined;
  readonly range: { readonly start: string; readonly end: string } | undefined;
  readonly cursor: string | undefined;
  readonly authorized: boolean;
  readonly arrivedMs: number;
  readonly answeredMs: number | undefined;
  readonly answer: string;
}

/** A version of a payload that a vault was given whole: what it may store. */
export interface ServedPayload {
  readonly providerId: string;
  readonly sourceId: string;
  readonly checksum: string;
  readonly bytes: number;
}

/** What a listing named: what a job over that range has to store. */
export interface ServedListing {
  readonly providerId: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly sourceIds: readonly string[];
}

export interface IncomingProviderCall {
  /** Path and query as received, below the provider's base URL. */
  readonly target: string;
  readonly authorization: string | undefined;
  readonly arrivedMs?: number;
  /** Aborted when the vault hangs up. */
  readonly gone?: AbortSignal;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const DEFAULT_PAGE_LOGS = 100;

/**
 * What a provider offers and how it misbehaves. Plain state; a transport (nock in-process, an HTTP server on the wire)
 * hands each call to `answer` and sends what comes back.
 */
export class ProviderScript {
  readonly #faults = new FaultBoard<ProviderRequest, ProviderFault>();
  #logs = new Map<string, OfferedLog>();
  #everOffered: OfferedLog[] = [];
  #requests: Writable<ProviderRequest>[] = [];
  #served: ServedPayload[] = [];
  #listings: ServedListing[] = [];
  #inFlight = new Set<object>();
  readonly #offeredTo: ((log: OfferedLog) => void)[] = [];
  /** Logs named on one page of a listing. */
  pageLogs = DEFAULT_PAGE_LOGS;

  /** @param apiKey the one key that is valid here. */
  constructor(readonly apiKey: string) {}

  get requests(): readonly ProviderRequest[] {
    return this.#requests;
  }

  get served(): readonly ServedPayload[] {
    return this.#served;
  }

  get listings(): readonly ServedListing[] {
    return this.#listings;
  }

  get offered(): readonly OfferedLog[] {
    return [...this.#logs.values()];
  }

  /** Every offer of the scenario, earlier versions of a log included. */
  get everOffered(): readonly OfferedLog[] {
    return this.#everOffered;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Tells a transport of each log as it is offered. */
  onOffer(listener: (log: OfferedLog) => void): void {
    this.#offeredTo.push(listener);
  }

  /** Offers a log, or a new version of one that is offered already. */
  offer(log: OfferedLog): void {
    this.#logs.set(nameOf(log.providerId, log.sourceId), log);
    this.#everOffered.push(log);
    for (const listener of this.#offeredTo) listener(log);
  }

  /** The logs that lie in a range; which do, is the provider's to say (contract, section 2). */
  offeredIn(providerId: string, startMs: number, endMs: number): readonly OfferedLog[] {
    return this.offered.filter((log) => {
      const instantMs = Date.parse(log.listedAt ?? log.timestamp);
      return log.providerId === providerId && instantMs >= startMs && instantMs < endMs;
    });
  }

  /** Requests for one log's payload, in order of arrival. */
  payloadRequests(providerId: string, sourceId: string): readonly ProviderRequest[] {
    return this.#requests.filter(
      (request) =>
        request.kind === 'payload' && request.providerId === providerId && request.sourceId === sourceId,
    );
  }

  /** Arms a fault for calls of one kind: to one provider, about one log, or any. */
  arm(
    target: {
      readonly kind: ProviderCallKind;
      readonly providerId?: string;
      readonly sourceId?: string;
      readonly range?: { readonly start: string; readonly end: string };
    },
    fault: ProviderFault,
    times: number,
  ): ArmedFault<ProviderFault> {
    const about = [target.providerId, target.sourceId].filter((part) => part !== undefined).join(' ');
    return this.#faults.arm(
      `provider: ${describeProviderFault(fault)} to a ${target.kind} call${about === '' ? '' : ` for ${about}`}`,
      (request) =>
        request.kind === target.kind &&
        request.authorized &&
        (target.providerId === undefined || request.providerId === target.providerId) &&
        (target.sourceId === undefined || request.sourceId === target.sourceId) &&
        (target.range === undefined || sameRange(request.range, target.range)),
      fault,
      times,
    );
  }

  unfired(): string[] {
    return this.#faults.unfired();
  }

  heal(): void {
    this.#faults.heal();
  }

  /** For the next scenario: nothing offered, nothing asked, no faults. */
  reset(): void {
    this.#faults.reset();
    this.#logs = new Map();
    this.#everOffered = [];
    this.#requests = [];
    this.#served = [];
    this.#listings = [];
    this.#inFlight = new Set();
    this.pageLogs = DEFAULT_PAGE_LOGS;
  }

  /** Answers one call; waits here for as long as an armed fault holds it back. */
  async answer(call: IncomingProviderCall): Promise<ProviderAnswer> {
    const request = this.#note(call);
    const flight = {};
    const inFlight = this.#inFlight;
    inFlight.add(flight);
    try {
      const struck = this.#faults.strike(request);
      if (struck?.fault.kind === 'hold') await untilReleased(struck, call.gone);
      if (struck?.fault.kind === 'latency') await delayed(struck.fault.delayMs, call.gone);
      const answer = this.#faulty(struck, request) ?? this.#serve(request);
      request.answer =
        struck === undefined
          ? `${answer.status}`
          : `${answer.status} (${describeProviderFault(struck.fault)})`;
      request.answeredMs = performance.now();
      return answer;
    } finally {
      inFlight.delete(flight);
    }
  }

  #note(call: IncomingProviderCall): Writable<ProviderRequest> {
    const url = new URL(call.target, 'http://provider.invalid');
    const segments = url.pathname.split('/').slice(1).map(decoded);
    const isListing = segments.length === 2 && segments[1] === 'logs';
    const isPayload = segments.length === 3 && segments[1] === 'logs';
    const start = url.searchParams.get('start');
    const end = url.searchParams.get('end');
    const request: Writable<ProviderRequest> = {
      kind: isPayload ? 'payload' : isListing ? 'listing' : url.pathname === '/health' ? 'health' : 'unknown',
      path: call.target,
      providerId: isListing || isPayload ? segments[0] : undefined,
      sourceId: isPayload ? segments[2] : undefined,
      range: start === null || end === null ? undefined : { start, end },
      cursor: url.searchParams.get('cursor') ?? undefined,
      authorized: call.authorization === `Bearer ${this.apiKey}`,
      arrivedMs: call.arrivedMs ?? performance.now(),
      answeredMs: undefined,
      answer: 'pending',
    };
    this.#requests.push(request);
    return request;
  }

  /** The answer a fault gives in place of the right one; `undefined` where the fault only waits. */
  #faulty(
    struck: ArmedFault<ProviderFault> | undefined,
    request: ProviderRequest,
  ): ProviderAnswer | undefined {
    const fault = struck?.fault;
    switch (fault?.kind) {
      case 'status': {
        const headers: Record<string, string> = { 'content-type': 'application/json' };
        if (fault.retryAfterSeconds !== undefined) headers['retry-after'] = String(fault.retryAfterSeconds);
        if (fault.location !== undefined) headers.location = fault.location;
        const body = Buffer.from(fault.body ?? '{"error":"armed by the suite"}');
        return { status: fault.status, headers, body, delivery: { kind: 'whole' } };
      }
      case 'reset':
        return reset();
      case 'silence':
        return { ...reset(), delivery: { kind: 'silence', until: struck?.released ?? Promise.resolve() } };
      case 'listing-text':
        return {
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: Buffer.from(fault.text),
          delivery: { kind: 'whole' },
        };
      case 'short-body': {
        const log = this.#logOf(request);
        return log === undefined
          ? undefined
          : {
              status: 200,
              headers: {
                'content-type': 'application/json',
                'content-length': String(log.payload.byteLength),
              },
              body: log.payload.subarray(0, Math.floor(log.payload.byteLength / 2)),
              delivery: { kind: 'short' },
            };
      }
      case 'corrupt-body': {
        const log = this.#logOf(request);
        if (log === undefined) return undefined;
        const body = Buffer.from(log.payload);
        const middle = body.byteLength >> 1;
        body[middle] = (body[middle] ?? 0) ^ 0x01;
        return {
          status: 200,
          headers: { 'content-type': 'application/json', 'content-digest': contentDigestOf(log.payload) },
          body,
          delivery: { kind: 'whole' },
        };
      }
      default:
        return undefined;
    }
  }

  #serve(request: ProviderRequest): ProviderAnswer {
    if (request.kind === 'unknown') return json(404, { error: 'no such call' });
    if (!request.authorized) return json(401, { error: 'unauthorized' });
    if (request.kind === 'health') return json(200, { status: 'ok' });
    return request.kind === 'listing' ? this.#listing(request) : this.#payload(request);
  }

  #listing(request: ProviderRequest): ProviderAnswer {
    const startMs = Date.parse(request.range?.start ?? '');
    const endMs = Date.parse(request.range?.end ?? '');
    if (Number.isNaN(startMs) || Number.isNaN(endMs)) return json(400, { error: 'start and end are needed' });
    const logs = this.offeredIn(request.providerId ?? '', startMs, endMs).flatMap((log) =>
      Array.from({ length: log.listedTimes ?? 1 }, () => log),
    );
    const from = request.cursor === undefined ? 0 : positionOf(request.cursor);
    if (from === undefined) return json(400, { error: 'unknown cursor' });
    const page = logs.slice(from, from + this.pageLogs);
    const next = from + this.pageLogs;
    this.#listings.push({
      providerId: request.providerId ?? '',
      startMs,
      endMs,
      sourceIds: page.map(({ sourceId }) => sourceId),
    });
    return json(200, {
      logs: page.map(({ sourceId, timestamp }) => ({ id: sourceId, timestamp })),
      next_cursor: next < logs.length ? cursorAt(next) : null,
    });
  }

  #payload(request: ProviderRequest): ProviderAnswer {
    const log = this.#logOf(request);
    if (log === undefined) return json(404, { error: 'no such log' });
    this.#served.push({
      providerId: log.providerId,
      sourceId: log.sourceId,
      checksum: checksumOf(log.payload),
      bytes: log.payload.byteLength,
    });
    const { gzip, chunkBytes, paceMs, contentDigest } = log.delivery ?? {};
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (gzip === true) headers['content-encoding'] = 'gzip';
    if (contentDigest === true) headers['content-digest'] = contentDigestOf(log.payload);
    return {
      status: 200,
      headers,
      body: gzip === true ? gzipSync(log.payload) : log.payload,
      delivery:
        chunkBytes === undefined ? { kind: 'whole' } : { kind: 'chunks', chunkBytes, paceMs: paceMs ?? 0 },
    };
  }

  #logOf(request: ProviderRequest): OfferedLog | undefined {
    return this.#logs.get(nameOf(request.providerId ?? '', request.sourceId ?? ''));
  }
}

function nameOf(providerId: string, sourceId: string): string {
  return `${providerId}\n${sourceId}`;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Cursors are opaque to a vault; this one holds characters that must be percent-encoded in a query. */
function cursorAt(position: number): string {
  return `after+${position}/=&?`;
}

function positionOf(cursor: string): number | undefined {
  const match = /^after\+(\d+)\/=&\?$/.exec(cursor);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

function sameRange(
  asked: { readonly start: string; readonly end: string } | undefined,
  wanted: { readonly start: string; readonly end: string },
): boolean {
  return (
    asked !== undefined &&
    Date.parse(asked.start) === Date.parse(wanted.start) &&
    Date.parse(asked.end) === Date.parse(wanted.end)
  );
}

async function untilReleased(
  struck: ArmedFault<ProviderFault>,
  gone: AbortSignal | undefined,
): Promise<void> {
  await Promise.race([
    struck.released,
    new Promise<void>((resolve) => gone?.addEventListener('abort', () => resolve(), { once: true })),
  ]);
}

async function delayed(delayMs: number, gone: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, delayMs);
    gone?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
