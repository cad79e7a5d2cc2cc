/** The ways in which a vault may write a SHA-256 (contract, section 8). */
export type ChecksumForm = 'prefixed' | 'hex' | 'base64';

const PATTERNS: Readonly<Record<ChecksumForm, { readonly pattern: RegExp; readonly words: string }>> = {
  prefixed: { pattern: /^sha256:([0-9a-f]{64})$/, words: '"sha256:" and 64 lower-case hex digits' },
  hex: { pattern: /^([0-9a-f]{64})$/, words: '64 lower-case hex digits' },
  base64: { pattern: /^([A-Za-z0-9+/]{43}=)$/, words: 'a SHA-256 in base64' },
};

/** A checksum form in words. */
export function describeForm(form: ChecksumForm): string {
  return PATTERNS[form].words;
}

/** Returns a vault's checksum as the contract writes it; `undefined` where it is not of the vault's form. */
export function readChecksum(form: ChecksumForm, text: string): string | undefined {
  const digest = PATTERNS[form].pattern.exec(text)?.[1];
  if (digest === undefined) return undefined;
  return `sha256:${form === 'base64' ? Buffer.from(digest, 'base64').toString('hex') : digest}`;
}

/** Headers whose values HTTP writes in a way of its own (RFC 9110 and 9530, RFC 3230 for Digest). */
const SYNTAX: Readonly<Record<string, RegExp>> = {
  etag: /^"(.*)"$/,
  digest: /(?:^|,\s*)sha-256=([^,\s]+)/i,
  'content-digest': /(?:^|,\s*)sha-256=:([^:]*):/,
  'repr-digest': /(?:^|,\s*)sha-256=:([^:]*):/,
};

/** Returns the checksum in the value of a header. @param header its name in lower case */
export function checksumInHeader(header: string, value: string): string {
  return SYNTAX[header]?.exec(value)?.[1] ?? value;
}
