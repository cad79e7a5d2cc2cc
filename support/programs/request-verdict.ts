import type { VaultAnswer } from '../../services/vault-client';
import { safeText } from '../bytes/safe-text';

const QUOTED_CHARACTERS = 200;

/** Says in words why a part of a log must not be answered so; `undefined` when it is that part of what is stored. */
export function wrongPart({ headers, body }: VaultAnswer, stored: readonly Buffer[]): string | undefined {
  const told = headers['content-range'] ?? '(missing)';
  const [, from, to, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(told) ?? [];
  const isPart = stored.some(
    (whole) =>
      Number(total) === whole.byteLength &&
      Number(to) < whole.byteLength &&
      whole.subarray(Number(from), Number(to) + 1).equals(body),
  );
  return isPart
    ? undefined
    : `it is answered with 206, Content-Range ${safeText(told)} and ${body.byteLength} bytes, which are not that part of its object`;
}

/** Says in words why a call that the contract does not name must not be answered so (contract, section 1). */
export function wrongRefusal({ status, body }: VaultAnswer): string | undefined {
  if (status >= 400 && status < 500) return undefined;
  return `it is answered with ${status} ${safeText(body.toString(), { limit: QUOTED_CHARACTERS })}, though the contract knows no such call`;
}

/** Says in words why a request that is wrong must not be answered so. @param statuses with which it may be refused */
export function wrongStatus({ status, body }: VaultAnswer, statuses: readonly number[]): string | undefined {
  if (statuses.includes(status)) return undefined;
  return `it is answered with ${status} ${safeText(body.toString(), { limit: QUOTED_CHARACTERS })}, not with ${statuses.join(' or ')}`;
}
