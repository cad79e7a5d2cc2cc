import { VaultFault } from '../faults';
import { QueueFull } from '../persistence/job-repository';
import { InvalidCredentials, ProviderUnusable } from '../provider-integration/connection-test';
import { LogUnknown, RawContentMissing } from '../retrieval/raw-retrieval';
import { JobUnknown } from './job-status';
import { BadRequest } from './request-validation';

/** An error as a client sees it. */
export interface RenderedError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly error: string } & Readonly<Record<string, string>>;
}

/**
 * Turns whatever was thrown into an answer (contract section 1): a sentence, never a stack trace, never a
 * secret.
 */
export type ErrorRenderer = (error: unknown) => RenderedError;

const RETRY_SOON = { 'retry-after': '1' } as const;

export const renderError: ErrorRenderer = (error) => {
  if (error instanceof RawContentMissing) {
    const { message, logId, checksum } = error;
    // A 410 may be cached, and a loss may be repaired (contract section 5).
    return rendered(410, message, { 'cache-control': 'no-store' }, { log_id: logId, checksum });
  }
  if (error instanceof BadRequest) return rendered(400, error.message);
  if (error instanceof InvalidCredentials) return rendered(401, error.message);
  if (error instanceof JobUnknown || error instanceof LogUnknown) return rendered(404, error.message);
  if (error instanceof QueueFull) return rendered(429, error.message, RETRY_SOON);
  if (error instanceof ProviderUnusable) return rendered(502, error.message);
  if (error instanceof VaultFault) return rendered(503, error.message, RETRY_SOON);
  const status = frameworkStatusOf(error);
  if (status !== undefined && error instanceof Error) return rendered(status, error.message);
  return rendered(500, 'The vault itself failed.');
};

/** Fastify's own refusals: malformed JSON, 413, 415 and the like. */
function frameworkStatusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}

function rendered(
  status: number,
  error: string,
  headers: Readonly<Record<string, string>> = {},
  members: Readonly<Record<string, string>> = {},
): RenderedError {
  return { status, headers, body: { error, ...members } };
}
