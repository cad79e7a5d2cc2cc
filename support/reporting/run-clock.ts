interface Instant {
  readonly seconds: number;
  readonly nanos: number;
}

/** The messages that say when a run began and ended; Cucumber's broadcaster is untyped. */
export interface ClockEnvelope {
  readonly testRunStarted?: { readonly timestamp: Instant };
  readonly testRunFinished?: { readonly timestamp: Instant };
}

/** How long a run took by its own messages, so that one that is replayed took as long as it did. */
export class RunClock {
  #startedMs: number | undefined;
  #finishedMs: number | undefined;

  hear({ testRunStarted, testRunFinished }: ClockEnvelope): void {
    if (testRunStarted !== undefined) this.#startedMs = msOf(testRunStarted.timestamp);
    if (testRunFinished !== undefined) this.#finishedMs = msOf(testRunFinished.timestamp);
  }

  /** In milliseconds; up to now while the run goes on, 0 before it began. */
  get durationMs(): number {
    if (this.#startedMs === undefined) return 0;
    return (this.#finishedMs ?? Date.now()) - this.#startedMs;
  }
}

function msOf({ seconds, nanos }: Instant): number {
  return seconds * 1_000 + nanos / 1e6;
}
