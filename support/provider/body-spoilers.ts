import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { type Delivery, type ProviderAnswer, whole } from './provider-answer';

/** Codings that can be applied; of any other name nobody knows what it means. */
const CODINGS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  br: (bytes) => brotliCompressSync(bytes),
};

/** The bytes in every coding that a Content-Encoding lists, in that order. */
export function encodedIn(encoding: string, bytes: Buffer): Buffer {
  return encoding
    .split(',')
    .map((name) => CODINGS[name.trim()] ?? scrambled)
    .reduce((coded, code) => code(coded), bytes);
}

function scrambled(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte) => byte ^ 0x55));
}

/** The part of a digest that is not that of the body; `none` is a digest without a value. */
export type WrongDigest = 'none' | 'its last characters' | 'its first characters' | 'all';

/** Returns a digest that is wrong in such a part, in base64. */
export function wrongDigest(wrong: WrongDigest, right: Buffer): string {
  const changed = (at: number): string => {
    const bytes = Buffer.from(right);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 0x10, at);
    return bytes.toString('base64');
  };
  switch (wrong) {
    case 'none':
      return '';
    case 'its last characters':
      return changed(right.byteLength - 1);
    case 'its first characters':
      return changed(0);
    case 'all':
      return Buffer.from(right.map((byte) => byte ^ 0xff)).toString('base64');
  }
}

const JSON_TYPE = { 'content-type': 'application/json' } as const;

/** An answer with such a body, which is all there. */
export function wholly(
  status: number,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): ProviderAnswer {
  return {
    status,
    headers: { ...JSON_TYPE, ...headers },
    body: Buffer.from(body),
    delivery: whole,
  };
}

/** An answer of whose body the beginning alone is sent. @param share of 1; half when absent */
export function shortened(
  { status, headers, body }: ProviderAnswer,
  delivery: Delivery,
  share?: number,
): ProviderAnswer {
  return {
    status,
    headers: { ...headers, 'content-length': String(body.byteLength) },
    body: beginningOf(body, share),
    delivery,
  };
}

/** So much of a body, and never all of it. */
export function beginningOf(body: Buffer, share = 0.5): Buffer {
  return body.subarray(0, Math.min(body.byteLength - 1, Math.floor(share * body.byteLength)));
}

/** The answer with another Content-Digest in place of its own, however that is spelt. */
export function withDigest(answer: ProviderAnswer, digest: string): ProviderAnswer {
  const others = Object.entries(answer.headers).filter(([name]) => name.toLowerCase() !== 'content-digest');
  return { ...answer, headers: { ...Object.fromEntries(others), 'content-digest': digest } };
}
