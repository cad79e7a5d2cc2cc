import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { providerFault } from '../faults';
import type { ProviderResponse } from './provider-calls';

/**
 * Takes the entity's bytes out of a provider's answer (contract section 2): checks that all were sent, undoes transport
 * encodings, checks the digest. Apart from that the bytes are opaque.
 *
 * @throws VaultFault `provider_unavailable`
 */
export type EntityReader = (response: ProviderResponse) => Promise<Buffer>;

export const readEntity: EntityReader = async ({ headers, sent }) => {
  const announced = headers['content-length'];
  if (announced !== undefined && Number(announced) !== sent.byteLength) {
    throw providerFault(
      'unavailable',
      `The provider sent ${sent.byteLength} bytes where its Content-Length announced ${announced}.`,
    );
  }
  const entity = await decode(sent, headers['content-encoding']);
  const digest = sha256DigestIn(headers['content-digest']);
  // RFC 9530 means the bytes as sent. A digest over the decoded ones is a common mistake and proves just as much.
  if (digest !== undefined && digest !== sha256Base64(sent) && digest !== sha256Base64(entity)) {
    throw providerFault('unavailable', 'What the provider sent does not match its Content-Digest.');
  }
  return entity;
};

const DECODERS: Readonly<Record<string, (sent: Buffer) => Promise<Buffer>>> = {
  identity: async (sent) => sent,
  gzip: promisify<Buffer, Buffer>(gunzip),
  'x-gzip': promisify<Buffer, Buffer>(gunzip),
  deflate: promisify<Buffer, Buffer>(inflate),
  br: promisify<Buffer, Buffer>(brotliDecompress),
};

async function decode(sent: Buffer, contentEncoding = ''): Promise<Buffer> {
  // Listed in the order in which they were put on.
  const encodings = contentEncoding.split(',').map((name) => name.trim().toLowerCase());
  let bytes = sent;
  for (const encoding of encodings.filter((name) => name !== '').reverse()) {
    const decoder = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
    if (decoder === undefined) {
      throw providerFault('unavailable', 'The provider used a content encoding that nobody asked for.');
    }
    try {
      bytes = await decoder(bytes);
    } catch (cause) {
      throw providerFault('unavailable', `What the provider sent is not ${encoding}.`, { cause });
    }
  }
  return bytes;
}

/** The SHA-256 in a Content-Digest header, in base64; other algorithms are none of our business. */
function sha256DigestIn(header: string | string[] | undefined): string | undefined {
  return /(?:^|,)\s*sha-256\s*=\s*:([^:]*):/i.exec(String(header ?? ''))?.[1];
}

function sha256Base64(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64');
}
