import { setTimeout as sleep } from 'node:timers/promises';
import { count, safeJson, safeText } from '../bytes/safe-text';

/** How much of an observation is quoted, in characters. */
const QUOTED = 500;

const FIRST_INTERVAL_MS = 2;
const INTERVAL_GROWTH = 1.5;
const LONGEST_INTERVAL_MS = 100;
const WATCH_INTERVAL_MS = 20;

/**
 * An observation that began in time gets so much beyond it. On a busy machine the time may be over before the
 * first answer was even read; that would blame a vault for the suite's own delay.
 */
const GRACE_MS = 250;
/**
 * The same for a watch: there an observation that is late is not one more try that failed, but the verdict.
 */
const WATCH_GRACE_MS = 5_000;
/** How many times as long as it was to be a wait may become: thousands of logs take minutes on a busy machine. */
const LONGEST_SPAN = 20;

interface WatchOptions<T> {
  /** Names what is awaited or watched, as it reads after "waiting for": `job 17 to end`. */
  readonly what: string;
  /** The longest pause between two observations, in milliseconds. */
  readonly everyMs?: number;
  /** How an observation is quoted; by default as JSON. Bounded and made safe for terminals in any case. */
  readonly describe?: (observation: T) => string;
}

export interface EventuallyOptions<T> extends WatchOptions<T> {
  /** How long to wait, in milliseconds. There is at least one observation, even with 0. */
  readonly withinMs: number;
  /**
   * Asked when time is up whether to wait as long again, up to twenty times as long in all.
   * @param ended how many observations have ended so far
   */
  readonly isWorthMore?: (ended: number) => boolean;
  /** Errors that waiting cannot mend: they end the wait at once and are thrown as they are. */
  readonly isFinal?: (error: unknown) => boolean;
}

export interface ThroughoutOptions<T> extends WatchOptions<T> {
  /** How long to watch, in milliseconds. There is at least one observation at each end. */
  readonly windowMs: number;
}

/**
 * Thrown when what was awaited did not happen in time. `cause` is the last error of an observation, if there
 * was one.
 */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';

  constructor(
    readonly what: string,
    readonly withinMs: number,
    readonly observations: number,
    /** The last observation, safe and bounded; undefined when none succeeded. */
    readonly lastObservation: string | undefined,
    lastError: unknown,
  ) {
    const seen =
      lastObservation === undefined ? 'nothing was observed' : `last observation: ${lastObservation}`;
    const failed = lastError === undefined ? '' : `; last error: ${messageOf(lastError)}`;
    const tries = count(observations, 'observation');
    super(`waited ${ms(withinMs)} in vain for ${safeText(what)} (${tries}); ${seen}${failed}`, {
      cause: lastError,
    });
  }
}

/** Thrown when what had to hold throughout a window did not, or could not be seen to. */
export class ViolationError extends Error {
  override readonly name = 'ViolationError';

  constructor(
    readonly what: string,
    /** When it was seen, in milliseconds since the watch began. */
    readonly afterMs: number,
    readonly windowMs: number,
    /**
     * The offending observation, safe and bounded; undefined when observing failed, which `cause` explains.
     */
    readonly observation: string | undefined,
    cause?: unknown,
  ) {
    const seen =
      observation === undefined ? `it could not be observed: ${messageOf(cause)}` : `observed ${observation}`;
    super(`expected ${safeText(what)} for ${ms(windowMs)}, but after ${ms(afterMs)} ${seen}`, { cause });
  }
}

/**
 * Observes again and again until an observation satisfies `until`, and returns it. An observation that throws
 * is one that does not satisfy yet. The pauses begin at 2 ms and grow up to `everyMs` (100).
 * @throws TimeoutError when `withinMs` is over; it quotes the last observation and the last error. And what
 * `isFinal` says
 */
export async function eventually<T>(
  observe: () => Promise<T>,
  until: (observation: T) => boolean,
  options: EventuallyOptions<T>,
): Promise<T> {
  const { withinMs, what, everyMs = LONGEST_INTERVAL_MS } = options;
  const watch = new Watch(observe, duration(withinMs, 'withinMs'), GRACE_MS);
  let interval = Math.min(FIRST_INTERVAL_MS, everyMs);
  let seen: string | undefined;
  let lastError: unknown;
  let ended = 0;
  for (;;) {
    const outcome = await watch.observe();
    try {
      if (outcome.kind === 'failed') throw outcome.error;
      if (outcome.kind === 'seen') {
        if (until(outcome.value)) return outcome.value;
        seen = quote(outcome.value, options);
      }
    } catch (error) {
      if (options.isFinal?.(error) === true) throw error;
      lastError = error ?? new Error('an observation failed without an error');
    }
    const silent = outcome.kind === 'silent';
    if (silent) lastError = new Error('the last observation did not end');
    else ended += 1;
    if ((silent || watch.isOver()) && !(options.isWorthMore?.(ended) === true && watch.extend())) {
      throw new TimeoutError(what, watch.lengthMs, watch.observations, seen, lastError);
    }
    await watch.pause(interval);
    interval = Math.min(interval * INTERVAL_GROWTH, everyMs);
  }
}

