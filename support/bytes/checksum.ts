import { createHash } from 'node:crypto';

/**
 * The checksum of the contract, computed by the suite itself: `sha256:` and 64 lower-case hex digits over the
 * bytes as they are. What a vault claims is compared with this, never trusted.
 */
export function checksumOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/**
 * True when a value is written as the contract writes checksums; it says nothing about being the right one.
 */
export function isChecksum(value: unknown): value is string {
  return typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value);
}
