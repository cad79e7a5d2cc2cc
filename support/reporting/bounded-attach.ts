import type { Readable } from 'node:stream';
import type { World } from '@cucumber/cucumber';
import { count } from '../bytes/safe-text';

type Attach = World['attach'];
type Data = string | Buffer | Readable;
type Options = string | { readonly mediaType: string; readonly fileName?: string };

/** Evidence of ours is shorter, and more of a text no page shows. In characters. */
const TEXT_LIMIT = 100_000;
/** A picture of ours has some kilobytes. */
const BYTE_LIMIT = 1_000_000;
const BASE64 = 'base64:';

/**
 * Attaches as Cucumber does, but of each attachment no more than somebody reads: every report of a run
 * carries it, and browsers do not open a page of all the bytes of large logs. A text that is cut says so,
 * with its whole length; other bytes are left out whole, for half a picture is none. Streams go as they are.
 */
export function boundedAttach(attach: Attach): Attach {
  const bounded = (data: Data, options?: Options, ...rest: readonly unknown[]): unknown =>
    Reflect.apply(attach, undefined, [...(boundedData(data, options) ?? [data, options]), ...rest]);
  return bounded as Attach;
}

/** Returns what is attached in place of something too large; `undefined` where it is not. */
function boundedData(data: Data, options: Options | undefined): readonly [string, string] | undefined {
  const type = typeof options === 'string' ? options : (options?.mediaType ?? 'text/plain');
  if (typeof data === 'string' && !type.startsWith(BASE64)) {
    if (data.length <= TEXT_LIMIT) return undefined;
    const end = `… cut here: the whole has ${count(data.length, 'character')}`;
    // What is cut is no JSON any more.
    return [`${data.slice(0, TEXT_LIMIT)}\n${end}`, 'text/plain'];
  }
  if (typeof data !== 'string' && !Buffer.isBuffer(data)) return undefined;
  const size = Buffer.byteLength(data, 'base64');
  if (size <= BYTE_LIMIT) return undefined;
  return [`${type.replace(BASE64, '')} left out: it has ${count(size, 'byte')}`, 'text/plain'];
}
