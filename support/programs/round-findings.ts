import { isSuiteFailure, SuiteError } from '../bytes/errors';
import type { Finding } from '../ledger/finding';
import type { BrokenRequirements } from '../reporting/broken-requirements';
import { FindingError } from './finding-error';

/** Collects what is found wrong in a round; what a vault does not claim is not held against it. */
export class RoundFindings {
  readonly #unclaimed: ReadonlyMap<string, unknown>;
  readonly #texts = new Set<string>();
  readonly #found = new Set<string>();
  #own = false;

  /** @param unclaimed the requirements that the vault does not claim to keep, by their ids */
  constructor(unclaimed: ReadonlyMap<string, unknown>) {
    this.#unclaimed = unclaimed;
  }

  /** Each finding in words, once. */
  get texts(): readonly string[] {
    return [...this.#texts];
  }

  /** The requirements that are broken; `own` where something names none. */
  get broken(): BrokenRequirements {
    return { own: this.#own, found: [...this.#found] };
  }

  get isEmpty(): boolean {
    return this.#texts.size === 0;
  }

  /**
   * Notes what a program met.
   * @throws SuiteError for what the suite itself failed at
   */
  note(error: unknown): void {
    if (error instanceof FindingError)
      this.#charge(error.message, ...error.findings.map(({ requirements }) => requirements));
    else this.#charge(wordsOf(error), []);
  }

  /**
   * Notes what the end of a round found.
   * @param findings each of them, of which the error tells the first few
   * @throws SuiteError as `note` does
   */
  noteEnd(error: unknown, findings: readonly Finding[]): void {
    this.#charge(
      wordsOf(error),
      ...findings.map(({ requirement }) => (requirement === undefined ? [] : [requirement])),
    );
  }

  #charge(text: string, ...broken: readonly (readonly string[])[]): void {
    const claimed = broken.filter((ids) => ids.length === 0 || ids.some((id) => !this.#unclaimed.has(id)));
    if (claimed.length === 0) return;
    this.#texts.add(text);
    for (const id of claimed.flat()) if (!this.#unclaimed.has(id)) this.#found.add(id);
    this.#own ||= claimed.some((ids) => ids.length === 0);
  }
}

/** @throws SuiteError for what is not the vault's doing */
function wordsOf(error: unknown): string {
  if (error instanceof SuiteError) throw error;
  if (!(error instanceof Error)) throw new SuiteError(String(error));
  if (isSuiteFailure(error.name)) throw new SuiteError(error.message, { cause: error });
  return error.message;
}
