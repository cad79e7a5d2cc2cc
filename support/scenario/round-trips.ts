import { expect } from 'chai';
import pMap from 'p-map';
import type { IngestionService } from '../../services/ingestion-service';
import type { LogService } from '../../services/log-service';
import { explainDifference } from '../bytes/byte-difference';
import { checksumOf } from '../bytes/checksum';
import { renderDifference } from '../bytes/render-difference';
import type { LogFinder } from '../ledger/log-finder';
import { NotOfThisShape } from '../profile/not-of-this-shape';
import type { CorpusPayload } from './corpus';
import type { JobWatcher } from './job-watcher';
import type { LocatedLog, LogOffer, NamedLog, ScenarioScope } from './scenario-scope';

const READ_AT_ONCE = 8;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

interface Parts {
  readonly scope: ScenarioScope;
  readonly ingestion: IngestionService;
  readonly logs: LogService;
  readonly watcher: JobWatcher;
  readonly finder: LogFinder;
}

/** A payload that did not come back as it was. */
export interface ChangedPayload {
  readonly name: string;
  /** Its place in the batch, from 0. */
  readonly index: number;
  /** The bytes that came instead. */
  readonly words: string;
}

/** Sends payloads through the vault, a batch in a job, and compares what comes back byte by byte. */
export class RoundTrips {
  readonly #parts: Parts;
  #batches = 0;
  #leftOut = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Ingests a batch, in a minute of its own of the scenario's day, and reads every payload back.
   * @returns those that are not as they were
   * @throws AssertionError when the job does not complete, and whatever waiting for it throws
   */
  async send(providerId: string, batch: readonly CorpusPayload[]): Promise<readonly ChangedPayload[]> {
    const { scope, ingestion, watcher, finder } = this.#parts;
    const number = this.#batches;
    this.#batches += 1;
    const minuteMs = (number % DAY_MINUTES) * MINUTE_MS;
    const sent = batch.flatMap(({ name, payload }, index) => {
      const log = this.#offered(name, {
        providerId,
        payload,
        timestamp: scope.at(minuteMs + index),
        sourceId: scope.sourceId(`payload-${number}-${index}`),
      });
      return log === undefined ? [] : [{ log, index }];
    });
    if (sent.length === 0) return [];
    const range = { start: scope.at(minuteMs), end: scope.at(minuteMs + MINUTE_MS) };
    const { jobId } = await ingestion.ingest({ provider_id: providerId, range });
    const { state, error } = await watcher.untilEnded(jobId);
    expect(
      state,
      `job ${jobId}, which brings ${sent.length} payloads (${error?.code ?? 'no error code'}: ${error?.message ?? ''})`,
    ).to.equal('completed');
    const located = await finder.locateAll(sent.map(({ log }) => log));
    const found = await pMap(located, (log) => this.#changeOf(log), { concurrency: READ_AT_ONCE });
    return sent.flatMap(({ log: { name }, index }, place) => {
      const words = found[place];
      return words === undefined ? [] : [{ name, index, words }];
    });
  }

  /** How many payloads no provider of this shape can send: nothing is known of them. */
  get leftOut(): number {
    return this.#leftOut;
  }

  #offered(name: string, offer: LogOffer): NamedLog | undefined {
    try {
      return this.#parts.scope.offer(name, offer);
    } catch (error) {
      if (!(error instanceof NotOfThisShape)) throw error;
      this.#leftOut += 1;
      return undefined;
    }
  }

  async #changeOf({ logId, payload }: LocatedLog): Promise<string | undefined> {
    const { logs } = this.#parts;
    const answer = await logs.raw(logId);
    const { status, body } = answer;
    if (status !== 200) return `reading it answers ${status}`;
    const difference = explainDifference(payload, body);
    if (difference !== undefined) return renderDifference(difference);
    const checksum = logs.checksumIn(answer);
    return checksum === checksumOf(payload)
      ? undefined
      : `${logs.checksumHeader} is ${checksum}, not ${checksumOf(payload)}`;
  }
}
