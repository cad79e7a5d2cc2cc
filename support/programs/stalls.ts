import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

const EVERY_MS = 20;
const NANOSECONDS = 1e6;

/** Watches for how long this process could not go on, as on a busy machine: others can hardly do better then. */
export class Stalls {
  readonly #delays: IntervalHistogram = monitorEventLoopDelay({ resolution: EVERY_MS });

  constructor() {
    this.#delays.enable();
  }

  /** The longest so far, in milliseconds. */
  get longestMs(): number {
    return this.#delays.max / NANOSECONDS;
  }

  /** Watches no longer. */
  stop(): void {
    this.#delays.disable();
  }
}
