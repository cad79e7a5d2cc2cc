import { count, hexOf, safeText } from '../../bytes/safe-text';
import { type Markup, markup } from '../markup';
import { withoutCounterpart } from './byte-alignment';
import { type Picture, svgPicture } from './svg-picture';

/** Two payloads that should have been the same, byte by byte. */
export interface ComparedBytes {
  readonly expected: Uint8Array;
  readonly actual: Uint8Array;
  /** How the two sides are called: `the provider served`, `the vault returned`. */
  readonly wording: { readonly expected: string; readonly actual: string };
  /** Names whose bytes they are; empty where nobody said. */
  readonly subject: string;
  /** The first differing byte. */
  readonly offset: number;
  /** The JSON path there, where there is one. */
  readonly path: string | undefined;
  /** The differing stretch of each side, `[from, to)`. */
  readonly changed: {
    readonly expected: readonly [number, number];
    readonly actual: readonly [number, number];
  };
}

const COLUMNS = 8;
const ROWS_BEFORE = 2;
const ROWS = 8;
const LEFT = 12;
const OFFSET_WIDTH = 64;
const HEX_PITCH = 21;
const TEXT_PITCH = 9;
const SIDE_WIDTH = COLUMNS * (HEX_PITCH + TEXT_PITCH) + 10;
const GAP = 22;
const WIDTH = LEFT * 2 + OFFSET_WIDTH + SIDE_WIDTH * 2 + GAP;
const HEAD = 102;
const ROW = 20;
const FOOT = 28;
const NAME_LIMIT = 44;
const PATH_LIMIT = 90;

/**
 * The bytes around the first difference, side by side: offset, hex and text, with the differing stretch
 * marked.
 */
export function byteComparison(compared: ComparedBytes): Picture {
  const { expected, actual, wording, offset, changed, subject, path } = compared;
  const firstRow = Math.max(0, Math.floor(offset / COLUMNS) - ROWS_BEFORE);
  const rows = Array.from({ length: ROWS }, (_, index) => (firstRow + index) * COLUMNS).filter(
    (start) => start <= Math.max(expected.length, actual.length),
  );
  const of = subject === '' ? 'The bytes' : safeText(subject, { limit: NAME_LIMIT });
  const title = `${of}: first difference at byte ${offset.toLocaleString('en-US')}`;
  const where = path === undefined ? undefined : `at ${safeText(path, { limit: PATH_LIMIT })}`;
  const left = LEFT + OFFSET_WIDTH;
  const right = left + SIDE_WIDTH + GAP;
  const marked = withoutCounterpart(
    { bytes: expected, changed: changed.expected },
    { bytes: actual, changed: changed.actual },
  );
  const sides = [
    { bytes: expected, changed: changed.expected, marked: marked.expected, words: wording.expected, x: left },
    { bytes: actual, changed: changed.actual, marked: marked.actual, words: wording.actual, x: right },
  ];
  const height = HEAD + rows.length * ROW + FOOT;
  return svgPicture({
    title,
    description: `${title}${where === undefined ? '' : `, ${where}`}. ${sides.map(sideInWords).join(' ')}`,
    width: WIDTH,
    height,
    content: markup`<text class="title" x="${LEFT}" y="24">${title}</text><text class="soft" x="${LEFT}" y="44">${where}</text><text class="soft" x="${LEFT}" y="${HEAD - 12}">offset</text>${sides.map((side) => head(side))}${rows.map((start, index) => row(start, HEAD + index * ROW, sides))}<rect x="${LEFT}" y="${height - 20}" width="12" height="12" rx="2" fill="var(--badcard)" stroke="var(--bad)"/><text class="soft" x="${LEFT + 18}" y="${height - 10}">differs; a dot in the text stands for what is no printable ASCII</text>`,
  });
}

interface Side {
  readonly bytes: Uint8Array;
  readonly changed: readonly [number, number];
  /** The bytes that have no counterpart. */
  readonly marked: ReadonlySet<number>;
  readonly words: string;
  readonly x: number;
}

function head({ bytes, words, x }: Side): Markup {
  return markup`<text class="strong" x="${x}" y="${HEAD - 30}">${safeText(words, { limit: NAME_LIMIT })}</text><text class="soft" x="${x}" y="${HEAD - 12}">${count(bytes.length, 'byte')}</text>`;
}

function row(start: number, top: number, sides: readonly Side[]): Markup {
  const y = top + 14;
  return markup`<text class="mono soft" x="${LEFT}" y="${y}">${start.toString().padStart(7, '0')}</text>${sides.map((side) => cells(side, start, top))}`;
}

function cells(
  { bytes, changed: [from, to], marked, x }: Side,
  start: number,
  top: number,
): readonly Markup[] {
  const textX = x + COLUMNS * HEX_PITCH + 10;
  const y = top + 14;
  return Array.from({ length: COLUMNS }, (_, column) => start + column).map((at) => {
    const column = at - start;
    const hexAt = x + column * HEX_PITCH;
    const textAt = textX + column * TEXT_PITCH;
    const byte = bytes[at];
    const isMarked = marked.has(at);
    // Where bytes are only on the other side, a bar says between which they belong.
    const isGap = at === from && to <= from;
    const mark = isGap
      ? markup`<rect x="${hexAt - 4}" y="${top + 1}" width="3" height="17" fill="var(--bad)"/>`
      : isMarked
        ? markup`<rect x="${hexAt - 2}" y="${top + 1}" width="19" height="17" rx="2" fill="var(--badcard)" stroke="var(--bad)"/><rect x="${textAt - 1}" y="${top + 1}" width="9" height="17" fill="var(--badcard)"/>`
        : undefined;
    if (byte === undefined) {
      const isEnd = at === bytes.length;
      return isEnd ? markup`${mark}<text class="mono soft" x="${hexAt}" y="${y}">··</text>` : markup``;
    }
    const emphasis = isMarked ? 'mono strong' : 'mono';
    return markup`${mark}<text class="${emphasis}" x="${hexAt}" y="${y}">${hexOf(byte).toLowerCase()}</text><text class="${emphasis}" x="${textAt}" y="${y}">${printable(byte)}</text>`;
  });
}

function sideInWords({ bytes, changed: [from, to], words }: Side): string {
  const length = Math.max(0, to - from);
  const stretch = length === 0 ? 'nothing in place of it' : `bytes ${from} to ${to - 1} in place of it`;
  return `${safeText(words, { limit: NAME_LIMIT })} ${count(bytes.length, 'byte')}, ${stretch}.`;
}

function printable(byte: number): string {
  return byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : byte === 0x20 ? '␣' : '·';
}
