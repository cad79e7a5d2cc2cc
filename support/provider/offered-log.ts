import { gzipSync } from 'node:zlib';
import { type Instant, instantOf } from '../bytes/instant';
import {
  contentDigestOf,
  type DigestAlgorithm,
  inChunks,
  type ProviderAnswer,
  whole,
} from './provider-answer';

/** The way a payload travels; its entity's bytes stay the same. */
export interface PayloadDelivery {
  /** Compressed in transport, announced by `Content-Encoding: gzip`. */
  readonly gzip?: boolean;
  /** Sent in chunks of so many bytes, without a Content-Length. */
  readonly chunkBytes?: number;
  /** Milliseconds between chunks. */
  readonly paceMs?: number;
  /** Announces the SHA-256 of the content, which is what is sent: compressed, if it is (RFC 9530). */
  readonly contentDigest?: boolean;
  /** The algorithms that its digest lists, in this order; SHA-256 alone when absent. */
  readonly digestAlgorithms?: readonly DigestAlgorithm[];
  /** Digests listed before those, by algorithms that nobody here knows, as they are sent. */
  readonly foreignDigests?: readonly string[];
  /** The media type it is declared as: `application/json`, with or without parameters. */
  readonly contentType?: string;
  /** How gzip is written; `gzip` in one piece when absent. */
  readonly compression?: Compression;
  /** Headers that say nothing about the payload. */
  readonly moreHeaders?: Readonly<Record<string, string>>;
  /** How the names of headers are spelt; in lower case when absent. */
  readonly headerNames?: 'Capitalised' | 'UPPER CASE';
}

/** Ways to write gzip, and to name it: all mean the same. */
export interface Compression {
  /** The coding as the header names it: `gzip`, in any case. */
  readonly name: string;
  /** 0 keeps the bytes as they are, within gzip. */
  readonly level: number;
  /** Files one after the other, which is one file all the same (RFC 1952). */
  readonly members: number;
}

const GZIP: Compression = { name: 'gzip', level: 6, members: 1 };

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
  /** The times that a listing names it; 1 when absent. */
  readonly listedTimes?: number;
  /** Other timestamps under which the listing names it as well. */
  readonly alsoDated?: readonly string[];
}

const filed = new WeakMap<OfferedLog, Instant>();

/** The instant by which the provider files a log. */
export function filedAt(log: OfferedLog): Instant {
  const instant = filed.get(log) ?? instantOf(log.listedAt ?? log.timestamp);
  filed.set(log, instant);
  return instant;
}

const answers = new WeakMap<OfferedLog, ProviderAnswer>();

/**
 * A log's payload, whole and true, as its delivery wants it sent. It is made once, before anybody asks: some MiB take
 * a busy machine seconds to compress, and whoever waited would take that for the provider's silence.
 */
export function payloadAnswer(log: OfferedLog): ProviderAnswer {
  const answer = answers.get(log) ?? answerWith(log);
  answers.set(log, answer);
  return answer;
}

function answerWith({ payload, delivery = {} }: OfferedLog): ProviderAnswer {
  const { gzip = false, chunkBytes, paceMs = 0, contentDigest = false } = delivery;
  const {
    digestAlgorithms,
    foreignDigests = [],
    contentType = 'application/json',
    compression = GZIP,
  } = delivery;
  const content = gzip ? compressed(payload, compression) : payload;
  const digests = (): string => [...foreignDigests, contentDigestOf(content, digestAlgorithms)].join(', ');
  const headers = {
    'content-type': contentType,
    ...(gzip ? { 'content-encoding': compression.name } : {}),
    ...(contentDigest ? { 'content-digest': digests() } : {}),
    ...delivery.moreHeaders,
  };
  return {
    status: 200,
    headers: renamed(headers, delivery.headerNames),
    body: content,
    delivery: chunkBytes === undefined ? whole : inChunks(chunkBytes, paceMs),
  };
}

function compressed(payload: Buffer, { level, members }: Compression): Buffer {
  const each = Math.ceil(payload.byteLength / members);
  const parts = Array.from({ length: members }, (_, at) => payload.subarray(at * each, (at + 1) * each));
  return Buffer.concat(parts.map((part) => gzipSync(part, { level })));
}

function renamed(
  headers: Readonly<Record<string, string>>,
  spelling: PayloadDelivery['headerNames'],
): Readonly<Record<string, string>> {
  if (spelling === undefined) return headers;
  const spelt = (name: string): string =>
    spelling === 'UPPER CASE'
      ? name.toUpperCase()
      : name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [spelt(name), value]));
}
