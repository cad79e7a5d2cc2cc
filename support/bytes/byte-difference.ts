import { isUtf8 } from 'node:buffer';
import { type ByteWindow, characterStart, windowAt } from './byte-window';
import { checksumOf } from './checksum';
import { type LosslessJson, parseLossless, sameKeyOrder } from './lossless-json';
import { count, safeBytes, safeText } from './safe-text';
import { type StructuralDifference, structuralDifferences } from './structural-difference';
import { hasByteOrderMark, suspectFor } from './suspects';
import { spellingOfReordered, spellingOfTexts } from './text-comparison';
import { compareTokens } from './token-comparison';

/** One of the two payloads compared. */
export interface ComparedSide {
  /** Size in bytes. */
  readonly bytes: number;
  readonly checksum: string;
  /** The neighbourhood of the first difference. */
  readonly window: ByteWindow;
  /** The differing stretch, from the first differing byte to behind the last: `[from, to)`. */
  readonly changed: readonly [from: number, to: number];
}

/** Why two payloads are not the same, for a human. That they are not was decided on the bytes alone. */
export interface ByteDifference {
  readonly expected: ComparedSide;
  readonly actual: ComparedSide;
  /** The first differing byte; the length of the shorter payload when it is the beginning of the other. */
  readonly offset: number;
  /** The JSON path at that byte in the expected payload, safe to print; absent where it is not JSON. */
  readonly path?: string;
  /** True when both say the same and only the bytes differ: `causes` then tells how. */
  readonly sameStructure: boolean;
  /** Phrases such as `key order`, `number format (1 number: 1.0 became 1)`, `truncated at byte 118`. */
  readonly causes: readonly string[];
  /** What, done to the expected bytes, gives exactly the actual ones. */
  readonly suspect?: string;
  /** The structural differences, the first few, safe to print and bounded. */
  readonly differences: readonly StructuralDifference[];
  /** The number of further structural differences. */
  readonly moreDifferences: number;
  /** Why the structures were not compared, when they were not. */
  readonly note?: string;
}

type Structure = Pick<
  ByteDifference,
  'sameStructure' | 'causes' | 'differences' | 'moreDifferences' | 'note'
>;

const LISTED = 12;
const QUOTED_PATH = 160;
const QUOTED_VALUE = 120;

/** Beyond this a structural comparison would no longer be quick. */
const LARGEST_COMPARED = 16 * 1024 * 1024;

const TOO_LARGE = 'too large to explain by structure';

/**
 * Explains how two payloads differ; undefined when they are identical, byte by byte. Never throws, whatever
 * the payloads hold, and is bounded: 5 MiB take well under a second.
 */
export function explainDifference(expected: Uint8Array, actual: Uint8Array): ByteDifference | undefined {
  const left = asBuffer(expected);
  const right = asBuffer(actual);
  if (left.equals(right)) return undefined;
  const offset = commonPrefix(left, right);
  const tail = commonSuffix(left, right, offset);
  const { path, ...structure } = explainStructure(left, right, offset);
  const explained = structure.sameStructure && structure.causes.length > 0;
  const stretches = explained ? [] : stretchCauses(left, right, offset, tail);
  const suspect = suspectFor(left, right, offset);
  return {
    ...structure,
    expected: sideOf(left, offset, tail),
    actual: sideOf(right, offset, tail),
    offset,
    causes: [...structure.causes, ...stretches],
    ...(path === undefined ? {} : { path }),
    ...(suspect === undefined ? {} : { suspect }),
  };
}

function sideOf(bytes: Buffer, offset: number, tail: number): ComparedSide {
  return {
    bytes: bytes.length,
    checksum: checksumOf(bytes),
    window: windowAt(bytes, offset),
    changed: [offset, bytes.length - tail],
  };
}

function explainStructure(
  left: Buffer,
  right: Buffer,
  offset: number,
): Structure & { readonly path?: string } {
  if (Math.max(left.length, right.length) > LARGEST_COMPARED) {
    return unstructured([], TOO_LARGE);
  }
  // Where either is not UTF-8, both are read one character per byte, so that no two byte strings look the
  // same.
  const encoding = isUtf8(left) && isUtf8(right) ? 'utf8' : 'latin1';
  const marks = markCause(left, right);
  const start = hasByteOrderMark(left) ? 3 : 0;
  const expectedText = left.toString(encoding, start);
  const actualText = right.toString(encoding, hasByteOrderMark(right) ? 3 : 0);
  const from = encoding === 'utf8' ? characterStart(left, offset) : offset;
  const at = left.toString(encoding, start, Math.max(from, start)).length;
  const sameUpTo = marks.length === 0 ? at - 1 : 0;
  const expected = parseLossless(expectedText, { pathAt: at, sameUpTo });
  const actual = parseLossless(actualText, { sameUpTo });
  const structure = compareStructures(expectedText, actualText, expected, actual, encoding);
  // A line of CSV may begin like a JSON text; only a path that leads somewhere is worth telling.
  const path = expected.kind === 'not json' && expected.path === '$' ? undefined : expected.path;
  return { ...structure, causes: [...marks, ...structure.causes], ...(path === undefined ? {} : { path }) };
}

