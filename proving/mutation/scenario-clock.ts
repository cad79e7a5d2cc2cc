import type { Envelope, Pickle, Timestamp } from '@cucumber/messages';

/**
 * Listens to a run and says which scenario runs now and how long each took. Scenarios are called by their
 * place.
 */
export class ScenarioClock {
  readonly #pickles = new Map<string, Pickle>();
  readonly #pickleOfCase = new Map<string, string>();
  readonly #started = new Map<string, { readonly place: string; readonly startedMs: number }>();
  readonly #tookMs = new Map<string, number>();

  /** @param onScenario is told of each scenario that begins, and of undefined when it has ended */
  constructor(private readonly onScenario: (place: string | undefined) => void) {}

  hear({ pickle, testCase, testCaseStarted, testCaseFinished }: Envelope): void {
    if (pickle !== undefined) this.#pickles.set(pickle.id, pickle);
    if (testCase !== undefined) this.#pickleOfCase.set(testCase.id, testCase.pickleId);
    if (testCaseStarted !== undefined) {
      const { id, testCaseId, timestamp } = testCaseStarted;
      const started = this.#pickles.get(this.#pickleOfCase.get(testCaseId) ?? '');
      const place = `${started?.uri}:${started?.location?.line}`;
      this.#started.set(id, { place, startedMs: inMs(timestamp) });
      this.onScenario(place);
    }
    if (testCaseFinished !== undefined) {
      const started = this.#started.get(testCaseFinished.testCaseStartedId);
      if (started !== undefined) {
        this.#tookMs.set(started.place, inMs(testCaseFinished.timestamp) - started.startedMs);
      }
      this.onScenario(undefined);
    }
  }

  /** 0 for a scenario that did not run. */
  tookMs(place: string): number {
    return this.#tookMs.get(place) ?? 0;
  }
}

function inMs({ seconds, nanos }: Timestamp): number {
  return seconds * 1000 + nanos / 1e6;
}
