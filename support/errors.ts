/**
 * The suite could not judge: its own input or surroundings are at fault, never the vault (exit code 2).
 * Its message is one sentence for a human that says what to do.
 */
export class SuiteError extends Error {
  override readonly name = 'SuiteError';
}
