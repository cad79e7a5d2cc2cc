import type { IncomingHttpHeaders } from 'node:http';

/** A body whose aws-chunked framing cannot be undone. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
}

const LINE_END = '\r\n';

/** True when a body is framed: SDKs say so in either header, and not always in both. */
export function isAwsChunked(headers: IncomingHttpHeaders): boolean {
  const contentHash = headers['x-amz-content-sha256'];
  return (
    (typeof contentHash === 'string' && contentHash.startsWith('STREAMING-')) ||
    /(?:^|,)\s*aws-chunked\s*(?:,|$)/i.test(headers['content-encoding'] ?? '')
  );
}

/**
 * The bytes that are to be stored: a body framed by aws-chunked without its chunk sizes, chunk signatures and
 * trailers (which are not checked), any other body as it is.
 * @throws FramingError if the framing is broken or holds other than the announced number of bytes
 */
export function undoAwsChunked(headers: IncomingHttpHeaders, body: Buffer): Buffer {
  if (!isAwsChunked(headers)) return body;
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = body.indexOf(LINE_END, at);
    const size = lineEnd === -1 ? undefined : sizeOf(body.toString('latin1', at, lineEnd));
    if (size === undefined) throw new FramingError(`no chunk size at byte ${at}`);
    if (size === 0) break;
    const start = lineEnd + LINE_END.length;
    const end = start + size;
    if (body.toString('latin1', end, end + LINE_END.length) !== LINE_END) {
      throw new FramingError(`the chunk of ${size} bytes at byte ${at} does not end where it should`);
    }
    chunks.push(body.subarray(start, end));
    at = end + LINE_END.length;
  }
  const bytes = Buffer.concat(chunks);
  const announced = headers['x-amz-decoded-content-length'];
  if (typeof announced === 'string' && Number(announced) !== bytes.byteLength) {
    throw new FramingError(`${bytes.byteLength} bytes where ${announced} were announced`);
  }
  return bytes;
}

/** `10000` or `10000;chunk-signature=…`, in hexadecimal. */
function sizeOf(line: string): number | undefined {
  const size = /^([0-9a-f]{1,12})(?:;.*)?$/i.exec(line)?.[1];
  return size === undefined ? undefined : Number.parseInt(size, 16);
}
