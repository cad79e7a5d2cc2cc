import { gzipSync } from 'node:zlib';
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
  /** The media type it is declared as: `application/json`, with or without parameters. */
  readonly contentType?: string;
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
  /** The times that a listing names it; 1 when absent. */
  readonly listedTimes?: number;
}

/** A log's payload, whole and true, as its delivery wants it sent. */
export function payloadAnswer({ payload, delivery = {} }: OfferedLog): ProviderAnswer {
  const { gzip = false, chunkBytes, paceMs = 0, contentDigest = false } = delivery;
  const { digestAlgorithms, contentType = 'application/json' } = delivery;
  const content = gzip ? gzipSync(payload) : payload;
  return {
    status: 200,
    headers: {
      'content-type': contentType,
      ...(gzip ? { 'content-encoding': 'gzip' } : {}),
      ...(contentDigest ? { 'content-digest': contentDigestOf(content, digestAlgorithms) } : {}),
    },
    body: content,
    delivery: chunkBytes === undefined ? whole : inChunks(chunkBytes, paceMs),
  };
}
