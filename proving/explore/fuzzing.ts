import fc from 'fast-check';
import { isSuiteFailure, SuiteError } from '../../support/bytes/errors';
import type { Environment } from '../../support/environments/environment';
import { payloads, payloadsOf } from '../../support/programs/payload-arbitraries';
import { terminalProgress } from '../../support/reporting/terminal-progress';
import { RoundTrips } from '../../support/scenario/round-trips';
import { ScenarioScope } from '../../support/scenario/scenario-scope';
import { Services } from '../../support/scenario/services';
import type { FuzzOptions } from './options';

/** Payloads of one job. Each batch has a seed of its own, so that a path stays short. */
const BATCH = 250;
const SEEDS = 2 ** 31;
const SHRINKING_SECONDS = 60;
const PROVIDER = 'aws_cloudtrail';

/** Something a vault did wrong to a payload, or to a job. */
interface PayloadFinding {
  readonly words: string;
  /** Its place in the batch; `undefined` where the whole job is to blame. */
  readonly index: number | undefined;
}

/** A payload that broke the vault, as small as was possible in the time. */
export interface BrokenBy {
  readonly payload: Buffer;
  readonly words: string;
  readonly bytesBefore: number;
  readonly seed: number;
  /** By which fast-check finds the payload again; `undefined` where it did not break the vault alone. */
  readonly path: string | undefined;
  /** How many payloads the job had that broke the vault. */
  readonly together: number;
}

/** Sends generated payloads through a vault until one does not come back as it was, or all have. */
export class Fuzzing {
  readonly #environment: Environment;
  readonly #options: FuzzOptions;
  #startMs = performance.now();
  #payloads = 0;
  #bytes = 0;
  #leftOut = 0;

  constructor(environment: Environment, options: FuzzOptions) {
    this.#environment = environment;
    this.#options = options;
  }

  /** @returns the smallest payload that breaks the vault, if any does @throws SuiteError when the suite could not judge */
  async run(): Promise<BrokenBy | undefined> {
    const { runs, seed, path } = this.#options;
    if (path !== undefined) return await this.#again(seed, path);
    this.#startMs = performance.now();
    for (let done = 0; done < runs; done += BATCH) {
      const batchSeed = (seed + done / BATCH) % SEEDS;
      const batch = payloadsOf(batchSeed, Math.min(BATCH, runs - done));
      const finding = await this.#send(batch);
      if (finding !== undefined) return await this.#smallest(batchSeed, batch, finding);
      terminalProgress(this.#progress());
    }
    return undefined;
  }

  /** The plain summary. */
  summary(): string {
    const seconds = (performance.now() - this.#startMs) / 1_000;
    const megabytes = this.#bytes / 1e6;
    const leftOut =
      this.#leftOut === 0
        ? ''
        : `; ${this.#leftOut} of them left out that no provider of this shape can send`;
    return `${this.#payloads.toLocaleString('en-US')} payloads, ${megabytes.toFixed(1)} MB in ${seconds.toFixed(1)} s (${Math.round(this.#payloads / seconds)} payloads/s, ${(megabytes / seconds).toFixed(2)} MB/s)${leftOut}`;
  }

  /** Runs one value once more, as it is. */
  async #again(seed: number, path: string): Promise<BrokenBy | undefined> {
    let broken: BrokenBy | undefined;
    const property = fc.asyncProperty(payloads, async (payload) => {
      const finding = await this.#send([payload]);
      if (finding === undefined) return;
      broken = { payload, words: finding.words, bytesBefore: payload.byteLength, seed, path, together: 1 };
      throw new Error(finding.words);
    });
    await fc.check(property, { seed, path, numRuns: 1, endOnFailure: true });
    return broken;
  }

  /** First the payload that broke the vault, then smaller and smaller ones in jobs of their own. */
  async #smallest(seed: number, batch: readonly Buffer[], finding: PayloadFinding): Promise<BrokenBy> {
    const suspect = finding.index ?? (await this.#suspectIn(batch));
    const before = batch[suspect] ?? Buffer.alloc(0);
    let smallest: { readonly payload: Buffer; readonly words: string } | undefined;
    const untilMs = performance.now() + SHRINKING_SECONDS * 1_000;
    const property = fc.asyncProperty(payloads, async (payload) => {
      if (performance.now() > untilMs) return;
      terminalProgress(`fuzz: looking for a smaller payload (${payload.byteLength} bytes)`);
      const found = await this.#send([payload]);
      if (found === undefined) return;
      smallest = { payload, words: found.words };
      throw new Error(found.words);
    });
    const { counterexamplePath } = await fc.check(property, { seed, path: String(suspect), numRuns: 1 });
    if (smallest !== undefined) {
      return {
        ...smallest,
        bytesBefore: before.byteLength,
        seed,
        path: counterexamplePath ?? undefined,
        together: 1,
      };
    }
    const together = await this.#fewestAround(batch, suspect);
    return {
      payload: before,
      words: finding.words,
      bytesBefore: before.byteLength,
      seed,
      path: undefined,
      together,
    };
  }

  /** Halves a job that did not complete until one payload is left; the first one where no half fails without the other. */
  async #suspectIn(batch: readonly Buffer[]): Promise<number> {
    let [from, to] = [0, batch.length];
    while (to - from > 1) {
      const middle = (from + to) >> 1;
      if ((await this.#send(batch.slice(from, middle))) !== undefined) to = middle;
      else if ((await this.#send(batch.slice(middle, to))) !== undefined) from = middle;
      else break;
    }
    return from;
  }

  /** How many neighbours it takes. */
  async #fewestAround(batch: readonly Buffer[], suspect: number): Promise<number> {
    for (let size = 2; size < batch.length; size *= 2) {
      const from = Math.max(0, Math.min(suspect - (size >> 1), batch.length - size));
      if ((await this.#send(batch.slice(from, from + size))) !== undefined) return size;
    }
    return batch.length;
  }

  /** Sends payloads through the vault in one job. @throws SuiteError */
  async #send(batch: readonly Buffer[]): Promise<PayloadFinding | undefined> {
    const environment = this.#environment;
    const services = new Services(environment);
    const scope = new ScenarioScope(
      environment.provider,
      environment.runId,
      environment.nextScenarioNumber(),
    );
    const trips = new RoundTrips({ ...services, scope });
    try {
      const [changed] = await trips.send(
        PROVIDER,
        batch.map((payload, index) => ({ name: `payload ${index + 1}`, payload })),
      );
      this.#payloads += batch.length;
      this.#leftOut += trips.leftOut;
      this.#bytes += batch.reduce((sum, payload) => sum + payload.byteLength, 0);
      await environment.reset();
      return changed;
    } catch (error) {
      if (!(error instanceof Error) || error instanceof SuiteError || isSuiteFailure(error.name)) throw error;
      await services.end.abandon();
      const { givenUp } = environment.health;
      if (givenUp !== undefined) throw new SuiteError(`${error.message}; after that ${givenUp}.`);
      return { words: error.message, index: undefined };
    }
  }

  #progress(): string {
    const seconds = (performance.now() - this.#startMs) / 1_000;
    const rate = this.#payloads / seconds;
    const { runs } = this.#options;
    return `fuzz: ${this.#payloads} of ${runs} payloads, ${Math.round(rate)}/s, ${Math.ceil((runs - this.#payloads) / rate)} s left`;
  }
}
