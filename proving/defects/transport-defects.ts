import { get as httpGet, type IncomingHttpHeaders } from 'node:http';
import { constants, gunzipSync } from 'node:zlib';
import { providerFault, VaultFault } from '../../reference-vault/faults';
import type { LogDocument } from '../../reference-vault/persistence/documents';
import { readEntity } from '../../reference-vault/provider-integration/entity';
import type { ProviderResponse } from '../../reference-vault/provider-integration/provider-calls';
import type { Change } from './change';
import { breaking, type Defect, ofProcess } from './defect';
import { archiving, replacing } from './part-changes';

/**
 * Bugs in how a vault reads what a provider sends, and in how it shows the provider's key to the provider
 * alone.
 */
export const transportDefects: readonly Defect[] = [
  ...breaking('RES-15', {
    'short-body-kept: takes the end of a connection for the end of a payload': callingBy((chunks) =>
      Buffer.concat(chunks),
    ),
    'empty-body-not-digested: compares the digest of what came, and nothing came': reading(
      async (response) =>
        await readEntity(response.sent.byteLength > 0 ? response : without(response, 'content-digest')),
    ),
    'first-digest-alone-compared: looks at the digest that comes first, whichever that is': reading(
      async (response) => {
        const isFirst = String(response.headers['content-digest']).startsWith('sha-256');
        return await readEntity(isFirst ? response : without(response, 'content-digest'));
      },
    ),
    'unknown-encoding-kept: stores what it cannot decode as it came': reading(async (response) => {
      const isKnown = [undefined, 'gzip'].includes(response.headers['content-encoding']);
      return await readEntity(isKnown ? response : without(response, 'content-encoding'));
    }),
    'cut-compression-kept: takes the end of a compressed body for the end of the payload': reading(
      async (response) =>
        response.headers['content-encoding'] === 'gzip'
          ? gunzipSync(response.sent, { finishFlush: constants.Z_SYNC_FLUSH })
          : await readEntity(response),
    ),
    'digest-not-compared: does not look at Content-Digest': reading(
      async (response) => await readEntity(without(response, 'content-digest')),
    ),
    'digest-of-compressed-not-compared: leaves it to gzip to notice damage in what was sent compressed':
      reading(async (response) => {
        const isPlain = response.headers['content-encoding'] === undefined;
        return await readEntity(isPlain ? response : without(response, 'content-digest'));
      }),
  }),
  ...breaking('RES-10', {
    'missing-cursor-taken-for-the-end: takes a listing that names no cursor for the last page': reading(
      async (response) => {
        const entity = await readEntity(response);
        return entity.toString() === '{"logs":[]}' ? Buffer.from('{"logs":[],"next_cursor":null}') : entity;
      },
    ),
    'broken-chunks-kept: checks announced lengths, and takes every other end of a payload for the end':
      callingBy(
        (chunks) => Buffer.concat(chunks),
        ownList,
        (headers) => headers,
      ),
  }),
  ...breaking('SEC-1', {
    'key-not-sent-for-payloads: proves itself only when it asks for listings': {
      'providerCalls.get': async ({ real }, path, key, signal) =>
        await real.get(path, path.includes('/logs/') ? '' : key, signal),
    },
    'key-not-sent-for-later-pages: follows a cursor as a link, without its key': {
      'providerCalls.get': async ({ real }, path, key, signal) =>
        await real.get(path, path.includes('cursor=') ? '' : key, signal),
    },
  }),
  ...breaking('SEC-2', {
    'strange-listing-quoted: quotes a listing that is none in the failure of the job': reading(
      async (response) => {
        const entity = await readEntity(response);
        if (!entity.toString().startsWith('<!doctype')) return entity;
        throw providerFault('unavailable', `This is no listing: ${entity}`);
      },
    ),
    'key-told-in-failures: tells in the failure of a job which key was refused': replacing(
      'providerClient',
      (real, { settings }) => {
        const told = (error: unknown): never => {
          if (error instanceof VaultFault && !error.transient)
            throw new VaultFault(
              error.code,
              `${error.message} The key was ${settings.providerApiKey}.`,
              error.details,
            );
          throw error;
        };
        return {
          listPage: async (...args) => await real.listPage(...args).catch(told),
          fetchPayload: async (...args) => await real.fetchPayload(...args).catch(told),
        };
      },
    ),
  }),
  ...breaking('SEC-2', {
    'key-written-to-the-log: logs the headers of every call that fails': {
      'providerCalls.get': async ({ real, logger }, path, key, signal) => {
        const response = await real.get(path, key, signal);
        if (response.status !== 200) logger.warn('call failed', { path, authorization: `Bearer ${key}` });
        return response;
      },
    },
  }).map(ofProcess),
  ...breaking('FID-10', {
    'digest-of-decoded-compared: compares a digest with what the compressed bytes became': reading(
      async (response) => {
        const entity = await readEntity(without(response, 'content-digest'));
        const { 'content-digest': digest } = response.headers;
        if (digest === undefined) return entity;
        return await readEntity({ headers: { 'content-digest': digest }, sent: entity, status: 200 });
      },
    ),
    'parameters-of-media-type-refused: takes application/json alone for application/json': {
      entityReader: () => async (response) => {
        if (response.headers['content-type'] === 'application/json') return await readEntity(response);
        throw providerFault('rejected', 'This is not JSON.');
      },
    },
    'compression-kept: stores what was sent, compressed': reading(
      async (response) => await readEntity(without(response, 'content-encoding')),
    ),
    'chunks-decoded-one-by-one: decodes payloads chunk by chunk, so that characters on a boundary are lost':
      callingBy((chunks) => Buffer.from(chunks.map((chunk) => chunk.toString()).join(''))),
    'digest-compared-as-hex: compares a digest in base64 with one in hex, so that none is ever right':
      reading(async (response) => {
        if (response.headers['content-digest'] === undefined) return await readEntity(response);
        throw providerFault('unavailable', 'What the provider sent does not match its Content-Digest.');
      }),
    'first-chunk-taken-for-all: takes the first chunk that it reads for the payload': callingBy(
      (chunks) => chunks[0] ?? Buffer.alloc(0),
    ),
    'a-mebibyte-unpacked-at-most: unpacks no more than 1 MiB, for fear of bombs, and takes that for all':
      reading(async (response) => {
        const entity = await readEntity(response);
        return response.headers['content-encoding'] === undefined ? entity : entity.subarray(0, 1024 * 1024);
      }),
  }),
  ...breaking('FID-4', {
    'one-buffer-for-all-calls: reads every answer into the same buffer, so that jobs at work mix theirs':
      callingBy((chunks) => Buffer.concat(chunks), sharedList()),
    'one-buffer-for-long-answers: reads what is longer than 64 KiB through one buffer for all calls':
      callingBy((chunks) => Buffer.concat(chunks), sharedBeyond(64 * 1024)),
  }),
  ...breaking('FID-11', {
    'compression-undone-by-its-looks: unpacks whatever begins like gzip': reading(async (response) =>
      unpacked(await readEntity(response)),
    ),
    'compression-undone-twice: unpacks a payload for its header and once more for its looks': reading(
      async (response) => {
        const entity = await readEntity(response);
        return response.headers['content-encoding'] === undefined ? entity : unpacked(entity);
      },
    ),
    'empty-payload-passed-over: takes a payload without bytes for none': archiving(async (real, ...args) => {
      const record = await real.archive(...args);
      return record.bytes === 0 ? (undefined as unknown as LogDocument) : record;
    }),
  }),
];

