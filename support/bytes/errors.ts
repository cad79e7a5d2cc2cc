/**
 * The suite could not judge: its own input or surroundings are at fault, never the vault (exit code 2). Its
 * message is one sentence for a human that says what to do.
 */
export class SuiteError extends Error {
  override readonly name = 'SuiteError';
}

/**
 * True when an exception's class says that the suite failed, not the vault. The only MongoDB driver a step
 * ever uses is the suite's own.
 * @param type the class's name, as Cucumber reports it
 */
export function isSuiteFailure(type: string | undefined): boolean {
  return type === 'SuiteError' || type?.startsWith('Mongo') === true;
}
