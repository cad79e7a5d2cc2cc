import { mediaTypeOf, RETRY_AFTER } from '../../services/answer';
import type { AnswerWords } from '../../services/answer-words';
import type { VaultAnswer } from '../../services/vault-client';
import { explainDifference } from '../bytes/byte-difference';
import { checksumOf } from '../bytes/checksum';
import { renderDifference } from '../bytes/render-difference';
import { safeText } from '../bytes/safe-text';
import type { StoredRecord } from '../profile/metadata-shape';

import { wrongPart } from './request-verdict';

/** All that is known of a log past the vault, at one moment. */
export interface LogFacts {
  readonly record: StoredRecord | undefined;
  readonly object: Buffer | undefined;
}

/** One read of a raw log, and everything that decides what a vault may answer. */
export interface RawRead {
  readonly logId: string;
  /** The facts from just before the read, and from just after. */
  readonly before: LogFacts;
  readonly after: LogFacts;
  /** The answer, or in words why none came. */
  readonly answer: VaultAnswer | string;
  /** Whether storage failed a read of its object meanwhile. */
  readonly storageFailed: boolean;
  readonly metadataAway: boolean;
  /** Whether the vault took as long as it waits for any call: on a busy machine one may have taken too long. */
  readonly tookLong: boolean;
  readonly vaultDown: boolean;
  /** Whether a completed job promises that it can be read. */
  readonly promised: boolean;
  /** How this vault words what it answers. */
  readonly words: AnswerWords;
  /** The Range that was asked for; the whole when absent. */
  readonly range?: string | undefined;
  /** The bytes that the reader has from before, where it asks for the log only if it has changed. */
  readonly held?: Buffer | undefined;
}

const QUOTED_CHARACTERS = 300;
const STORED_AND_RETURNED = { expected: 'storage holds', actual: 'the vault returned' };

/** Says in words why a read must not be answered so; `undefined` when a vault may answer so (contract, sections 1 and 5). */
export function wrongRead(read: RawRead): string | undefined {
  const { answer, vaultDown, storageFailed } = read;
  if (typeof answer === 'string') {
    // A vault that had begun to answer can only break off.
    const isAbort = storageFailed && !/ETIMEDOUT|ECONNREFUSED/.test(answer);
    return vaultDown || isAbort ? undefined : answer;
  }
  if (answer.status === read.words.missingObject) return wrongMissing(read, answer);
  switch (answer.status) {
    case 200:
      return wrongContent(read, answer);
    case 206:
      return wrongPartial(read, answer);
    case 404:
      return wrongUnknown(read);
    case 503:
      return wrongOutage(read, answer);
    case 304:
      return wrongUnchanged(read);
    case 416:
      return read.range === undefined ? 'it is answered with 416, though no part was asked for' : undefined;
    default:
      return `it is answered with ${answer.status} ${quoted(answer)}`;
  }
}

/** Returns the requirements that are judged by the answer to a read. */
export function readPromises({
  answer,
  before,
  metadataAway,
  storageFailed,
  words,
}: RawRead): readonly string[] {
  if (typeof answer === 'string') return storageFailed ? ['RES-23'] : ['API-50'];
  if (answer.status === words.missingObject) return ['CON-1', 'CON-2', ...(storageFailed ? ['RES-6'] : [])];
  switch (answer.status) {
    case 200:
      if (before.record !== undefined && before.object === undefined) return ['CON-1'];
      return isAltered(before) ? ['CON-4'] : ['FID-1', 'FID-2', 'API-50'];
    case 404:
      return ['CON-2', 'API-53', ...(metadataAway ? ['RES-31'] : [])];
    case 503:
      return metadataAway ? ['RES-32'] : ['RES-6'];
    default:
      return ['API-50'];
  }
}

/** A `503` has to say when to ask again, and needs a reason. @param reasons whether there was one */
export function wrongUnavailable(answer: VaultAnswer, reasons: readonly boolean[]): string | undefined {
  if (!reasons.includes(true))
    return `it is answered with 503 ${quoted(answer)}, though everything the vault needs was there`;
  return RETRY_AFTER.test(answer.headers['retry-after'] ?? '')
    ? undefined
    : 'it is answered with a 503 without Retry-After';
}

