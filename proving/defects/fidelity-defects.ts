import { parseTree } from 'jsonc-parser';
import type { Change } from './change';
import { breaking, type Defect } from './defect';
import { fetching } from './part-changes';

/** Bugs that change the bytes of a payload that is JSON, on its way in. */
export const fidelityDefects: readonly Defect[] = breaking('FID-1', {
  'payload-reserialised: parses the payload and writes it again with JSON.stringify': payload(
    rewritten((value) => JSON.stringify(value)),
  ),
  'payload-normalised: brings the text of a payload into Unicode normal form C': payload((text) =>
    text.normalize('NFC'),
  ),
  'payload-nulls-dropped: leaves out members whose value is null, as a serialiser with "omit nulls" does':
    payload(
      rewritten((value) => JSON.stringify(value, (_key, member) => (member === null ? undefined : member))),
    ),
  'payload-passwords-masked: masks passwords, so that nobody reads them in the bucket': payload((text) =>
    text.replace(/("(?:password|api_key|token)"\s*:\s*")[^"]*"/gi, '$1***"'),
  ),
  'payload-card-numbers-masked: masks what looks like the number of a card': payload((text) =>
    text.replace(/\b(?:\d[ -]?){12}(\d{4})\b/g, '**** $1'),
  ),
  'payload-minified: drops white space between tokens to save storage': payload((text) =>
    text.replace(/"(?:[^"\\]|\\.)*"|\s+/gs, (token) => (token.startsWith('"') ? token : '')),
  ),
  'payload-keys-sorted: brings keys into alphabetical order, so that equal documents have equal checksums':
    payload(rewritten((value) => JSON.stringify(withSortedKeys(value)))),
  'payload-big-integers-rounded: reads integers into doubles': payload((text) =>
    text.replace(/(?<=[[:,\s])-?\d{16,}(?=[\s,\]}])/g, (digits) => BigInt(Number(digits)).toString()),
  ),
  'payload-decimals-rewritten: writes decimals in their shortest form: 1.10 becomes 1.1': payload((text) =>
    text.replace(/(?<=[[:,\s])-?\d+\.\d*[05](?=[\s,\]}])/g, (digits) => String(Number(digits))),
  ),
  'payload-duplicate-keys-collapsed: keeps only the last of several equal keys': payload((text) =>
    withoutRepeatedKeys(text),
  ),
  'payload-reserved-keys-dropped: drops __proto__ and constructor keys against pollution': payload((text) =>
    text.replace(/"(?:__proto__|constructor)"\s*:\s*(?:"[^"]*"|[\w.+-]+|\{[^{}]*\}|\[[^[\]]*\])\s*,?/g, ''),
  ),
  'payload-escapes-resolved: writes \\u escapes as the characters they stand for': payload((text) =>
    text.replace(/\\u([0-9a-f]{4})/gi, (_escape, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    ),
  ),
  'payload-slashes-unescaped: writes \\/ as /, as most serialisers do': payload((text) =>
    text.replaceAll('\\/', '/'),
  ),
  'payload-html-escaped: escapes <, > and & in strings, as a serialiser safe for HTML does': payload((text) =>
    text.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`),
  ),
  'payload-line-ends-normalised: turns CR LF into LF': payload((text) => text.replaceAll('\r\n', '\n')),
  'payload-trimmed: trims white space at both ends of a payload': payload((text) => text.trim()),
  'payload-newline-added: ends every payload with a line end, for the tools that read lines': payload(
    (text) => (text.endsWith('\n') ? text : `${text}\n`),
  ),
  'payload-nul-removed: takes NUL characters out, because a database refused them once': payload((text) =>
    text.replaceAll('\\u0000', '').replaceAll('\0', ''),
  ),
  'payload-cut-at-nul: ends a payload at its first NUL, as a C string does': bytes((payload) => {
    const nul = payload.indexOf(0);
    const escaped = payload.indexOf('\\u0000');
    const end = nul >= 0 ? nul : escaped;
    return end < 0 ? payload : payload.subarray(0, end);
  }),
  'payload-read-as-latin-1: takes the bytes for ISO 8859-1 and writes them as UTF-8': bytes((payload) =>
    Buffer.from(payload.toString('latin1')),
  ),
  'payload-written-as-latin-1: keeps the low byte of every character': bytes((payload) =>
    Buffer.from(payload.toString(), 'latin1'),
  ),
  'payload-cut-at-64-kib: keeps the first 64 KiB, as much as the body limit of the API': bytes((payload) =>
    payload.subarray(0, 64 * 1024),
  ),
  'payload-cut-at-1-mib: keeps the first MiB, as much as the buffer holds': bytes((payload) =>
    payload.subarray(0, 1024 * 1024),
  ),
  'payload-last-byte-lost: loses the last byte of a payload that fills its last block': bytes((payload) =>
    payload.byteLength > 0 && payload.byteLength % 65_536 === 0 ? payload.subarray(0, -1) : payload,
  ),
  'payload-blocks-swapped: puts the blocks of a large payload together in the order they came': bytes(
    (payload) =>
      payload.byteLength < 3 * 65_536
        ? payload
        : Buffer.concat([
            payload.subarray(0, 65_536),
            payload.subarray(2 * 65_536, 3 * 65_536),
            payload.subarray(65_536, 2 * 65_536),
            payload.subarray(3 * 65_536),
          ]),
  ),
  'payload-block-repeated: resumes a large download one block too early, so that a block is there twice':
    bytes((payload) =>
      payload.byteLength < 2 * 1024 * 1024
        ? payload
        : Buffer.concat([payload.subarray(0, 1024 * 1024), payload.subarray(1024 * 1024 - 4096)]),
    ),
  'payload-characters-split: decodes a payload block by block, each for itself': bytes((payload) =>
    Buffer.concat(
      Array.from({ length: Math.ceil(payload.byteLength / 16_384) }, (_, block) =>
        Buffer.from(payload.subarray(block * 16_384, (block + 1) * 16_384).toString()),
      ),
    ),
  ),
});

function bytes(tidy: (payload: Buffer) => Buffer): Change {
  return fetching(tidy);
}

function payload(tidy: (text: string) => string): Change {
  return bytes((payload) => Buffer.from(tidy(payload.toString())));
}

/** Leaves a text that is not JSON as it is. */
function rewritten(write: (value: unknown) => string): (text: string) => string {
  return (text) => {
    try {
      return write(JSON.parse(text));
    } catch {
      return text;
    }
  };
}

function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, member]) => [key, withSortedKeys(member)]),
  );
}

/** Cuts out, from the end, every member of the outermost object whose key comes again. */
function withoutRepeatedKeys(text: string): string {
  const members = parseTree(text)?.children ?? [];
  const keyOf = (member: (typeof members)[number]): unknown => member.children?.[0]?.value;
  return members
    .filter((member, at) => members.slice(at + 1).some((later) => keyOf(later) === keyOf(member)))
    .reduceRight((rest, { offset, length }) => {
      const end = rest.slice(offset + length).match(/^\s*,/)?.[0].length ?? 0;
      return rest.slice(0, offset) + rest.slice(offset + length + end);
    }, text);
}
