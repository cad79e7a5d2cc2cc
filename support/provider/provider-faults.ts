import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { withOneByteChanged } from '../bytes/audit-event';
import { safeBytes } from '../bytes/safe-text';
import type { ArmedFault } from '../faults/fault-board';
import { type ByKind, type FaultRow, faultNamed } from '../faults/fault-row';
import { delayed, releasedOrGone } from '../faults/waiting';
import {
  beginningOf,
  encodedIn,
  shortened,
  type WrongDigest,
  wholly,
  withDigest,
  wrongDigest,
} from './body-spoilers';
import type { BrokenListing } from './broken-listing';
import { type OfferedLog, payloadAnswer } from './offered-log';
import {
  contentDigestOf,
  type DigestAlgorithm,
  type ProviderAnswer,
  reset,
  short,
  silence,
  stalled,
} from './provider-answer';
import type { ProviderDialect } from './provider-dialect';

/** The kinds of faults, and what has to be known of each. */
interface Members {
  readonly status: {
    readonly status: number;
    /** As it is sent: seconds, or what is no number of them. */
    readonly retryAfter?: string;
    readonly location?: string;
    readonly body?: string;
  };
  readonly 'listing-text': { readonly text: string | Buffer };
  readonly 'broken-listing': { readonly how: BrokenListing };
  readonly reset: object;
  readonly silence: object;
  readonly hold: object;
  readonly latency: { readonly delayMs: number };
  /** @property share how much of the body is sent, of 1; half when absent */
  readonly 'short-body': { readonly share?: number };
  readonly 'stalled-body': object;
  readonly 'broken-chunks': { readonly share?: number };
  readonly 'emptied-body': object;
  /** @property gzip whether it is compressed in transport; as its delivery has it when absent */
  readonly 'corrupt-body': {
    readonly digestAlgorithms?: readonly DigestAlgorithm[];
    readonly gzip?: boolean;
  };
  readonly 'unknown-encoding': { readonly encoding: string };
  readonly 'cut-compression': { readonly share: number };
  readonly 'damaged-compression': object;
  readonly 'wrong-digest': { readonly wrong: WrongDigest };
}

type Kind = keyof Members;

/** One way in which a provider misbehaves. */
export type ProviderFault = ByKind<Members>;

interface Row<Fault> extends FaultRow<Fault> {
  /** Holds the answer back, where it does. */
  readonly wait?: (fault: Fault, released: Promise<void>, gone: AbortSignal | undefined) => Promise<unknown>;
  /**
   * Answers in place of the provider; `provider-answer.ts` says how that is sent in-process and on the wire.
   */
  readonly answer?: (fault: Fault, released: Promise<void>, dialect: ProviderDialect) => ProviderAnswer;
  /** Answers with what is right, a listing or a payload, spoiled; any other call is answered as usual. */
  readonly spoil?: (right: ProviderAnswer, released: Promise<void>, fault: Fault) => ProviderAnswer;
  /** Answers with the payload of the log, spoiled; a call that is about no log is answered as usual. */
  readonly spoilLog?: (log: OfferedLog, fault: Fault) => ProviderAnswer;
}

/** As much of a listing as tells which it was. */
const QUOTED_BYTES = 80;

/** Answers that HTTP knows without a body alone. */
const BODILESS: readonly number[] = [204, 304];

const listing = (text: string): ByKind<Members, 'listing-text'> => ({ kind: 'listing-text', text });
const broken = (how: BrokenListing): [string, ByKind<Members, 'broken-listing'>] => [
  how,
  { kind: 'broken-listing', how },
];

