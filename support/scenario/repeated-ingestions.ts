import { expect } from 'chai';
import { IngestionService, type IngestRequest, type TimeRange } from '../../services/ingestion-service';
import type { Job } from '../../services/job-service';
import { VaultClient } from '../../services/vault-client';
import { millisecondOf } from '../bytes/instant';
import type { Environment } from '../environments/environment';
import type { Ledger } from '../ledger/ledger';
import { expectCompleted } from './job-end';
import type { JobWatcher } from './job-watcher';
import type { ScenarioJobs } from './scenario-jobs';
import type { NamedLog, ScenarioScope } from './scenario-scope';
import type { StoredLogs } from './stored-logs';

interface Parts {
  readonly ingestion: IngestionService;
  readonly redact: (text: string) => string;
  readonly watcher: JobWatcher;
  readonly storedLogs: StoredLogs;
  readonly scope: ScenarioScope;
  readonly ledger: Ledger;
  readonly jobs: ScenarioJobs;
  readonly environment: Environment;
}

/** Which job auditors are given: all the `same`, the one that is `active` already, or `another` than that. */
export type WhichJob = 'same' | 'active' | 'another';

/**
 * Ingestions of the same logs, one after the other or many at once, and what has to come of them all
 * together.
 */
export class RepeatedIngestions {
  readonly #parts: Parts;
  /** The ingestion of every vault on these stores. */
  readonly #vaults: IngestionService[];
  #given: readonly string[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#vaults = [parts.ingestion];
  }

  /**
   * The request whose range begins with the first of these logs of one provider and ends just after the last.
   */
  spanOf(logs: readonly NamedLog[]): IngestRequest {
    const instants = logs.map(({ timestamp }) => millisecondOf(timestamp));
    const [log] = logs;
    if (log === undefined) throw new Error('a range needs a log; name one that the provider offers');
    const utc = (ms: number): string => new Date(ms).toISOString();
    return {
      provider_id: log.providerId,
      range: { start: utc(Math.min(...instants)), end: utc(Math.max(...instants) + 1) },
    };
  }

  /** The instants of the scenario's day, the `Z` at their end written otherwise. */
  endingWith(ending: string): TimeRange {
    const { start, end } = this.#parts.scope.range;
    const respelt = (instant: string): string => instant.replace(/Z$/, ending);
    return { start: respelt(start), end: respelt(end) };
  }

  /** Sends the requests one by one, each after the job of the one before has completed. */
  async inTurn(requests: readonly IngestRequest[]): Promise<void> {
    for (const request of requests) {
      const { jobId } = await this.#parts.ingestion.ingest(request);
      await this.#completed(jobId);
    }
  }

  /** Starts a second vault on the same stores. */
  async startPeer(): Promise<void> {
    const { environment, redact, ledger } = this.#parts;
    const { health, patience, agent } = environment;
    await health.runWith({});
    const { baseUrl } = await health.startPeer();
    this.#vaults.push(new IngestionService(new VaultClient(() => baseUrl, redact, patience, agent), ledger));
  }

  /**
   * Sends the requests at once, to several vaults by turns where there are several; each has to be accepted.
   */
  async atOnce(requests: readonly IngestRequest[]): Promise<void> {
    const vaults = this.#vaults;
    const accepted = await Promise.all(
      requests.map(async (request, index) => await vaults[index % vaults.length]?.ingest(request)),
    );
    this.#given = accepted.flatMap((answer) => (answer === undefined ? [] : [answer.jobId]));
  }

  /**
   * Everyone who asked at once was given one job: the one that was accepted first in the scenario (`active`), or not
   * that one (`another`).
   * @returns its id
   */
  expectGiven(which: WhichJob): string {
    const different = [...new Set(this.#given)];
    expect(
      different.length,
      `jobs given to ${this.#given.length} requests for one range: ${different.join(', ')}`,
    ).to.equal(1);
    const [given = ''] = different;
    if (which === 'active') expect(given, 'the job that was given').to.equal(this.#parts.jobs.firstId);
    if (which === 'another') expect(given, 'the job that was given').not.to.equal(this.#parts.jobs.firstId);
    return given;
  }

  /**
   * Watches the jobs, one for each provider; when one completes, its provider's logs have to be there, byte
   * for byte.
   */
  async untilAllUnchanged(): Promise<void> {
    const { ledger, scope, storedLogs } = this.#parts;
    await Promise.all(
      ledger.jobs.map(async ({ jobId, request }) => {
        await this.#endedWell(jobId);
        await storedLogs.expectUnchanged(
          scope.logs.filter(({ providerId }) => providerId === request.provider_id),
        );
      }),
    );
  }

  async #completed(jobId: string): Promise<Job> {
    const job = await this.#endedWell(jobId);
    await this.#parts.storedLogs.expectCompletedMeansReadable(job);
    return job;
  }

  async #endedWell(jobId: string): Promise<Job> {
    const job = await this.#parts.watcher.untilEnded(jobId);
    expectCompleted([job], this.#parts.environment.provider);
    return job;
  }
}
