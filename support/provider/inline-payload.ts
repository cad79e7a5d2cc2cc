import { place } from '../profile/member-path';
import { NotOfThisShape } from '../profile/not-of-this-shape';
import type { OfferedLog } from './offered-log';

/**
 * The payload of a log that lies in a listing: the same JSON object, without the white space around it, and
 * with the members that tell the log's id and timestamp at its head. A member of the payload's own that has
 * such a name is called otherwise. Every other byte is as it was.
 * @throws NotOfThisShape for a payload that cannot be an entry of a listing
 */
export function inlinePayload(
  { payload, sourceId, timestamp }: Pick<OfferedLog, 'payload' | 'sourceId' | 'timestamp'>,
  at: { readonly id: string; readonly timestamp: string },
): Buffer {
  const text = objectText(payload);
  const names: Record<string, unknown> = {};
  place(names, at.id, sourceId);
  place(names, at.timestamp, timestamp);
  const head = JSON.stringify(names).slice(0, -1);
  // A version of a log that was sent before has its head already.
  if (text.startsWith(head)) return Buffer.from(text);
  const body = renamed(text, Object.keys(names)).slice(1);
  return Buffer.from(`${head}${/^[ \t\r\n]*\}$/.test(body) ? '' : ','}${body}`);
}

/** Parsers of listings take no deeper ones: .NET's ends at 64, and the listing itself has some. */
const DEEPEST = 48;

function objectText(payload: Buffer): string {
  const text = objectOf(payload);
  if (depthOf(text) <= DEEPEST) return text;
  throw new NotOfThisShape(
    `its payload nests more than ${DEEPEST} deep, and the payloads of this provider are entries of its listing, which has to be parsed`,
  );
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** Strings, however long, and what opens and closes objects and lists. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]/gs;

function objectOf(payload: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload);
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return text.replace(/^[ \t\r\n]+/, '').replace(/[ \t\r\n]+$/, '');
    }
  } catch {
    // Said below.
  }
  throw new NotOfThisShape(
    'its payload is no JSON object in UTF-8, and the payloads of this provider are entries of its listing',
  );
}

/** The text of an object, an underscore before each of its own members that has one of these names. */
function renamed(text: string, names: readonly string[]): string {
  let result = '';
  let kept = 0;
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (
      depth === 1 &&
      /^[ \t\r\n]*:/.test(text.slice(index + token.length, index + token.length + 64))
    ) {
      if (!names.includes(JSON.parse(token) as string)) continue;
      result += `${text.slice(kept, index + 1)}_`;
      kept = index + 1;
    }
  }
  return result + text.slice(kept);
}
