/** Why a job failed, as its `error.code` says it (contract sections 2 and 4). */
export type FaultCode =
  | 'provider_unauthorized'
  | 'provider_rejected'
  | 'provider_unavailable'
  | 'storage_rejected'
  | 'storage_unavailable'
  | 'metadata_unavailable'
  | 'internal_error';

/**
 * Something outside the vault did not do its part. The message is a sentence of ours for a human, without
 * secrets and without what the other side said. A transient fault may be retried; what remains after the last
 * attempt is reported under its code.
 */
export class VaultFault extends Error {
  override readonly name = 'VaultFault';

  constructor(
    readonly code: FaultCode,
    message: string,
    readonly details: {
      readonly transient: boolean;
      /** How long the other side asked to be left alone. */
      readonly retryAfterMs?: number;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: details.cause });
  }

  get transient(): boolean {
    return this.details.transient;
  }
}

/** The provider's part: 401/403, an answer that no retry will better, or an outage. */
export function providerFault(
  kind: 'unauthorized' | 'rejected' | 'unavailable',
  message: string,
  details: { readonly retryAfterMs?: number; readonly cause?: unknown } = {},
): VaultFault {
  return new VaultFault(`provider_${kind}`, message, { ...details, transient: kind === 'unavailable' });
}

/** Object storage's part: refused for good, or an outage. */
export function storageFault(kind: 'rejected' | 'unavailable', message: string, cause?: unknown): VaultFault {
  return new VaultFault(`storage_${kind}`, message, { transient: kind === 'unavailable', cause });
}

/** True for what the retry policy may try again. */
export function isTransient(error: unknown): boolean {
  return error instanceof VaultFault && error.transient;
}

/** A message for the log; what was thrown need not be an Error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
