/**
 * What a scenario needs, a vault of this shape cannot be given: its provider has no such call, nothing tells
 * two uploads apart, … The scenario is skipped with this reason, never passed (contract, section 8).
 */
export class NotOfThisShape extends Error {
  override readonly name = 'NotOfThisShape';
}

/**
 * Says that a fault which strikes so many calls leaves one to succeed. @throws NotOfThisShape where the vault
 * tries no more often than it strikes
 */
export function expectTries(times: number, mostTries: number): void {
  if (!Number.isFinite(times) || times < mostTries) return;
  throw new NotOfThisShape(
    `it needs ${times + 1} attempts, and by its profile this vault makes ${mostTries} (retry_max_attempts)`,
  );
}
