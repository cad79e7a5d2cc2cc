import { expect } from 'chai';
import type { IngestionService, IngestRequest, TimeRange } from '../../services/ingestion-service';
import type { Job } from '../../services/job-service';
import type { JobWatcher } from './job-watcher';
import type { LogInspector } from './log-inspector';
import type { NamedLog, ScenarioScope } from './scenario-scope';

interface Parts {
  readonly ingestion: IngestionService;
  readonly watcher: JobWatcher;
  readonly inspect: LogInspector;
  readonly scope: ScenarioScope;
}

/** Ingestions of ranges of their own, one after the other or many at once. */
export class IngestionRush {
  readonly #parts: Parts;
  #jobIds: readonly string[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The jobs that were answered with last, one for each request. */
  get jobIds(): readonly string[] {
    return this.#jobIds;
  }

  /** The request for the scenario's whole day. */
  wholeDay(): IngestRequest {
    const [log] = this.#parts.scope.logs;
    if (log === undefined)
      throw new Error('nothing is offered yet; let a provider offer logs in a Given first');
    return { provider_id: log.providerId, range: this.#parts.scope.range };
  }

  /** The request whose range begins with the first of these logs of one provider and ends just after the last. */
  spanOf(logs: readonly NamedLog[]): IngestRequest {
    const instants = logs.map(({ timestamp }) => Date.parse(timestamp));
    const [log] = logs;
    if (log === undefined) throw new Error('a range needs a log');
    const iso = (ms: number): string => new Date(ms).toISOString();
    return {
      provider_id: log.providerId,
      range: { start: iso(Math.min(...instants)), end: iso(Math.max(...instants) + 1) },
    };
  }

  /** Sends the requests one by one, each after the job of the one before has completed. */
  async inTurn(requests: readonly IngestRequest[]): Promise<readonly Job[]> {
    const jobs: Job[] = [];
    for (const request of requests) {
      const { jobId } = await this.#parts.ingestion.ingest(request);
      jobs.push(await this.#completed(jobId));
    }
    return jobs;
  }

  /** Sends the requests at once, to several vaults by turns where there are several; each has to be accepted. */
  async atOnce(
    requests: readonly IngestRequest[],
    vaults: readonly IngestionService[] = [this.#parts.ingestion],
  ): Promise<void> {
    const accepted = await Promise.all(
      requests.map(async (request, index) => await vaults[index % vaults.length]?.ingest(request)),
    );
    this.#jobIds = accepted.flatMap((answer) => (answer === undefined ? [] : [answer.jobId]));
  }

  /** Everyone was answered with the same job. */
  expectOneJob(): string {
    const different = [...new Set(this.#jobIds)];
    expect(different, `the jobs given to ${this.#jobIds.length} requests for the same range`).to.have.length(
      1,
    );
    return different[0] ?? '';
  }

  /** Watches all the jobs; each has to complete, and at that moment what it listed has to be there. */
  async untilCompleted(): Promise<readonly Job[]> {
    return await Promise.all([...new Set(this.#jobIds)].map((jobId) => this.#completed(jobId)));
  }

  async #completed(jobId: string): Promise<Job> {
    const job = await this.#parts.watcher.untilEnded(jobId);
    const { state, error } = job;
    expect(state, `job ${jobId} (${error?.code ?? 'no error code'}: ${error?.message ?? ''})`).to.equal(
      'completed',
    );
    await this.#parts.inspect.expectCompletedMeansReadable(job);
    return job;
  }
}

/** The same instants, the `Z` at their end written as `ending`. */
export function endingWith(ending: string, { start, end }: TimeRange): TimeRange {
  const respelt = (instant: string): string => instant.replace(/Z$/, ending);
  return { start: respelt(start), end: respelt(end) };
}