function wrongContent({ before, after, words }: RawRead, answer: VaultAnswer): string | undefined {
  if (after.record === undefined) {
    return `it is answered with 200 and ${answer.body.byteLength} bytes, though no metadata describes such a log`;
  }
  const stored = [after.object, before.object].filter((object) => object !== undefined);
  const [object] = stored;
  if (object === undefined) {
    return `its object is gone, but it is answered with 200 and ${answer.body.byteLength} bytes`;
  }
  if (!stored.some((bytes) => bytes.equals(answer.body))) {
    const difference = explainDifference(object, answer.body);
    return difference === undefined ? undefined : renderDifference(difference, STORED_AND_RETURNED);
  }
  if (mediaTypeOf(answer) !== 'application/json') {
    return `its Content-Type is ${safeText(answer.headers['content-type'] ?? 'missing')}`;
  }
  const header = words.checksumHeader;
  return wrongChecksum(
    after.record,
    words.readChecksum(words.readHeader(answer.headers[header] ?? '')),
    header,
  );
}

/** Whoever has the bytes that are stored need not be sent them again; what was done to them has to show. */
function wrongUnchanged({ held, before, after }: RawRead): string | undefined {
  if (held === undefined) return 'it is answered with 304, though it was asked for without a condition';
  if ([before.object, after.object].some((object) => object?.equals(held))) return undefined;
  return after.object === undefined
    ? 'its object is gone, but it is answered with 304'
    : 'it is answered with 304, but its object holds other bytes than the reader has';
}

/** A vault may give the part that is asked for instead of the whole, and no other. */
function wrongPartial({ before, after, range }: RawRead, answer: VaultAnswer): string | undefined {
  if (range === undefined) return 'it is answered with 206, though the whole was asked for';
  const stored = [after.object, before.object].filter((object) => object !== undefined);
  return wrongPart(answer, stored);
}

function wrongUnknown({ before, promised }: RawRead): string | undefined {
  if (before.record !== undefined) return 'it is answered with 404, though metadata describes it';
  return promised ? 'it is answered with 404, though a job that listed it has completed' : undefined;
}

function wrongMissing(
  { logId, before, after, storageFailed, promised, words }: RawRead,
  answer: VaultAnswer,
): string | undefined {
  const { status } = answer;
  if (before.object !== undefined && after.object !== undefined) {
    return storageFailed
      ? `storage only failed the read, but it is answered with ${status}: an outage is not a loss`
      : `it is answered with ${status}, though its object is in storage`;
  }
  if (after.record === undefined)
    return `it is answered with ${status}, though no metadata describes such a log`;
  if (promised) return `it is answered with ${status}, though a job that listed it since has completed`;
  const body = objectIn(answer.body);
  if (body?.error !== 'Raw Content Missing' || body.log_id !== logId) {
    return `the ${status} does not say that the raw content of ${logId} is missing: ${quoted(answer)}`;
  }
  if (!/\bno-store\b/i.test(answer.headers['cache-control'] ?? '')) return `the ${status} may be cached`;
  const checksum = typeof body.checksum === 'string' ? words.readChecksum(body.checksum) : undefined;
  return wrongChecksum(after.record, checksum ?? body.checksum, `the checksum in the ${status}`);
}

function wrongOutage(
  { storageFailed, metadataAway, tookLong, vaultDown }: RawRead,
  answer: VaultAnswer,
): string | undefined {
  // One that is about to stop says what it likes.
  return vaultDown ? undefined : wrongUnavailable(answer, [storageFailed, metadataAway, tookLong]);
}

function wrongChecksum(record: StoredRecord, checksum: unknown, which: string): string | undefined {
  if (record.kind === 'malformed' || record.checksum === checksum) return undefined;
  return `${which} is ${safeText(String(checksum ?? 'missing'))}, its metadata says ${record.checksum}`;
}

/** Whether an object is another one than its metadata describes. */
function isAltered({ record, object }: LogFacts): boolean {
  return record?.kind === 'record' && object !== undefined && checksumOf(object) !== record.checksum;
}

function objectIn(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function quoted({ body }: VaultAnswer): string {
  return body.byteLength === 0 ? '(empty body)' : safeText(body.toString(), { limit: QUOTED_CHARACTERS });
}
