import type { Envelope } from '@cucumber/messages';
import { failureText } from '../../support/reporting/failure-text';
import { ScenarioClock } from './scenario-clock';

/** The first step of a trial that failed. */
export interface FirstFailure {
  /** The scenario's place, `features/brownout.feature:11`. */
  readonly place: string;
  readonly words: string;
}

/** The longest silence of a trial, in milliseconds. */
export interface SilenceLimits {
  /** Longer than any step waits. */
  readonly beforeFailureMs: number;
  /** The mutant is dead by then: only its vault is to be cleared away. */
  readonly afterFailureMs: number;
}

/** Listens to a trial, and notices when it hangs: a mutant's vault may run in circles and never stop. */
export class TrialWatch {
  readonly #clock = new ScenarioClock((place) => {
    this.#place = place ?? this.#place;
  });
  #place = '';
  #firstFailure: FirstFailure | undefined;
  #timer: NodeJS.Timeout | undefined;
  #hangs: () => void = () => undefined;

  /** Resolves when the trial hangs, and never otherwise. */
  readonly hung = new Promise<'hung'>((resolve) => {
    this.#hangs = () => resolve('hung');
  });

  constructor(private readonly limits: SilenceLimits) {
    this.#startAnew();
  }

  get firstFailure(): FirstFailure | undefined {
    return this.#firstFailure;
  }

  hear(envelope: Envelope): void {
    this.#clock.hear(envelope);
    const result = envelope.testStepFinished?.testStepResult;
    if (result?.status === 'FAILED') {
      this.#firstFailure ??= { place: this.#place, words: failureText(result)?.words ?? '' };
    }
    this.#startAnew();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #startAnew(): void {
    clearTimeout(this.#timer);
    const { beforeFailureMs, afterFailureMs } = this.limits;
    this.#timer = setTimeout(
      this.#hangs,
      this.#firstFailure === undefined ? beforeFailureMs : afterFailureMs,
    );
  }
}
