/** The vault did what no vault may do; says what was seen. */
export class BreachError extends Error {
  override readonly name = 'BreachError';
}