function reading(read: (response: ProviderResponse) => Promise<Buffer>): Change {
  return { entityReader: () => read };
}

/** A simple HTTP client: it makes a payload of the chunks that came, however the connection ended. */
function callingBy(
  join: (chunks: readonly Buffer[]) => Buffer,
  collect: () => Collected = ownList,
  announced: (headers: IncomingHttpHeaders) => IncomingHttpHeaders = withoutLength,
): Change {
  return {
    'providerCalls.get': async ({ settings }, path, key) =>
      await new Promise<ProviderResponse>((resolve, reject) => {
        const request = httpGet(
          `${settings.providerBaseUrl}${path}`,
          { headers: { authorization: `Bearer ${key}`, 'accept-encoding': 'gzip' } },
          (response) => {
            const read = collect();
            const headers = announced(response.headers);
            const end = (): void =>
              resolve({ status: response.statusCode ?? 0, headers, sent: join(read.all()) });
            response.on('data', (chunk: Buffer) => read.add(chunk));
            response.once('end', end);
            response.once('error', end);
            response.once('close', end);
          },
        );
        request.once('error', reject);
      }),
  };
}

function withoutLength({ 'content-length': _, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
  return headers;
}

/** The bytes that a call has read. */
interface Collected {
  add(chunk: Buffer): void;
  all(): readonly Buffer[];
}

function ownList(): Collected {
  const chunks: Buffer[] = [];
  return { add: (chunk) => chunks.push(chunk), all: () => chunks };
}

/** One list for all: each call begins by emptying it. */
function sharedList(): () => Collected {
  const chunks: Buffer[] = [];
  return () => {
    chunks.length = 0;
    return { add: (chunk) => chunks.push(chunk), all: () => chunks };
  };
}

/**
 * A list of a call's own up to a size; what is beyond it goes into one for all, which each long call begins
 * by emptying.
 */
function sharedBeyond(ownBytes: number): () => Collected {
  const shared: Buffer[] = [];
  return () => {
    const own: Buffer[] = [];
    let bytes = 0;
    return {
      add: (chunk) => {
        const wasShort = bytes <= ownBytes;
        bytes += chunk.byteLength;
        if (wasShort && bytes > ownBytes) shared.length = 0;
        (bytes > ownBytes ? shared : own).push(chunk);
      },
      all: () => (bytes > ownBytes ? [...own, ...shared] : own),
    };
  };
}

function without(response: ProviderResponse, header: string): ProviderResponse {
  const { [header]: _, ...headers } = response.headers;
  return { ...response, headers };
}

function unpacked(bytes: Buffer): Buffer {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}
