import { isAwsChunked, undoAwsChunked } from './aws-chunked';
import { s3Error } from './s3-answer';
import { classifyS3Request } from './s3-request';

/** An S3 that the suite started. */
export interface RunningS3 {
  readonly endpoint: string;
  /** In words, for the verdict. */
  readonly description: string;
  stop(): Promise<void>;
}

/** S3's own limit for one upload. */
const BODY_LIMIT_BYTES = 5 * 1024 ** 3;

/**
 * The calls that fauxqs knows. Any other call's query it takes for decoration: `PUT ?tagging` would overwrite
 * the object.
 */
const KNOWN_OPERATIONS = new Set([
  'AbortMultipartUpload',
  'CompleteMultipartUpload',
  'CopyObject',
  'CreateBucket',
  'CreateMultipartUpload',
  'DeleteBucket',
  'DeleteObject',
  'DeleteObjects',
  'GetObject',
  'HeadBucket',
  'HeadObject',
  'ListBuckets',
  'ListObjects',
  'ListObjectsV2',
  'PutObject',
  'UploadPart',
]);

/**
 * Starts fauxqs in this process, on 127.0.0.1 and a free port, silent; it keeps everything in memory. Its own
 * `startFauxqs` listens on all addresses, so the server is assembled here, with what a store under an audit
 * suite needs beyond fauxqs: uploads over 11 MiB, empty ones, framing undone whichever header announces it,
 * and no routing by host name.
 */
export async function startFauxqs(): Promise<RunningS3> {
  // Lazily: a run in-process does not pay for it.
  const { buildApp } = await import('fauxqs');
  const app = buildApp({ logger: false });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES }, (request, sent, done) => {
    const body = Buffer.from(sent);
    try {
      if (isAwsChunked(request.headers)) {
        const bytes = undoAwsChunked(request.headers, body);
        delete request.headers['content-encoding']; // or fauxqs would undo it again
        return done(null, bytes);
      }
      const { operation } = classifyS3Request(request.method, request.url, request.headers);
      if (operation === 'CompleteMultipartUpload') return done(null, plainParts(body));
      return done(null, operation === 'DeleteObjects' ? Buffer.from(namedEntities(body.toString())) : body);
    } catch (error) {
      return done(error instanceof Error ? error : new Error(String(error)));
    }
  });
  app.addHook('onRequest', async (request, reply) => {
    const { method, url } = request;
    const { operation } = classifyS3Request(method, url, request.headers);
    if (KNOWN_OPERATIONS.has(operation)) return;
    const { status, headers, body } = s3Error(501, 'NotImplemented', { method, url });
    await reply.code(status).headers(headers).send(body);
  });
  app.server.prependListener('request', ({ headers, method }) => {
    headers.host = '127.0.0.1'; // fauxqs would take the first label of any other name for a bucket
    if (method === 'PUT' || method === 'POST') headers['content-type'] ??= 'application/octet-stream'; // or an empty body would be none
  });
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  return { endpoint, description: 'fauxqs 1.9.2', stop: async () => await app.close() };
}

/**
 * fauxqs skips a part that says more than its number and ETag (a checksum, say), and completes the object
 * without it.
 */
function plainParts(body: Buffer): Buffer {
  const parts = namedEntities(body.toString('utf8')).match(/<Part>[\s\S]*?<\/Part>/g) ?? [];
  const plain = parts.map((part) => {
    const [number = ''] = part.match(/<PartNumber>[\s\S]*?<\/PartNumber>/) ?? [];
    const [etag = ''] = part.match(/<ETag>[\s\S]*?<\/ETag>/) ?? [];
    return `<Part>${number}${etag}</Part>`;
  });
  return Buffer.from(`<CompleteMultipartUpload>${plain.join('')}</CompleteMultipartUpload>`);
}

const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  '"': '&quot;',
  "'": '&apos;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

/** fauxqs knows no character by its number, as Go's SDK writes the quotes of an ETag (`&#34;`). */
function namedEntities(xml: string): string {
  return xml.replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi, (reference, hex?: string, decimal?: string) => {
    const codePoint = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    if (codePoint > 0x10ffff) return reference;
    const character = String.fromCodePoint(codePoint);
    return NAMED_ENTITIES[character] ?? character;
  });
}