function compareStructures(
  expectedText: string,
  actualText: string,
  expected: LosslessJson,
  actual: LosslessJson,
  encoding: 'utf8' | 'latin1',
): Structure {
  if (expectedText === actualText) return same([]);
  if (expected.kind === 'not json' || actual.kind === 'not json') {
    const causes = spellingOfTexts(expectedText, actualText);
    return unstructured(causes, `${whichIsNotJson(expected, actual)}, so there is no structure to compare`);
  }
  const tokens = compareTokens(expectedText, actualText, expected.resumeAt);
  if (tokens.sameTokens) return same(tokens.spelling);
  if (expected.kind !== 'json' || actual.kind !== 'json') {
    const deep = count(Math.max(expected.depth, actual.depth), 'level');
    const isDeep = expected.kind === 'too deep' || actual.kind === 'too deep';
    return unstructured([], isDeep ? `too deep to explain by structure: ${deep}` : TOO_LARGE);
  }
  const listed: StructuralDifference[] = [];
  let total = 0;
  for (const difference of structuralDifferences(expected.value, actual.value)) {
    total += 1;
    if (total <= LISTED) listed.push(printable(difference, encoding));
  }
  if (total > 0) {
    return { sameStructure: false, causes: [], differences: listed, moreDifferences: total - listed.length };
  }
  const order = sameKeyOrder(expected.value, actual.value) ? [] : ['key order'];
  return same([...order, ...spellingOfReordered(expectedText, actualText)]);
}

function whichIsNotJson(expected: LosslessJson, actual: LosslessJson): string {
  if (expected.kind !== 'not json') return 'what came is not JSON';
  return actual.kind === 'not json' ? 'neither is JSON' : 'what was expected is not JSON';
}

function same(causes: readonly string[]): Structure {
  return { sameStructure: true, causes, differences: [], moreDifferences: 0 };
}

function unstructured(causes: readonly string[], note: string): Structure {
  return { sameStructure: false, causes, differences: [], moreDifferences: 0, note };
}

function printable(difference: StructuralDifference, encoding: 'utf8' | 'latin1'): StructuralDifference {
  const quote = (text: string, limit: number): string =>
    encoding === 'utf8'
      ? safeText(text, { limit })
      : safeText(safeBytes(Buffer.from(text.slice(0, limit), 'latin1')), { limit });
  return {
    path: quote(difference.path, QUOTED_PATH),
    change: difference.change,
    ...(difference.expected === undefined ? {} : { expected: quote(difference.expected, QUOTED_VALUE) }),
    ...(difference.actual === undefined ? {} : { actual: quote(difference.actual, QUOTED_VALUE) }),
  };
}

function markCause(left: Buffer, right: Buffer): string[] {
  if (hasByteOrderMark(left) === hasByteOrderMark(right)) return [];
  return [`byte order mark (${hasByteOrderMark(left) ? 'removed' : 'added'})`];
}

/**
 * Says what the lengths tell, JSON or not: one payload is a part of the other, or the same bytes come in
 * another order.
 */
function stretchCauses(left: Buffer, right: Buffer, offset: number, tail: number): string[] {
  const missing = count(left.length - right.length, 'byte');
  const extra = count(right.length - left.length, 'byte');
  if (offset === right.length) return [`truncated at byte ${offset} (${missing} missing at the end)`];
  if (offset === left.length) return [`${extra} added at the end`];
  if (tail === right.length) return [`${missing} missing at the beginning`];
  if (tail === left.length) return [`${extra} added at the beginning`];
  if (offset + tail === right.length) return [`${missing} missing from byte ${offset} on`];
  if (offset + tail === left.length) return [`${extra} added at byte ${offset}`];
  return sameBytesReordered(left, right) ? ['the same bytes in another order'] : [];
}

function sameBytesReordered(left: Buffer, right: Buffer): boolean {
  if (left.length !== right.length) return false;
  const balance = new Int32Array(256);
  for (const byte of left) balance[byte] = (balance[byte] ?? 0) + 1;
  for (const byte of right) balance[byte] = (balance[byte] ?? 0) - 1;
  return balance.every((difference) => difference === 0);
}

function commonPrefix(left: Buffer, right: Buffer): number {
  const end = Math.min(left.length, right.length);
  let at = 0;
  while (at < end && left[at] === right[at]) at += 1;
  return at;
}

/** The common end, without what the common beginning took already. */
function commonSuffix(left: Buffer, right: Buffer, prefix: number): number {
  const most = Math.min(left.length, right.length) - prefix;
  let length = 0;
  while (length < most && left[left.length - 1 - length] === right[right.length - 1 - length]) length += 1;
  return length;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