/**
 * Watches that something holds for a whole window: the test of a "never". Every observation, from one at its
 * beginning to one at its end, must satisfy `holds`, and one that fails proves nothing, so it is a violation
 * too.
 * @throws ViolationError at the first observation that does not hold
 */
export async function throughout<T>(
  observe: () => Promise<T>,
  holds: (observation: T) => boolean,
  options: ThroughoutOptions<T>,
): Promise<void> {
  const { windowMs, what, everyMs = WATCH_INTERVAL_MS } = options;
  const watch = new Watch(observe, duration(windowMs, 'windowMs'), WATCH_GRACE_MS);
  for (;;) {
    const outcome = await watch.observe();
    const violated = (observation: string | undefined, cause?: unknown): ViolationError =>
      new ViolationError(what, watch.elapsedMs(), windowMs, observation, cause);
    if (outcome.kind === 'silent') throw violated(undefined, new Error('the observation did not end'));
    if (outcome.kind === 'failed') throw violated(undefined, outcome.error);
    if (!holds(outcome.value)) throw violated(quote(outcome.value, options));
    if (watch.isOver()) return;
    await watch.pause(everyMs);
  }
}

type Outcome<T> =
  | { readonly kind: 'seen'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'silent' };

/** A span of time on the monotonic clock, and observations within it that cannot hang beyond it. */
class Watch<T> {
  readonly #observe: () => Promise<T>;
  readonly #beginning = performance.now();
  readonly #stepMs: number;
  readonly #graceMs: number;
  #lengthMs: number;
  #last = this.#beginning;
  #observations = 0;

  constructor(observe: () => Promise<T>, lengthMs: number, graceMs: number) {
    this.#graceMs = graceMs;
    this.#observe = observe;
    this.#stepMs = lengthMs;
    this.#lengthMs = lengthMs;
  }

  get lengthMs(): number {
    return this.#lengthMs;
  }

  get #end(): number {
    return this.#beginning + this.#lengthMs;
  }

  /** Makes the span longer by what it was at first. @returns false when that was done often enough */
  extend(): boolean {
    if (this.#lengthMs >= LONGEST_SPAN * this.#stepMs) return false;
    this.#lengthMs += this.#stepMs;
    return true;
  }

  get observations(): number {
    return this.#observations;
  }

  elapsedMs(): number {
    return performance.now() - this.#beginning;
  }

  /** Whether the last observation was begun at the end of the span or later. */
  isOver(): boolean {
    return this.#last >= this.#end;
  }

  async observe(): Promise<Outcome<T>> {
    this.#observations += 1;
    this.#last = performance.now();
    const patience = new AbortController();
    const silence = sleep(Math.max(0, this.#end - this.#last) + this.#graceMs, undefined, {
      signal: patience.signal,
    });
    try {
      return await Promise.race([this.#look(), silence.then((): Outcome<T> => ({ kind: 'silent' }))]);
    } finally {
      // Whichever lost is not waited for, and must not surface as an unhandled rejection later.
      silence.catch(() => undefined);
      patience.abort();
    }
  }

  /** Pauses, but not beyond the end: there is one more observation then. */
  async pause(milliseconds: number): Promise<void> {
    const left = this.#end - performance.now();
    // Timers count whole milliseconds and would cut a fraction off, so that the end is not reached yet.
    await sleep(Math.max(0, Math.ceil(Math.min(milliseconds, left))));
  }

  /** Never rejects, and turns an observation that throws at once into one that failed. */
  async #look(): Promise<Outcome<T>> {
    try {
      return { kind: 'seen', value: await this.#observe() };
    } catch (error) {
      return { kind: 'failed', error };
    }
  }
}

function quote<T>(observation: T, options: WatchOptions<T>): string {
  try {
    return options.describe === undefined
      ? safeJson(observation, QUOTED)
      : safeText(options.describe(observation), { limit: QUOTED });
  } catch (error) {
    return `(cannot be described: ${messageOf(error)})`;
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return safeJson(error, QUOTED);
  // The classes of the language say more than their messages; those of the suite, less.
  const name = /^(?:Type|Reference|Range|Syntax)Error$/.test(error.name) ? `${error.name}: ` : '';
  return safeText(name + error.message, { limit: QUOTED });
}

function ms(milliseconds: number): string {
  return `${Math.round(milliseconds).toLocaleString('en-US')} ms`;
}

/** A span that is not a number would end at once, or never, without a word. */
function duration(milliseconds: number, name: string): number {
  if (Number.isFinite(milliseconds) && milliseconds >= 0) return milliseconds;
  throw new RangeError(`${name} must be a number of milliseconds, 0 or more; it is ${milliseconds}`);
}
