import type { AnswerPatience } from '../../services/vault-client';
import { type EventuallyOptions, eventually, TimeoutError } from '../assertions/eventually';

/** A worker waits so long in vain in a run before the rest of its scenarios is left unjudged. */
const SPENT_AT_MOST_MS = 180_000;
/** On an idle machine a wait has hundreds. */
const LEAST_OBSERVATIONS = 20;
/**
 * Any answer may take as long as that: without MongoDB, a vault may look for it for so long (contract,
 * section 1).
 */
export const LEAST_ANSWER_MS = 15_000;

/** How long the suite waits at first, in milliseconds. */
export interface PatienceLimits {
  /**
   * For any answer: a vault may retry a read as often and as slowly as its settings allow before it answers.
   */
  readonly answerMs: number;
  /** For a job to end, faults and retries included. */
  readonly jobMs: number;
  /**
   * The window in which a "never" is watched (a second past the terminal state on the wire, a quarter
   * embedded).
   */
  readonly neverMs: number;
  /** For a job to end, once the suite has waited in vain again and again. */
  readonly leastJobMs: number;
  /**
   * How much the vault has got done in this scenario, in steps of any kind that it takes once: no repetition
   * may count.
   */
  readonly workDone: () => number;
}

/**
 * As `eventually` has them. Without `withinMs` it waits as long as a job may take, and longer while that is
 * worth it; a bound of one's own is kept.
 */
type WaitOptions<T> = Omit<EventuallyOptions<T>, 'withinMs'> & { readonly withinMs?: number | undefined };

/**
 * How long the suite waits for what a vault does by itself. A wait in vain has shown a broken promise, so
 * that the verdict is settled, and the next waits are for the report alone: each is half as long, down to a
 * least. Else a vault that leaves its jobs running would cost minutes a scenario, and its run hours.
 */
export class Patience implements AnswerPatience {
  readonly #limits: PatienceLimits;
  #inVain = 0;
  #spentMs = 0;
  #lost = false;
  #wornMs = Number.NEGATIVE_INFINITY;

  constructor(limits: PatienceLimits) {
    this.#limits = limits;
  }

  get answerMs(): number {
    return this.#worn(this.#limits.answerMs, LEAST_ANSWER_MS);
  }

  get jobMs(): number {
    return this.#worn(this.#limits.jobMs, this.#limits.leastJobMs);
  }

  get neverMs(): number {
    return this.#limits.neverMs;
  }

  /** Whether so much was waited for in vain that the rest would only take long to say the same. */
  get isUsedUp(): boolean {
    return this.#spentMs > SPENT_AT_MOST_MS;
  }

  /** `eventually`, but less long once patience has worn. @throws TimeoutError, and what `isFinal` says */
  async eventually<T>(
    observe: () => Promise<T>,
    until: (observation: T) => boolean,
    { withinMs: bound, ...options }: WaitOptions<T>,
  ): Promise<T> {
    const sinceMs = performance.now();
    const withinMs = bound ?? this.#limits.jobMs;
    const wornMs = this.#worn(withinMs, this.#limits.leastJobMs);
    const what =
      wornMs < withinMs ? `${options.what}, less patiently after earlier waits in vain` : options.what;
    try {
      return await eventually(observe, until, {
        // A bound that is somebody's own may be the very promise that is judged (contract, section 4: within
        // VAULT_LEASE_MS).
        ...(bound === undefined ? { isWorthMore: this.#hope() } : {}),
        ...options,
        what,
        withinMs: wornMs,
      });
    } catch (error) {
      if (error instanceof TimeoutError) this.ranOut(sinceMs);
      throw error;
    }
  }

  /**
   * A wait was in vain. Of several at once only the first counts. @param sinceMs when it began, on the
   * monotonic clock
   */
  ranOut(sinceMs: number): void {
    if (sinceMs < this.#wornMs) return;
    this.#wornMs = performance.now();
    this.#inVain += 1;
    this.#spentMs += this.#wornMs - sinceMs;
  }

  /** Nothing more is waited for. */
  lose(): void {
    this.#lost = true;
  }

  /**
   * Few observations in a long time say that the machine is too busy for anybody to be quick; work done, that
   * there is more to come.
   */
  #hope(): (ended: number) => boolean {
    let done = this.#limits.workDone();
    return (ended) => {
      const before = done;
      done = this.#limits.workDone();
      return done > before || (ended > 0 && ended < LEAST_OBSERVATIONS);
    };
  }

  #worn(limitMs: number, leastMs: number): number {
    return this.#lost ? 1 : Math.min(limitMs, Math.max(leastMs, limitMs / 2 ** this.#inVain));
  }
}
