import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { providerFault } from '../faults';
import type { ProviderResponse } from './provider-calls';

/**
 * Takes the entity's bytes out of a provider's answer (contract section 2): checks that all were sent, undoes
 * transport encodings, checks the digest. Apart from that the bytes are opaque.
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
  // RFC 9530 means the bytes as sent. A digest over the decoded ones is a common mistake and proves just as
  // much.
  if (digest !== undefined && digest !== sha256Base64(sent) && digest !== sha256Base64(entity)) {
    throw providerFault('unavailable', 'What the provider sent does not match its Content-Digest.');
  }
  return entity;
};

const unzip = promisify<Buffer, Buffer>(gunzip);

/** Nothing but gzip was asked for. */
async function decode(sent: Buffer, contentEncoding = 'identity'): Promise<Buffer> {
  const encoding = contentEncoding.toLowerCase();
  if (encoding === 'identity') return sent;
  if (encoding !== 'gzip') {
    throw providerFault('unavailable', 'The provider used a content encoding that nobody asked for.');
  }
  try {
    return await unzip(sent);
  } catch (cause) {
    throw providerFault('unavailable', 'What the provider sent is not gzip.', { cause });
  }
}

/** The SHA-256 in a Content-Digest header, in base64; other algorithms are none of our business. */
function sha256DigestIn(header: string | string[] | undefined): string | undefined {
  return /(?:^|,)\s*sha-256\s*=\s*:([^:]*):/i.exec(String(header ?? ''))?.[1];
}

function sha256Base64(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64');
}
