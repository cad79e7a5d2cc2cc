/** A finding of the explorer: says what the vault did that no vault may do. */
export class FindingError extends Error {
  override readonly name = 'FindingError';
}
