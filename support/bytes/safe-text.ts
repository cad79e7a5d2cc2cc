import { checksumOf } from './checksum';

/**
 * Payloads are hostile: they may hold terminal commands, characters that reorder or hide text, or megabytes.
 * Whatever is quoted in a message, a log or a report goes through here first.
 */

/** The part of a text that is shown unless the caller says otherwise, in characters. */
const QUOTED_LENGTH = 500;
const QUOTED_ITEMS = 50;
const QUOTED_NODES = 2_000;

/**
 * Everything that does not show as itself: controls, format characters (bidi overrides, zero-width, byte
 * order mark), lone surrogates, private and unassigned code points, line separators, fillers, blanks that
 * look like a space, and marks that merge with the letter before them (so that the NFC and NFD forms of a
 * word look different).
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Script=Inherited}\u2800]|(?! )\p{Zs}/gu;

const NAMES: ReadonlyMap<number, string> = new Map([
  [0x00, 'NUL'],
  [0x09, 'TAB'],
  [0x0a, 'LF'],
  [0x0d, 'CR'],
  [0x1b, 'ESC'],
  [0x7f, 'DEL'],
  [0xfeff, 'BOM'],
]);

const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export interface SafeTextOptions {
  /** Longest text shown, in characters; the rest is counted. Default 500. */
  readonly limit?: number;
  /** Keep line feeds and tabs as they are, for text shown in several lines. Default false. */
  readonly multiLine?: boolean;
}

/**
 * Makes a text safe to print: what cannot be seen becomes `<ESC>` or `<U+202E>`, and its length is bounded.
 */
export function safeText(text: string, options: SafeTextOptions = {}): string {
  const limit = options.limit ?? QUOTED_LENGTH;
  const head = cut(text, limit);
  const shown = head.replace(UNSEEN, (character) =>
    options.multiLine && (character === '\n' || character === '\t') ? character : nameOf(character),
  );
  // Escapes are longer than what they stand for, so the bound is applied to what is shown as well.
  const bounded = shown.length > limit ? cut(shown, limit) : shown;
  if (head.length === text.length && bounded.length === shown.length) return bounded;
  return `${bounded}… (${count(text.length, 'character')} in all)`;
}

/**
 * Shows bytes as text as far as they are UTF-8; each byte that is not becomes `<byte FF>`. For short windows.
 */
export function safeBytes(bytes: Uint8Array): string {
  let shown = '';
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    shown +=
      length === 0
        ? `<byte ${hexOf(bytes[at] ?? 0)}>`
        : Buffer.from(bytes.subarray(at, at + length))
            .toString('utf8')
            .replace(UNSEEN, nameOf);
    at += Math.max(length, 1);
  }
  return shown;
}

/**
 * Returns any value as one bounded, printable line of JSON. It never throws and never walks more than it
 * shows: cycles, big integers and throwing getters are named, bytes are given by their size and checksum.
 */
export function safeJson(value: unknown, limit = QUOTED_LENGTH): string {
  try {
    return safeText(JSON.stringify(value, bounding(limit)) ?? String(value), { limit });
  } catch (error) {
    return safeText(`(cannot be shown: ${error instanceof Error ? error.message : 'unknown reason'})`, {
      limit,
    });
  }
}

/** `1 byte`, `2,048 bytes`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
}

/** Two upper-case hex digits. */
export function hexOf(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}

function bounding(limit: number): (this: unknown, key: string, value: unknown) => unknown {
  let nodes = 0;
  const parents: unknown[] = [];
  return function (this: unknown, key: string, value: unknown): unknown {
    // Buffers arrive here as what their toJSON made of them, so the holder is asked for the real one.
    const raw = (this as Record<string, unknown>)[key];
    if (raw instanceof Uint8Array) return `(${count(raw.length, 'byte')}, ${checksumOf(raw)})`;
    nodes += 1;
    if (nodes > QUOTED_NODES) return '…';
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
    if (typeof value === 'string') return cut(value, limit);
    if (typeof value !== 'object' || value === null) return value;
    while (parents.length > 0 && parents.at(-1) !== this) parents.pop();
    if (parents.includes(value)) return '(itself)';
    const shown = plain(value);
    parents.push(shown);
    return shown;
  };
}

function plain(value: object): object {
  if (value instanceof Error) return { error: value.name, message: value.message };
  if (value instanceof Map || value instanceof Set) return [...value].slice(0, QUOTED_ITEMS);
  if (Array.isArray(value)) {
    if (value.length <= QUOTED_ITEMS) return value;
    return [...value.slice(0, QUOTED_ITEMS), `… ${value.length - QUOTED_ITEMS} more`];
  }
  const names = Object.keys(value);
  if (names.length <= QUOTED_ITEMS) return value;
  const shown = names.slice(0, QUOTED_ITEMS).map((name) => [name, Reflect.get(value, name)]);
  return Object.fromEntries([...shown, ['…', `${names.length - QUOTED_ITEMS} more`]]);
}

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `<${NAMES.get(code) ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`}>`;
}

/** Cuts without splitting a surrogate pair, which would look like damage that is not there. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}

/** The number of bytes that the UTF-8 character at an offset has; 0 when there is none. */
function characterLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  try {
    // The decoder knows the rules that lengths alone do not: overlong forms, surrogates, the end of Unicode.
    STRICT_UTF8.decode(bytes.subarray(at, at + length));
    return length;
  } catch {
    return 0;
  }
}
