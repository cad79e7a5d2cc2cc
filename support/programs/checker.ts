import { expectAnswer, locationOf, RETRY_AFTER } from '../../services/answer';
import { acceptedBody, type IngestRequest } from '../../services/ingestion-service';
import { isTerminal } from '../../services/job-service';
import { instantRangeOf, isSameRange } from '../bytes/instant';
import { Asker } from './asker';
import { judgeCalls } from './call-checker';
import { endingPromises, wrongEnding } from './job-verdict';
import { LogChecker } from './log-checker';
import type { ProgramJob, ProgramRun } from './program-run';
import { wrongStatus } from './request-verdict';
import { respelt } from './respelt-request';
import { hadItsLogsToItself } from './rivals';

const INGEST = '/v1/ingest';

/** How an ingestion is asked for. */
interface AskOptions {
  /** How many ask at once. */
  readonly askers?: number;
  readonly mediaType?: string | undefined;
  /** Whether the vault may take it for a bad request. */
  readonly mayBeRefused?: boolean;
}

/** Asks a vault on behalf of one program, and judges each answer by what is known past the vault. */
export class Checker extends Asker {
  readonly logs: LogChecker;

  constructor(run: ProgramRun) {
    super(run);
    this.logs = new LogChecker(run);
  }

  /**
   * Asks for an ingestion, several times at once where there are several askers.
   * @returns the job, where the vault took it on
   * @throws FindingError, AnswerError
   */
  async ingest(
    request: IngestRequest,
    { askers = 1, mediaType, mayBeRefused = false }: AskOptions = {},
  ): Promise<ProgramJob | undefined> {
    const run = this.run;
    const askedMs = performance.now();
    const hitsBefore = run.faults.hits();
    const over = new Set(run.jobs.filter(({ ended }) => ended !== undefined).map(({ jobId }) => jobId));
    const ids = await Promise.all(
      Array.from({ length: askers }, (_, asker) =>
        this.#askFor(respelt(request, asker), mediaType, mayBeRefused),
      ),
    );
    const jobs = [...new Set(ids)].flatMap((jobId) =>
      jobId === undefined ? [] : [run.accepted({ jobId, request, askedMs, hitsBefore })],
    );
    const revived = jobs.find(({ jobId }) => over.has(jobId));
    run.judge(['CON-10'], revived && `the vault answered with job ${revived.jobId}, which had ended before`);
    const other = jobs.find((job) => !isForTheSame(job.request, request));
    run.judge(['CON-11'], other && `the vault answered with job ${other.jobId}, which is for another range`);
    await this.#expectOneActive(request);
    return jobs.at(-1);
  }

  /** Waits for the end of every job; what each promised by its end has to hold. @throws FindingError and whatever waiting throws */
  async untilAllEnded(): Promise<void> {
    for (const job of this.run.jobs) {
      if (job.ended === undefined) await this.untilEnded(job);
    }
  }

  /**
   * Waits for the end of a job.
   * @param readsAll whether to read every log it has to have kept; `false` where the audit is about to do it
   * @throws as `untilAllEnded` does
   */
  async untilEnded(job: ProgramJob, readsAll = true): Promise<void> {
    const { watcher, manifests } = this.run.shared.services;
    const ended = await this.run.judging(['API-1'], () => watcher.untilEnded(job.jobId));
    this.run.ended(job.jobId, ended);
    const circumstances = this.run.circumstancesOf(job);
    this.run.judge(endingPromises(ended, circumstances), wrongEnding(ended, circumstances));
    if (hadItsLogsToItself(this.run, job)) await judgeCalls(this.run, job);
    if (readsAll) await this.logs.expectTrueMetadata(job);
    await this.run.judging(['API-15'], () => manifests.expectExactCounts(ended));
    if (ended.state !== 'completed') return;
    await this.logs.expectKept(job, readsAll);
    if (!this.run.hasRival(job) && !this.run.logsIn(job.request).some(({ damage }) => damage !== undefined)) {
      await this.run.judging(['API-16', 'API-17'], () =>
        manifests.expectTrueManifest(ended, ended.recordsSynced),
      );
    }
  }

