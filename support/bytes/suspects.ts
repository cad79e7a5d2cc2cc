import { isAscii, isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { inForm } from './unicode-form';

/**
 * The changes that commonly alter a payload between a provider's socket and an auditor's hands. A suspect is
 * named only when it explains every byte: applied to what was expected, it gives exactly what came.
 */
interface Suspect {
  readonly sentence: string;
  /** Undefined, or an exception, when it does not apply. */
  apply(expected: Payload, actual: Buffer): Buffer | undefined;
}

/** A payload and its text, decoded once for all suspects. */
interface Payload {
  readonly bytes: Buffer;
  /** As UTF-8, invalid bytes being U+FFFD, and with the byte order mark. */
  readonly text: string;
  /** The text around the first difference. */
  readonly near: string;
  readonly isText: boolean;
  readonly isAscii: boolean;
}

/** Larger payloads are not tried, so that an explanation stays quick. */
const LARGEST_TRIED = 8 * 1024 * 1024;

/** The distance from the first difference that is near it, in bytes: more than a letter and its marks. */
const NEAR = 256;

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

const SUSPECTS: readonly Suspect[] = [
  {
    sentence: 'JSON.parse followed by JSON.stringify',
    apply: ({ text }) => encoded(JSON.stringify(JSON.parse(withoutMark(text)))),
  },
  {
    sentence: 'JSON.parse followed by JSON.stringify with an indent of 2',
    apply: ({ text }, actual) =>
      actual.includes('\n  ') ? encoded(JSON.stringify(JSON.parse(withoutMark(text)), null, 2)) : undefined,
  },
  {
    sentence: 'dropping the byte order mark',
    apply: ({ bytes }) => (hasByteOrderMark(bytes) ? bytes.subarray(BYTE_ORDER_MARK.length) : undefined),
  },
  { sentence: 'adding a byte order mark', apply: ({ bytes }) => Buffer.concat([BYTE_ORDER_MARK, bytes]) },
  {
    sentence: 'decoding the bytes as UTF-8 and encoding them again (invalid bytes became U+FFFD)',
    apply: ({ text, isText }) => (isText ? undefined : encoded(text)),
  },
  {
    sentence: 'decoding the bytes as UTF-8 without the byte order mark and encoding them again',
    apply: ({ text, isText }) => (isText ? undefined : encoded(withoutMark(text))),
  },
  {
    sentence: 'trimming white space at both ends',
    apply: ({ text }) => (/^\s|\s$/.test(text) ? encoded(text.trim()) : undefined),
  },
  {
    sentence: 'turning CR LF line ends into LF',
    apply: ({ text }) => (text.includes('\r\n') ? encoded(text.replaceAll('\r\n', '\n')) : undefined),
  },
  {
    sentence: 'turning LF line ends into CR LF',
    apply: ({ text }) => (text.includes('\n') ? encoded(text.replaceAll(/\r?\n/g, '\r\n')) : undefined),
  },
  { sentence: 'cutting at the first NUL byte', apply: ({ bytes }) => upTo(bytes, 0) },
  {
    sentence: 'removing NUL bytes',
    apply: ({ bytes }) =>
      bytes.includes(0) ? Buffer.from(bytes.toString('latin1').replaceAll('\0', ''), 'latin1') : undefined,
  },
  ...(['NFC', 'NFD', 'NFKC'] as const).map(
    (form): Suspect => ({
      sentence: `Unicode normalisation to ${form}`,
      // Normalising megabytes takes its time: not where the first difference is none of this kind.
      apply: ({ text, near }) =>
        inForm(near, form) === near ? undefined : encoded(inForm(text, form) ?? text),
    }),
  ),
  {
    sentence: 'taking the bytes for ISO 8859-1 and encoding them as UTF-8',
    apply: ({ bytes, isAscii }) => (isAscii ? undefined : encoded(bytes.toString('latin1'))),
  },
  {
    sentence: 'encoding the text as ISO 8859-1',
    apply: ({ text, isAscii }) => (isAscii ? undefined : Buffer.from(text, 'latin1')),
  },
  {
    sentence: 'encoding the text once more as a JSON string',
    apply: ({ text }, actual) => (actual[0] === 0x22 ? encoded(JSON.stringify(text)) : undefined),
  },
  { sentence: 'encoding the bytes as Base64', apply: ({ bytes }) => encoded(bytes.toString('base64')) },
  {
    sentence: 'undoing a gzip that belongs to the payload',
    apply: ({ bytes }, actual) => unzipped(bytes, actual.length),
  },
  {
    sentence: 'a gzip that was not undone',
    apply: ({ bytes }, actual) => (unzipped(actual, bytes.length)?.equals(bytes) ? actual : undefined),
  },
];

/**
 * Returns what, done to the expected bytes, gives exactly the actual ones; undefined when nothing known does.
 * `offset` is the first differing byte.
 */
export function suspectFor(expected: Buffer, actual: Buffer, offset: number): string | undefined {
  if (expected.length > LARGEST_TRIED || actual.length > LARGEST_TRIED) return undefined;
  const payload: Payload = {
    bytes: expected,
    text: expected.toString('utf8'),
    near: expected.toString('utf8', Math.max(0, offset - NEAR), offset + NEAR),
    isText: isUtf8(expected),
    isAscii: isAscii(expected),
  };
  return SUSPECTS.find((suspect) => {
    try {
      return suspect.apply(payload, actual)?.equals(actual) ?? false;
    } catch {
      return false;
    }
  })?.sentence;
}

/** True when bytes begin with UTF-8's byte order mark. */
export function hasByteOrderMark(bytes: Buffer): boolean {
  return bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
}

function encoded(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}

function withoutMark(text: string): string {
  return text.startsWith('\u{feff}') ? text.slice(1) : text;
}

function upTo(bytes: Buffer, stop: number): Buffer | undefined {
  const at = bytes.indexOf(stop);
  return at === -1 ? undefined : bytes.subarray(0, at);
}

/** The limit is one byte more than what is compared with, so that a zip bomb is cut off at once. */
function unzipped(bytes: Buffer, length: number): Buffer | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return undefined;
  return gunzipSync(bytes, { maxOutputLength: length + 1 });
}
