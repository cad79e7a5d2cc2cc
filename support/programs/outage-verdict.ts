import { RETRY_AFTER } from '../../services/answer';
import type { VaultAnswer } from '../../services/vault-client';
import { safeText } from '../bytes/safe-text';

/** Within which a call that needs MongoDB is answered while there is none (contract, section 1). */
const ANSWERED_WITHIN_MS = 15_000;
/** How late an answer may be read that came in time. */
const READ_LATE_MS = 1_000;
/** For how long an answer is waited for, in milliseconds. */
export const WAITED_FOR_MS = ANSWERED_WITHIN_MS + READ_LATE_MS;

const QUOTED_CHARACTERS = 200;

/**
 * Says in words why a call that needs MongoDB must not be answered so while there is none; `undefined` when a vault may answer so
 * (contract, section 1).
 * @param answer the answer, or in words why none came in time
 */
export function wrongWithoutMetadata(answer: VaultAnswer | string): string | undefined {
  if (typeof answer === 'string') return answer;
  const { status, headers, body } = answer;
  if (status !== 503) {
    return `it is answered with ${status} ${safeText(body.toString(), { limit: QUOTED_CHARACTERS })}, though nothing can be known without MongoDB`;
  }
  if (!RETRY_AFTER.test(headers['retry-after'] ?? '')) return 'it is answered with a 503 without Retry-After';
  return hasError(body)
    ? undefined
    : `the body of its 503 has no "error": ${safeText(body.toString(), { limit: QUOTED_CHARACTERS })}`;
}

function hasError(body: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null && 'error' in value && typeof value.error === 'string';
  } catch {
    return false;
  }
}