/** Everything about each fault. */
const rows: { readonly [K in Kind]: Row<ByKind<Members, K>> } = {
  /** `"503"`, `"429 with Retry-After 1"`: another status in place of the answer. */
  status: {
    describe: ({ status, retryAfter }) =>
      `${status}${retryAfter === undefined ? '' : ` with Retry-After ${retryAfter}`}`,
    answer: ({ status, retryAfter, location, body }) =>
      wholly(status, body ?? (BODILESS.includes(status) ? '' : '{"error":"armed by the suite"}'), {
        ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
        ...(location === undefined ? {} : { location }),
      }),
  },
  /** `200` with a text in place of the listing, by how it differs from one (contract, section 2). */
  'listing-text': {
    words: {
      'an empty body': listing(''),
      'a web page for people': listing('<!doctype html><title>Maintenance</title><p>We are back soon.</p>'),
      'the word null': listing('null'),
    },
    describe: ({ text }) =>
      `a listing that is none (${safeBytes(Buffer.from(text).subarray(0, QUOTED_BYTES))})`,
    answer: ({ text }) => wholly(200, text),
  },
  /** `200` with JSON in place of the listing, by how it differs from one in the provider's dialect. */
  'broken-listing': {
    words: Object.fromEntries([
      broken('JSON cut off'),
      broken('a list alone'),
      broken('no logs member'),
      broken('logs that are null'),
      broken('logs that are not a list'),
      broken('an entry without an id'),
      broken('an id that is a number'),
      broken('an entry without a timestamp'),
      broken('a timestamp that is not one'),
      broken('an id of two dots'),
      broken('a cursor that is a number'),
      broken('no cursor member'),
    ]),
    describe: () => 'a listing that is none',
    answer: ({ how }, _, dialect) => wholly(200, dialect.brokenListing(how)),
  },
  reset: {
    words: { 'a connection reset': { kind: 'reset' } },
    describe: () => 'connection reset',
    answer: () => reset,
  },
  /** Nothing until it is released or healed, and then no answer either. */
  silence: {
    words: { silence: { kind: 'silence' } },
    describe: () => 'no answer at all',
    isMetByHangingUp: true,
    answer: (_, until) => silence(until),
  },
  /** Nothing until it is released or healed, and then the right answer. */
  hold: {
    describe: () => 'an answer held back until released',
    isMetByHangingUp: true,
    wait: async (_, released, gone) => await releasedOrGone({ released }, gone),
  },
  /** The right answer, late. */
  latency: {
    describe: ({ delayMs }) => `an answer delayed by ${delayMs} ms`,
    isMetByHangingUp: true,
    wait: async ({ delayMs }, _, gone) => await delayed(delayMs, gone),
  },
  'short-body': {
    words: { 'a body cut short': { kind: 'short-body' } },
    describe: () => 'a body shorter than its Content-Length',
    spoil: (right, _, { share }) => shortened(right, short, share),
  },
  /** Half a body, then nothing until it is released or healed. */
  'stalled-body': {
    words: { 'half a body and then silence': { kind: 'stalled-body' } },
    describe: () => 'half a body, then nothing',
    isMetByHangingUp: true,
    spoil: (right, until) => shortened(right, stalled(until)),
  },
  /** Half a body; without a Content-Length nothing but the end of the chunks tells that there are no more. */
  'broken-chunks': {
    words: { 'chunks that break off': { kind: 'broken-chunks' } },
    describe: () => 'chunks that break off',
    spoil: ({ status, headers, body }, _, { share }) => ({
      status,
      headers,
      body: beginningOf(body, share),
      delivery: short,
    }),
  },
  /** As a proxy answers that has lost what it was to hand on. */
  'emptied-body': {
    words: { 'an empty body with the digest of the whole': { kind: 'emptied-body' } },
    describe: () => 'an empty body that does not match its Content-Digest',
    spoilLog: ({ payload }) => wholly(200, '', { 'content-digest': contentDigestOf(payload) }),
  },
  /** One bit flipped: before it was compressed, if it is, so that the compression alone does not tell. */
  'corrupt-body': {
    words: {
      'a body that does not match its digest': { kind: 'corrupt-body' },
      'a body that matches neither of its digests': {
        kind: 'corrupt-body',
        digestAlgorithms: ['sha-512', 'sha-256'],
      },
    },
    describe: () => 'a body that does not match its Content-Digest',
    spoilLog: (log, { digestAlgorithms = log.delivery?.digestAlgorithms, gzip }) => {
      const sent = gzip === undefined ? log : { ...log, delivery: { ...log.delivery, gzip } };
      const { body } = payloadAnswer(sent);
      const answer = payloadAnswer({ ...sent, payload: withOneByteChanged(log.payload) });
      const digest = contentDigestOf(body, digestAlgorithms);
      return withDigest(answer, digest);
    },
  },
  /** A digest that is that of the payload in part. */
  'wrong-digest': {
    describe: ({ wrong }) => `a Content-Digest of which ${wrong} is wrong`,
    spoilLog: (log, { wrong }) => {
      const answer = payloadAnswer(log);
      const digest = `sha-256=:${wrongDigest(wrong, createHash('sha256').update(answer.body).digest())}:`;
      return withDigest(answer, digest);
    },
  },
  /** Bytes in codings that nobody has to undo; those of the payload are not among them. */
  'unknown-encoding': {
    words: { 'an encoding that nobody can undo': { kind: 'unknown-encoding', encoding: 'aes128gcm' } },
    describe: ({ encoding }) => `a body in the encoding "${encoding}", which nobody has to undo`,
    spoil: ({ body }, _, { encoding }) =>
      wholly(200, encodedIn(encoding, body), { 'content-encoding': encoding }),
  },
  /** A compressed body that ends too early; its Content-Length is that of what is sent. */
  'cut-compression': {
    words: { 'a compressed body that ends too early': { kind: 'cut-compression', share: 0.5 } },
    describe: ({ share }) => `a compressed body of which ${Math.round(100 * share)} % are there`,
    spoil: ({ body }, _, { share }) => {
      const compressed = gzipSync(body);
      const kept = Math.min(
        compressed.byteLength - 1,
        Math.max(1, Math.round(share * compressed.byteLength)),
      );
      return wholly(200, compressed.subarray(0, kept), { 'content-encoding': 'gzip' });
    },
  },
  /** A compressed body whose own checksum is wrong. */
  'damaged-compression': {
    describe: () => 'a compressed body whose own checksum is wrong',
    spoil: ({ body }) => {
      const compressed = gzipSync(body);
      const at = compressed.byteLength - 8;
      compressed.writeUInt8(compressed.readUInt8(at) ^ 1, at);
      return wholly(200, compressed, { 'content-encoding': 'gzip' });
    },
  },
};