  /** Asks how a job is: it never goes back, and never changes after its end. @throws FindingError, JobLifeError, AnswerError */
  async lookUp({ jobId, ended }: ProgramJob): Promise<void> {
    const startMs = performance.now();
    try {
      const job = await this.run.judging(['API-1'], () => this.run.shared.services.watcher.look(jobId));
      const hasChanged = ended !== undefined && JSON.stringify(job) !== JSON.stringify(ended.job);
      this.run.judge(
        ['API-1'],
        hasChanged
          ? `job ${jobId} changed after its end, from ${JSON.stringify(ended.job)} to ${JSON.stringify(job)}`
          : undefined,
      );
      const isEarly = job.state !== 'completed' && job.s3Path !== undefined;
      this.run.judge(
        ['API-16'],
        isEarly ? `job ${jobId} is ${job.state}, but names the manifest ${job.s3Path}` : undefined,
      );
    } catch (error) {
      if (!this.isExcused(error, startMs)) throw error;
    }
  }

  /** @returns the id of the job; `undefined` where the vault had a right not to take it on */
  async #askFor(
    request: IngestRequest,
    mediaType: string | undefined,
    mayBeRefused: boolean,
  ): Promise<string | undefined> {
    const { services, disturbances, tally, environment } = this.run.shared;
    const startMs = performance.now();
    const answer = await this.timed('ingest', ({ ingestion }) => ingestion.ask(request, mediaType));
    if (typeof answer === 'string') {
      if (disturbances.wasDisturbed(startMs, 'the vault is down')) return undefined;
      this.run.judge(['API-10'], answer);
      return undefined;
    }
    if (answer.status === 503) {
      const wrong = this.wrongUnavailable(answer, startMs);
      this.run.judge(['RES-32'], wrong && `an ingestion: ${wrong}`);
      return undefined;
    }
    if (answer.status === 429) {
      tally.refused += 1;
      const isDated = RETRY_AFTER.test(answer.headers['retry-after'] ?? '');
      this.run.judge(
        ['OPS-10'],
        isDated ? undefined : 'an ingestion is refused with a 429 without Retry-After',
      );
      return undefined;
    }
    if (mayBeRefused && answer.status === 400) return undefined;
    const asked = { client: services.client, method: 'POST', path: INGEST, answer };
    const wrong = wrongStatus(answer, [202]);
    this.run.judge(['API-10'], wrong && `an ingestion of ${JSON.stringify(request.range)}: ${wrong}`);
    const { job_id: jobId } = expectAnswer(asked, 202, acceptedBody);
    const location = locationOf(answer, environment.vault.baseUrl);
    const isNamed = location === `/v1/jobs/${jobId}`;
    this.run.judge(
      ['API-11'],
      isNamed ? undefined : `job ${jobId} was accepted with the Location ${location ?? '(missing)'}`,
    );
    return jobId;
  }

  /** While a job for a range is pending or processing nobody gets another one: of several, all but the last have ended. */
  async #expectOneActive(request: IngestRequest): Promise<void> {
    const same = this.run.jobs.filter((job) => job.ended === undefined && isForTheSame(job.request, request));
    if (same.length < 2) return;
    const startMs = performance.now();
    const { watcher } = this.run.shared.services;
    try {
      const seen = await Promise.all(same.map(({ jobId }) => watcher.look(jobId)));
      const active = seen.filter(({ state }) => !isTerminal(state)).map(({ jobId }) => jobId);
      this.run.judge(
        ['CON-11'],
        active.length > 1
          ? `${active.length} jobs for the same range are active: ${active.join(', ')}`
          : undefined,
      );
    } catch (error) {
      if (!this.isExcused(error, startMs)) throw error;
    }
  }
}

function isForTheSame(one: IngestRequest, other: IngestRequest): boolean {
  return (
    one.provider_id === other.provider_id &&
    isSameRange(instantRangeOf(one.range), instantRangeOf(other.range))
  );
}
