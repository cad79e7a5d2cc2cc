import { hexOf, safeBytes } from './safe-text';

/** The neighbourhood of one byte, ready to print. */
export interface ByteWindow {
  /** Hex digits, the byte in question in brackets: `22 4a [c3] a9`; `[end]` where the bytes are over. */
  readonly hex: string;
  /** The same neighbourhood and a little more as text, made safe for a terminal. */
  readonly text: string;
}

const HEX_BEFORE = 8;
const HEX_AFTER = 12;
const TEXT_BEFORE = 24;
const TEXT_AFTER = 40;

/** The bytes around an offset. */
export function windowAt(bytes: Uint8Array, offset: number): ByteWindow {
  const hexFrom = Math.max(0, offset - HEX_BEFORE);
  const digits = [...bytes.subarray(hexFrom, offset + HEX_AFTER)].map((byte) => hexOf(byte).toLowerCase());
  digits[offset - hexFrom] = `[${digits[offset - hexFrom] ?? 'end'}]`;
  const textFrom = characterStart(bytes, Math.max(0, offset - TEXT_BEFORE));
  const textTo = characterStart(bytes, Math.min(bytes.length, offset + TEXT_AFTER));
  const text = safeBytes(bytes.subarray(textFrom, textTo));
  return {
    hex: `${hexFrom > 0 ? '… ' : ''}${digits.join(' ')}${offset + HEX_AFTER < bytes.length ? ' …' : ''}`,
    text: `${textFrom > 0 ? '…' : ''}${text}${textTo < bytes.length ? '…' : ''}`,
  };
}

/** The start of the UTF-8 character that covers an offset; the offset itself where there is none. */
export function characterStart(bytes: Uint8Array, offset: number): number {
  for (let start = offset; start > offset - 4 && start >= 0; start -= 1) {
    const byte = bytes[start];
    if (byte === undefined) return offset;
    if ((byte & 0xc0) !== 0x80) return start;
  }
  return offset;
}
