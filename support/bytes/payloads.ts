import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The payloads that features send through a vault, by the words they use for them; `replay.feature` sends all files. */

const FOLDER = join(__dirname, '../../features/payloads');

/** The files; `features/payloads/README.md` tells what each is for. */
const FILES = {
  'Unicode in several normal forms': 'unicode.json',
  'lone surrogate escapes': 'lone-surrogates.json',
  'unusual string escapes': 'escapes.json',
  'hostile markup and terminal escapes': 'hostile.json',
  'data that looks personal': 'personal.json',
  'Windows line ends': 'crlf.json',
  'NUL characters': 'nul.json',
  'integers beyond 64 bits': 'big-integers.json',
  'decimals in unusual notations': 'decimals.json',
  'nested objects with nulls': 'nulls.json',
  'duplicate keys': 'duplicate-keys.json',
  'keys whose order matters': 'key-order.json',
  'keys that programming languages reserve': 'reserved-keys.json',
  'insignificant white space': 'white-space.json',
  '500 levels of nesting': 'deep.json',
  'led by a byte order mark': 'bom.json',
  'invalid UTF-8': 'invalid-utf8.json',
  'UTF-16': 'utf16.json',
  'not JSON at all': 'plain.log',
  compressed: 'compressed.gz',
  'the bare word null': 'null.json',
  'nothing but white space': 'blank.txt',
  empty: 'empty.bin',
} as const;

const KIB = 1024;

/** Made on demand, so that megabytes need not be committed: their sizes in bytes. */
const SIZES = {
  '64 KiB less one byte': 64 * KIB - 1,
  '64 KiB': 64 * KIB,
  '64 KiB and one byte': 64 * KIB + 1,
  '5 MiB': 5 * KIB * KIB,
} as const;

/**
 * More than MongoDB keeps in one document, 16 MiB. Made in another way, for at this size the time that it
 * takes would tell.
 */
const VERY_LARGE = { '17 MiB': 17 * KIB * KIB } as const;

export type PayloadKind = keyof typeof FILES | keyof typeof SIZES | keyof typeof VERY_LARGE;

/** Every kind there is, those in files first. */
export const PAYLOAD_KINDS: readonly PayloadKind[] = [
  ...(Object.keys(FILES) as (keyof typeof FILES)[]),
  ...(Object.keys(SIZES) as (keyof typeof SIZES)[]),
  ...(Object.keys(VERY_LARGE) as (keyof typeof VERY_LARGE)[]),
];

/** A feature asked for a kind of payload that does not exist. */
export class UnknownPayloadError extends Error {
  override readonly name = 'UnknownPayloadError';

  constructor(kind: string) {
    super(`there is no payload of the kind "${kind}"; the known kinds are: ${PAYLOAD_KINDS.join(', ')}`);
  }
}

const cache = new Map<string, Buffer>();

/**
 * The bytes of a kind of payload: the same at every call and in every run, each time a copy of the caller's
 * own.
 * @throws UnknownPayloadError
 */
export function payload(kind: string): Buffer {
  const known = PAYLOAD_KINDS.find((candidate) => candidate === kind);
  if (known === undefined) throw new UnknownPayloadError(kind);
  let bytes = cache.get(known);
  if (bytes === undefined) {
    bytes = newPayload(known);
    cache.set(known, bytes);
  }
  return Buffer.from(bytes);
}

function newPayload(kind: PayloadKind): Buffer {
  if (kind in FILES) return read(FILES[kind as keyof typeof FILES]);
  if (kind in VERY_LARGE) return numberedPages(VERY_LARGE[kind as keyof typeof VERY_LARGE]);
  return auditTrail(SIZES[kind as keyof typeof SIZES]);
}

function read(file: string): Buffer {
  return readFileSync(join(FOLDER, file));
}

const ACTIONS = ['repo.create', 'org.add_member', 'team.remove_repository', 'protected_branch.destroy'];
const WORDS = ['Überprüfung', 'проверка', '監査証跡', 'תיעוד', 'événement', '🔐', '𠜎', 'login', 'café'];

/**
 * A JSON document of exactly `size` bytes. Every event is another one, so that a chunk that is lost, repeated
 * or swapped shows; and most characters take several bytes, so that some lie across any boundary between
 * chunks.
 * @param seed documents of different seeds differ nearly everywhere
 */
export function auditTrail(size: number, seed = size): Buffer {
  const random = randomNumbers(seed);
  const pick = (choices: readonly string[]): string => choices[random() % choices.length] ?? '';
  const head = '{"source":"github_audit","events":[\n';
  const tail = '\n],"padding":""}\n';
  const events: string[] = [];
  let left = size - Buffer.byteLength(head + tail);
  for (let sequence = 1; ; sequence += 1) {
    const words = Array.from({ length: 30 }, () => pick(WORDS)).join(' ');
    const event = JSON.stringify({
      _document_id: random().toString(36),
      sequence,
      action: pick(ACTIONS),
      actor: { login: `user-${random() % 5000}`, id: random(), name: null },
      created_at: 1_767_268_800_000 + sequence * 137,
      note: words,
    });
    const separated = sequence === 1 ? event : `,\n${event}`;
    const bytes = Buffer.byteLength(separated);
    if (bytes > left) break;
    events.push(separated);
    left -= bytes;
  }
  return Buffer.from(`${head}${events.join('')}${tail.replace('""', `"${'x'.repeat(left)}"`)}`);
}

const PAGE_BYTES = 4 * KIB;

/**
 * An audit trail over and over, and over it a number at the beginning of each 4 KiB, so that no two of them
 * are alike. No JSON.
 */
function numberedPages(size: number): Buffer {
  const bytes = Buffer.alloc(size, auditTrail(64 * KIB));
  for (let at = 0; at < size; at += PAGE_BYTES) bytes.write(`page ${at / PAGE_BYTES}\n`, at, 'latin1');
  return bytes;
}

/** Marsaglia's xorshift: whole numbers from 1 to 2^32 - 1, the same ones for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}
