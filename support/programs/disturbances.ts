/**
 * A disturbance of everyone who uses the vault, not one log alone. MongoDB is unsteady from the beginning of an absence until every
 * vault serves again, and while it answers late or loses answers.
 */
export type Disturbance = 'MongoDB is away' | 'MongoDB is unsteady' | 'the vault is down';

interface Period {
  readonly kind: Disturbance;
  readonly fromMs: number;
  /** `Infinity` while it lasts. */
  toMs: number;
}

/** Which disturbances there were and when, on the monotonic clock: what a vault may answer meanwhile depends on it. */
export class Disturbances {
  readonly #periods: Period[] = [];
  #last: Promise<unknown> = Promise.resolve();

  /** Disturbs, one at a time, for as long as `meanwhile` takes; that sees to its end too. */
  async disturb<T>(kind: Disturbance, meanwhile: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => await this.note(kind, meanwhile));
    this.#last = turn.catch(() => undefined);
    return await turn;
  }

  /** Notes what is a part of a disturbance. */
  async note<T>(kind: Disturbance, meanwhile: () => Promise<T>): Promise<T> {
    const period = { kind, fromMs: performance.now(), toMs: Number.POSITIVE_INFINITY };
    this.#periods.push(period);
    try {
      return await meanwhile();
    } finally {
      period.toMs = performance.now();
    }
  }

  /** Waits until nothing is disturbed. */
  async untilOver(): Promise<void> {
    for (let last: unknown; last !== this.#last; ) {
      last = this.#last;
      await last;
    }
  }

  /** For how much of a time something was disturbed, in milliseconds. */
  lastedMs(kind: Disturbance, fromMs: number, toMs = performance.now()): number {
    return this.#during(fromMs, toMs)
      .filter((period) => period.kind === kind)
      .reduce((sum, period) => sum + Math.min(period.toMs, toMs) - Math.max(period.fromMs, fromMs), 0);
  }

  /** Whether there was any disturbance since, or one of a kind. */
  wasDisturbed(fromMs: number, kind?: Disturbance): boolean {
    return this.#during(fromMs, performance.now()).some(
      (period) => kind === undefined || period.kind === kind,
    );
  }

  /** How often there was one of a kind. */
  times(kind: Disturbance): number {
    return this.#periods.filter((period) => period.kind === kind).length;
  }

  #during(fromMs: number, toMs: number): readonly Period[] {
    return this.#periods.filter((period) => period.fromMs <= toMs && period.toMs >= fromMs);
  }
}