function rowOf<K extends Kind>(fault: ByKind<Members, K>): Row<ByKind<Members, K>> {
  return rows[fault.kind as K];
}

/** A fault in the words of the report. */
export function describeProviderFault(fault: ProviderFault): string {
  return rowOf(fault).describe(fault);
}

/** True for faults that keep a vault waiting. */
export function isMetByHangingUp({ kind }: ProviderFault): boolean {
  return rows[kind].isMetByHangingUp === true;
}

/** The call that a fault strikes. */
export interface StruckCall {
  /** The log it is about, for faults that spoil its payload. */
  readonly log: OfferedLog | undefined;
  /** Returns the right answer, where it is a listing or a payload. */
  readonly right: () => ProviderAnswer | undefined;
  readonly dialect: ProviderDialect;
}

/**
 * Waits as long as the fault holds the answer back, and returns the answer it gives in place of the right
 * one.
 * @returns undefined where the fault only waits, or has no payload to spoil
 */
export async function faultyAnswer(
  { fault, released }: ArmedFault<ProviderFault>,
  { log, right, dialect }: StruckCall,
  gone: AbortSignal | undefined,
): Promise<ProviderAnswer | undefined> {
  const row = rowOf(fault);
  await row.wait?.(fault, released, gone);
  const answer = row.answer?.(fault, released, dialect) ?? (log && row.spoilLog?.(log, fault));
  if (answer !== undefined || row.spoil === undefined) return answer;
  const whole = right();
  return whole && row.spoil(whole, released, fault);
}

/**
 * The fault a feature file names: `503`, `429 with Retry-After 1`, `silence`, …
 * @throws Error for any other words
 */
export function providerFaultOf(words: string): ProviderFault {
  const [, status, retryAfter] = /^(\d{3})(?: with Retry-After (\S+))?$/.exec(words) ?? [];
  if (status !== undefined) {
    return { kind: 'status', status: Number(status), ...(retryAfter === undefined ? {} : { retryAfter }) };
  }
  return faultNamed<ProviderFault>(rows, words, ['a provider', '503']);
}
