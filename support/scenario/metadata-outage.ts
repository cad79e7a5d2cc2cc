import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { bodyOf, errorBody, RETRY_AFTER } from '../../services/answer';
import type { IngestionService } from '../../services/ingestion-service';
import type { Job, JobService } from '../../services/job-service';
import type { LogService } from '../../services/log-service';
import type { VaultAnswer, VaultClient } from '../../services/vault-client';
import type { Environment } from '../environments/environment';
import type { LogFinder } from '../ledger/log-finder';
import type { Absence } from '../metadata-store/tcp-gate';
import type { LocatedLog, ScenarioScope } from './scenario-scope';

/**
 * Within a second every job survives; the rest of it is for a loaded machine that heals late (contract,
 * section 4).
 */
const MOMENT_MS = 600;
/** Long enough for those who do not wait at all. */
const SHORT_MOMENT_MS = 300;
/** Within which a call that needs MongoDB is answered while there is none (contract, section 1). */
const ANSWERED_WITHIN_MS = 15_000;
/** How late an answer may be read that came in time. */
const READ_LATE_MS = 1_000;
const NOON_MS = 12 * 3_600_000;
/** The questions of one who cannot wait. */
const SEARCHES = 4;

interface Parts {
  readonly environment: Environment;
  readonly client: VaultClient;
  readonly ingestion: IngestionService;
  readonly jobs: JobService;
  readonly logs: LogService;
  readonly scope: ScenarioScope;
  readonly finder: LogFinder;
  /** Jobs as last seen by a step, oldest first. */
  readonly seenJobs: readonly Job[];
}

/** A question that needs MongoDB, and what came of it. */
interface Asked {
  readonly call: string;
  readonly answer: VaultAnswer;
  readonly tookMs: number;
}

/**
 * MongoDB is taken away from the vault and given back; meanwhile the vault is asked (contract, sections 1 and
 * 4).
 */
export class MetadataOutage {
  readonly #parts: Parts;
  #asked: readonly Asked[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async begin(absence?: Absence): Promise<void> {
    await this.#parts.environment.metadataGate.cut(absence);
  }

  /** MongoDB comes back; the vault has to find that out by itself. */
  async end(): Promise<void> {
    await this.#parts.environment.metadataGate.heal();
  }

  /**
   * An absence that is over within a second.
   * @param meanwhile what happens once it has begun
   */
  async forAMoment(meanwhile: () => void, lengthMs = MOMENT_MS): Promise<void> {
    await this.begin();
    meanwhile();
    // Its length is what this fault is; nothing is waited for.
    await pause(lengthMs);
    await this.end();
  }

  /** Searches several times as soon as MongoDB is gone; it is back by the time of most answers. */
  async searchDuringAMoment(): Promise<void> {
    let searches: Promise<readonly Asked[]> | undefined;
    await this.forAMoment(() => {
      const each = Array.from({ length: SEARCHES }, () => this.#ask('search', () => this.#search()));
      searches = Promise.all(each);
    }, SHORT_MOMENT_MS);
    this.#asked = (await searches) ?? [];
  }

  /** Asks everything that needs MongoDB, all at once. */
  async askEverything(): Promise<void> {
    const { ingestion, jobs, logs, scope, finder } = this.#parts;
    const [log] = scope.logs;
    const job = this.#parts.seenJobs.at(-1);
    if (log === undefined || job === undefined)
      throw new Error('the scenario has no ended job to ask for yet');
    const { logId } = await finder.locate(log);
    // Without logs: whether an ingestion that is not answered with 202 is carried out later is the vault's
    // affair.
    const range = { start: scope.at(NOON_MS), end: scope.at(NOON_MS + 1) };
    this.#asked = await Promise.all([
      this.#ask('an ingestion', () => ingestion.ask({ provider_id: log.providerId, range })),
      this.#ask('a job', () => jobs.ask(job.jobId)),
      this.#ask('search', () => this.#search()),
      this.#ask('a raw log', () => logs.raw(logId)),
    ]);
    // As long as requests are patient, jobs may be: they are given a little more, so that they lose patience
    // as well.
    await pause(MOMENT_MS);
  }

  /** Each question was told in time that nobody knows just now. */
  expectUnavailable(): void {
    for (const { call, answer, tookMs } of this.#asked) {
      this.#expectUnavailable(call, answer);
      expect(tookMs, `milliseconds until ${call} was answered`).to.be.below(
        ANSWERED_WITHIN_MS + READ_LATE_MS,
      );
    }
  }

  /** Each search told of the log, or that nobody knows just now: never that there is nothing. */
  expectFoundOrUnavailable({ name, logId }: LocatedLog): void {
    for (const { call, answer } of this.#asked) {
      if (answer.status !== 200) {
        this.#expectUnavailable(call, answer);
        continue;
      }
      const { logs, totalCount } = this.#parts.logs.pageOf(answer);
      expect(
        { 'times found': logs.filter(({ id }) => id === logId).length, total_count: totalCount },
        `what search says of "${name}", the one log there is, while MongoDB is away for a moment`,
      ).to.deep.equal({ 'times found': 1, total_count: 1 });
    }
  }

  /** The vault serves again by itself. */
  async untilServing(): Promise<void> {
    const { environment } = this.#parts;
    await environment.patience.eventually(
      () => this.#search(),
      ({ status }) => status === 200,
      {
        what: 'search to be answered with 200 again, now that MongoDB is back',
        describe: (answer) => this.#parts.client.quote('GET', '/v1/logs', answer),
      },
    );
  }

  async #search(): Promise<VaultAnswer> {
    return await this.#parts.logs.askPage({});
  }

  async #ask(call: string, question: () => Promise<VaultAnswer>): Promise<Asked> {
    const startMs = performance.now();
    const answer = await question();
    return { call, answer, tookMs: performance.now() - startMs };
  }

  #expectUnavailable(call: string, answer: VaultAnswer): void {
    const { client } = this.#parts;
    const quoted = `MongoDB is away, and ${client.quote(call, 'was asked for; the vault', answer)}`;
    expect(answer.status, quoted).to.equal(503);
    expect(answer.headers['retry-after'] ?? '', `Retry-After: ${quoted}`).to.match(RETRY_AFTER);
    expect(bodyOf({ client, method: call, path: '', answer }, errorBody).error, quoted).to.match(/\S/);
  }
}
