import { get as httpGet, type IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { providerFault, VaultFault } from '../../reference-vault/faults';
import type { PartFactories } from '../../reference-vault/parts';
import type { LogDocument } from '../../reference-vault/persistence/documents';
import { readEntity } from '../../reference-vault/provider-integration/entity';
import type { ProviderResponse } from '../../reference-vault/provider-integration/provider-calls';
import type { Defect } from './defect';
import { archiving, replacing } from './part-changes';

/**
 * Bugs in how a vault reads what a provider sends, and in how it shows the provider's key to the provider
 * alone.
 */
export const transportDefects: readonly Defect[] = [
  {
    name: 'short-body-kept',
    sentence: 'takes the end of a connection for the end of a payload',
    requirement: 'RES-15',
    smoke: true,
    replacements: callingBy((chunks) => Buffer.concat(chunks)),
  },
  {
    name: 'broken-chunks-kept',
    sentence:
      'checks how long a payload is where its length was announced, and takes every other end for the end',
    requirement: 'RES-10',
    replacements: callingBy(
      (chunks) => Buffer.concat(chunks),
      ownList,
      (headers) => headers,
    ),
  },
  {
    name: 'empty-body-not-digested',
    sentence: 'compares the digest of what came, and nothing came',
    requirement: 'RES-15',
    replacements: reading(
      async (response) =>
        await readEntity(response.sent.byteLength > 0 ? response : without(response, 'content-digest')),
    ),
  },
  {
    name: 'digest-not-compared',
    sentence: 'does not look at Content-Digest',
    requirement: 'RES-15',
    replacements: reading(async (response) => await readEntity(without(response, 'content-digest'))),
  },
  {
    name: 'digest-of-compressed-not-compared',
    sentence: 'leaves it to gzip to notice damage in what was sent compressed',
    requirement: 'RES-15',
    replacements: reading(async (response) => {
      const isPlain = response.headers['content-encoding'] === undefined;
      return await readEntity(isPlain ? response : without(response, 'content-digest'));
    }),
  },
  {
    name: 'key-not-sent-for-payloads',
    sentence: 'proves itself only when it asks for listings',
    requirement: 'SEC-1',
    replacements: replacing('providerCalls', (real) => ({
      get: async (path, key, signal) => await real.get(path, path.includes('/logs/') ? '' : key, signal),
    })),
  },
  {
    name: 'key-not-sent-for-later-pages',
    sentence: 'follows a cursor as a link, without its key',
    requirement: 'SEC-1',
    replacements: replacing('providerCalls', (real) => ({
      get: async (path, key, signal) => await real.get(path, path.includes('cursor=') ? '' : key, signal),
    })),
  },
  {
    name: 'strange-listing-quoted',
    sentence: 'quotes a listing that is none in the failure of the job',
    requirement: 'SEC-2',
    replacements: reading(async (response) => {
      const entity = await readEntity(response);
      if (!entity.toString().startsWith('<!doctype')) return entity;
      throw providerFault('unavailable', `This is no listing: ${entity}`);
    }),
  },
  {
    name: 'key-told-in-failures',
    sentence: 'tells in the failure of a job which key was refused',
    requirement: 'SEC-2',
    smoke: true,
    replacements: replacing('providerClient', (real, { settings }) => {
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
    }),
  },
  {
    name: 'key-written-to-the-log',
    sentence: 'logs the headers of every call that fails',
    requirement: 'SEC-2',
    needsProcess: true,
    replacements: replacing('providerCalls', (real, { logger }) => ({
      get: async (path, key, signal) => {
        const response = await real.get(path, key, signal);
        if (response.status !== 200) logger.warn('call failed', { path, authorization: `Bearer ${key}` });
        return response;
      },
    })),
  },
  {
    name: 'compression-kept',
    sentence: 'stores what was sent, compressed',
    requirement: 'FID-10',
    replacements: reading(async (response) => await readEntity(without(response, 'content-encoding'))),
  },
  {
    name: 'chunks-decoded-one-by-one',
    sentence: 'decodes each chunk of a payload by itself, so that characters on a boundary are lost',
    requirement: 'FID-10',
    smoke: true,
    replacements: callingBy((chunks) => Buffer.from(chunks.map((chunk) => chunk.toString()).join(''))),
  },
  {
    name: 'one-buffer-for-all-calls',
    sentence: 'reads every answer into the same buffer, so that jobs at work together mix theirs',
    requirement: 'FID-4',
    replacements: callingBy((chunks) => Buffer.concat(chunks), sharedList()),
  },
  {
    name: 'one-buffer-for-long-answers',
    sentence: 'reads 64 KiB at a time, and what is longer through one buffer for all calls',
    requirement: 'FID-4',
    replacements: callingBy((chunks) => Buffer.concat(chunks), sharedBeyond(64 * 1024)),
  },
  {
    name: 'digest-compared-as-hex',
    sentence: 'compares the digest, which is in base64, with one in hex, so that none is ever right',
    requirement: 'FID-10',
    replacements: reading(async (response) => {
      if (response.headers['content-digest'] === undefined) return await readEntity(response);
      throw providerFault('unavailable', 'What the provider sent does not match its Content-Digest.');
    }),
  },
  {
    name: 'first-chunk-taken-for-all',
    sentence: 'takes the first chunk that it reads for the payload',
    requirement: 'FID-10',
    replacements: callingBy((chunks) => chunks[0] ?? Buffer.alloc(0)),
  },
  {
    name: 'a-mebibyte-unpacked-at-most',
    sentence: 'unpacks no more than 1 MiB, for fear of bombs, and takes that for all',
    requirement: 'FID-10',
    replacements: reading(async (response) => {
      const entity = await readEntity(response);
      return response.headers['content-encoding'] === undefined ? entity : entity.subarray(0, 1024 * 1024);
    }),
  },
  {
    name: 'compression-undone-by-its-looks',
    sentence: 'unpacks whatever begins like gzip',
    requirement: 'FID-11',
    replacements: reading(async (response) => unpacked(await readEntity(response))),
  },
  {
    name: 'compression-undone-twice',
    sentence: 'unpacks a payload for its header and once more for its looks',
    requirement: 'FID-11',
    replacements: reading(async (response) => {
      const entity = await readEntity(response);
      return response.headers['content-encoding'] === undefined ? entity : unpacked(entity);
    }),
  },
  {
    name: 'empty-payload-passed-over',
    sentence: 'takes a payload without bytes for none',
    requirement: 'FID-11',
    replacements: archiving(async (real, ...args) => {
      const record = await real.archive(...args);
      return record.bytes === 0 ? (undefined as unknown as LogDocument) : record;
    }),
  },
];

function reading(read: (response: ProviderResponse) => Promise<Buffer>): Partial<PartFactories> {
  return { entityReader: () => read };
}

/** A simple HTTP client: it makes a payload of the chunks that came, however the connection ended. */
function callingBy(
  join: (chunks: readonly Buffer[]) => Buffer,
  collect: () => Collected = ownList,
  announced: (headers: IncomingHttpHeaders) => IncomingHttpHeaders = withoutLength,
): Partial<PartFactories> {
  return replacing('providerCalls', (_real, { settings }) => ({
    get: async (path, key) =>
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
  }));
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
