import { createHash } from 'node:crypto';

/** The checksum of bytes as the contract writes it (section 1). */
export type Checksum = (bytes: Uint8Array) => string;

/** `sha256:` and 64 lower-case hex digits. */
export const sha256Checksum: Checksum = (bytes) =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
