import { expect } from 'chai';
import type { Job } from '../../services/job-service';
import { count } from '../bytes/safe-text';
import type { Environment } from '../environments/environment';
import { expectCompleted } from './job-end';
import type { ScenarioScope } from './scenario-scope';
import type { Services } from './services';
import type { StoredLogs } from './stored-logs';

interface Parts {
  readonly environment: Pick<Environment, 'provider'>;
  readonly services: Pick<Services, 'ingestion' | 'watcher' | 'ledger'>;
  readonly scope: ScenarioScope;
  readonly helpers: { readonly storedLogs: StoredLogs };
}

/** The jobs that a scenario is about: the one that a step started last, and those that steps have seen. */
export class ScenarioJobs {
  /** The job that a step started last. */
  startedId: string | undefined;
  /** Jobs as last seen by a step, oldest first. */
  readonly seen: Job[] = [];
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The job that was accepted first in the scenario. */
  get firstId(): string {
    const [first] = this.#parts.services.ledger.jobs;
    if (first === undefined) throw new Error('the scenario has no job yet; let the vault ingest first');
    return first.jobId;
  }

  /** The job the scenario is about: the last one that a step saw. */
  get last(): Job {
    const job = this.seen.at(-1);
    if (job === undefined)
      throw new Error('the scenario has no job yet; let the vault ingest in a When first');
    return job;
  }

  /** The last job has to have completed; else the failure says all that is known of why it did not. */
  expectLastCompleted(): void {
    expectCompleted([this.last], this.#parts.environment.provider);
  }

  /**
   * Watches every job of the scenario; each has to complete, and at that moment what it owes has to be there.
   */
  async untilAllCompleted(): Promise<void> {
    const { services, helpers, environment } = this.#parts;
    const { ledger, watcher } = services;
    const ended = await Promise.all(
      ledger.jobs.map(async ({ jobId }) => {
        const job = await watcher.untilEnded(jobId);
        if (job.state === 'completed') await helpers.storedLogs.expectCompletedMeansReadable(job);
        return job;
      }),
    );
    expectCompleted(ended, environment.provider);
  }

  /** Each job that a step has seen the end of is now as it was then. */
  async expectUnchanged(): Promise<void> {
    expect(this.seen, 'jobs that a step has seen the end of').not.to.have.length(0);
    const now = await Promise.all(
      this.seen.map(async ({ jobId }) => await this.#parts.services.watcher.look(jobId)),
    );
    expect(now, 'the jobs that had ended, as the vault shows them now').to.deep.equal(this.seen);
  }

  /** All jobs of the scenario together count each log, and its bytes, exactly once. */
  async expectEachCountedOnce(): Promise<void> {
    const { ledger, watcher } = this.#parts.services;
    const { logs } = this.#parts.scope;
    const jobs = await Promise.all(ledger.jobs.map(async ({ jobId }) => await watcher.look(jobId)));
    const total = (of: (job: Job) => number): number => jobs.reduce((sum, job) => sum + of(job), 0);
    const counts = jobs.map(({ recordsSynced, bytesWritten }) => `${recordsSynced} (${bytesWritten} bytes)`);
    expect(
      {
        records: total(({ recordsSynced }) => recordsSynced),
        bytes: total(({ bytesWritten }) => bytesWritten),
      },
      `${jobs.length} jobs, which count ${counts.join(', ')}, brought ${count(logs.length, 'log')} in all`,
    ).to.deep.equal({
      records: logs.length,
      bytes: logs.reduce((sum, { payload }) => sum + payload.byteLength, 0),
    });
  }

  /** Asks the vault to ingest the scenario's day; the request has to be accepted. */
  async start(): Promise<void> {
    const { services, scope } = this.#parts;
    const [log] = scope.logs;
    if (log === undefined)
      throw new Error('nothing is offered yet; let a provider offer logs in a Given first');
    const { jobId } = await services.ingestion.ingest({ provider_id: log.providerId, range: scope.range });
    this.startedId = jobId;
  }

  /** Waits until the job started last has ended, however it ends; a step may have seen that before. */
  async untilEnded(): Promise<void> {
    if (this.startedId === undefined) throw new Error('no ingestion was started yet');
    if (this.seen.at(-1)?.jobId === this.startedId) return;
    this.seen.push(await this.#parts.services.watcher.untilEnded(this.startedId));
  }

  /** Ingests the scenario's day, and waits until that job has ended. */
  async ingest(): Promise<void> {
    await this.start();
    await this.untilEnded();
  }
}
