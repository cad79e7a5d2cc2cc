import { AnswerError, expectAnswer, locationOf, RETRY_AFTER } from '../../services/answer';
import { acceptedBody, type IngestRequest } from '../../services/ingestion-service';
import { isTerminal } from '../../services/job-service';
import { type LogPage, rawPath } from '../../services/log-service';
import { NoAnswerError, type VaultAnswer } from '../../services/vault-client';
import { checksumOf } from '../bytes/checksum';
import { instantRangeOf, isSameRange } from '../bytes/instant';
import type { Whereabouts } from '../ledger/log-finder';
import { walkFindings } from '../ledger/search-findings';
import type { NamedLog } from '../scenario/scenario-scope';
import { judgeCalls } from './call-checker';
import { endingPromises, wrongEnding } from './job-verdict';
import type { ProgramJob, ProgramLog, ProgramRun } from './program-run';
import { type LogFacts, readPromises, wrongRead, wrongUnavailable } from './raw-verdict';
import { respelt } from './respelt-request';
import { hadItsLogsToItself } from './rivals';
import type { Question } from './tally';

/** The longest page a vault grants: one page is a view of one moment. */
const WHOLE = 1_000;
/** Logs of a job that are looked at one by one. */
const MOST_READ = 50;
const INGEST = '/v1/ingest';

/** How a raw log is read. */
interface ReadOptions {
  /** Whether it has to be readable by now. */
  readonly promised?: boolean;
  /** The Range that is asked for; none when absent. */
  readonly range?: string;
  /** An answer from before: the log is asked for only if it has changed since. */
  readonly held?: VaultAnswer | undefined;
}

/** Asks a vault on behalf of one program, and judges each answer by what is known past the vault. */
export class Checker {
  readonly #run: ProgramRun;
  /** The names of logs that metadata was seen to describe: nobody may take it away again. */
  readonly #recorded = new Set<string>();

  constructor(run: ProgramRun) {
    this.#run = run;
  }

  /**
   * Asks for an ingestion, several times at once where there are several askers.
   * @returns the job, where the vault took it on
   * @throws FindingError, AnswerError
   */
  async ingest(request: IngestRequest, askers = 1, mediaType?: string): Promise<ProgramJob | undefined> {
    const run = this.#run;
    const askedMs = performance.now();
    const hitsBefore = run.hits();
    const over = new Set(run.jobs.filter(({ ended }) => ended !== undefined).map(({ jobId }) => jobId));
    const ids = await Promise.all(
      Array.from({ length: askers }, (_, asker) => this.#askFor(respelt(request, asker), mediaType)),
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
    for (const job of this.#run.jobs) {
      if (job.ended === undefined) await this.untilEnded(job);
    }
  }

  /**
   * Waits for the end of a job.
   * @param readsAll whether to read every log it has to have kept; `false` where the audit is about to do it
   * @throws as `untilAllEnded` does
   */
  async untilEnded(job: ProgramJob, readsAll = true): Promise<void> {
    const { watcher, manifests } = this.#run.shared.services;
    const ended = await this.#run.judging(['API-1'], () => watcher.untilEnded(job.jobId));
    this.#run.ended(job.jobId, ended);
    const circumstances = this.#run.circumstancesOf(job);
    this.#run.judge(endingPromises(ended, circumstances), wrongEnding(ended, circumstances));
    if (hadItsLogsToItself(this.#run, job)) await judgeCalls(this.#run, job);
    if (readsAll) await this.#expectTrueMetadata(job);
    await this.#run.judging(['API-15'], () => manifests.expectExactCounts(ended));
    if (ended.state !== 'completed') return;
    await this.#expectKept(job, readsAll);
    if (
      !this.#run.hasRival(job) &&
      !this.#run.logsIn(job.request).some(({ damage }) => damage !== undefined)
    ) {
      await this.#run.judging(['API-16', 'API-17'], () =>
        manifests.expectTrueManifest(ended, ended.recordsSynced),
      );
    }
  }

  /** Asks how a job is: it never goes back, and never changes after its end. @throws FindingError, JobLifeError, AnswerError */
  async lookUp({ jobId, ended }: ProgramJob): Promise<void> {
    const startMs = performance.now();
    try {
      const job = await this.#run.judging(['API-1'], () => this.#run.shared.services.watcher.look(jobId));
      const hasChanged = ended !== undefined && JSON.stringify(job) !== JSON.stringify(ended.job);
      this.#run.judge(
        ['API-1'],
        hasChanged
          ? `job ${jobId} changed after its end, from ${JSON.stringify(ended.job)} to ${JSON.stringify(job)}`
          : undefined,
      );
      const isEarly = job.state !== 'completed' && job.s3Path !== undefined;
      this.#run.judge(
        ['API-16'],
        isEarly ? `job ${jobId} is ${job.state}, but names the manifest ${job.s3Path}` : undefined,
      );
    } catch (error) {
      if (!this.#isExcused(error, startMs)) throw error;
    }
  }

  /** Searches page by page. @throws FindingError, AnswerError */
  async search(limit: number): Promise<void> {
    const { metadata } = this.#run.shared.environment;
    const before = await metadata.allRecords();
    const pages: LogPage[] = [];
    for (let offset = 0; ; offset += limit) {
      const page = await this.#page(limit, offset);
      if (page === undefined) return;
      pages.push(page);
      if (!page.hasMore || page.logs.length === 0) break;
    }
    const findings = walkFindings({ limit, pages, before, after: await metadata.allRecords() });
    this.#run.judge(['API-30', 'API-31', ...(limit === WHOLE ? ['API-32'] : [])], ...findings);
  }

  /** Reads a raw log, or a part of it. @returns the answer, where there is one @throws FindingError */
  async read(
    log: ProgramLog,
    { promised = false, range, held }: ReadOptions = {},
  ): Promise<VaultAnswer | undefined> {
    const { disturbances } = this.#run.shared;
    const { logId, objectKey } = await this.#located(log);
    const before = await this.#factsOf(log);
    const startMs = performance.now();
    const answer = await this.#timed('raw', ({ client, logs }) =>
      held === undefined
        ? client.send('GET', rawPath(logId), range === undefined ? {} : { headers: { range } })
        : logs.rawUnlessAsIn(held, logId),
    );
    const storageFailed = this.#run.shared.environment.bucket.attempts.some(
      (attempt) =>
        attempt.key === objectKey &&
        attempt.class === 'read' &&
        attempt.fault !== undefined &&
        (attempt.answeredMs ?? startMs) >= startMs,
    );
    const read = {
      logId,
      before,
      after: await this.#factsOf(log),
      answer,
      storageFailed,
      metadataAway: disturbances.wasDisturbed(startMs, 'MongoDB is unsteady'),
      vaultDown: disturbances.wasDisturbed(startMs, 'the vault is down'),
      promised,
      words: this.#run.shared.environment.profile.answers,
      range,
      held: held?.body,
    };
    const wrong = wrongRead(read);
    this.#run.judge(readPromises(read), wrong && `the raw log "${log.name}" (${logId}): ${wrong}`);
    return typeof answer === 'string' ? undefined : answer;
  }

  /**
   * Asks, and judges the answer.
   * @param requirements those that a wrong answer breaks
   * @param subject what is asked for, in words
   * @param wrong says in words why the answer is wrong
   * @throws FindingError
   */
  async judge(
    requirements: readonly string[],
    subject: string,
    ask: () => Promise<VaultAnswer>,
    wrong: (answer: VaultAnswer) => string | undefined,
  ): Promise<void> {
    const words = await this.#wordsOf(performance.now(), ask, wrong);
    this.#run.judge(requirements, words && `${subject}: ${words}`);
  }

  /** Says in words why an answer is wrong; a disturbance excuses that there is none, or a 503. */
  async #wordsOf(
    startMs: number,
    ask: () => Promise<VaultAnswer>,
    wrong: (answer: VaultAnswer) => string | undefined,
  ): Promise<string | undefined> {
    const { disturbances } = this.#run.shared;
    try {
      const answer = await ask();
      return answer.status === 503 && disturbances.wasDisturbed(startMs) ? undefined : wrong(answer);
    } catch (error) {
      if (this.#isExcused(error, startMs)) return undefined;
      if (error instanceof NoAnswerError) return error.message;
      throw error;
    }
  }

  /** @returns the id of the job; `undefined` where the vault had a right not to take it on */
  async #askFor(request: IngestRequest, mediaType?: string): Promise<string | undefined> {
    const { services, disturbances, tally, environment } = this.#run.shared;
    const startMs = performance.now();
    const answer = await this.#timed('ingest', ({ ingestion }) => ingestion.ask(request, mediaType));
    if (typeof answer === 'string') {
      if (disturbances.wasDisturbed(startMs, 'the vault is down')) return undefined;
      this.#run.judge(['API-10'], answer);
      return undefined;
    }
    if (answer.status === 503) {
      const wrong = this.#wrongUnavailable(answer, startMs);
      this.#run.judge(['RES-32'], wrong && `an ingestion: ${wrong}`);
      return undefined;
    }
    if (answer.status === 429) {
      tally.refused += 1;
      const isDated = RETRY_AFTER.test(answer.headers['retry-after'] ?? '');
      this.#run.judge(
        ['OPS-10'],
        isDated ? undefined : 'an ingestion is refused with a 429 without Retry-After',
      );
      return undefined;
    }
    const asked = { client: services.client, method: 'POST', path: INGEST, answer };
    const { job_id: jobId } = expectAnswer(asked, 202, acceptedBody);
    this.#run.judge(['API-10']);
    const location = locationOf(answer, environment.vault.baseUrl);
    const isNamed = location === `/v1/jobs/${jobId}`;
    this.#run.judge(
      ['API-11'],
      isNamed ? undefined : `job ${jobId} was accepted with the Location ${location ?? '(missing)'}`,
    );
    return jobId;
  }

  /** While a job for a range is pending or processing nobody gets another one: of several, all but the last have ended. */
  async #expectOneActive(request: IngestRequest): Promise<void> {
    const same = this.#run.jobs.filter(
      (job) => job.ended === undefined && isForTheSame(job.request, request),
    );
    if (same.length < 2) return;
    const startMs = performance.now();
    const { watcher } = this.#run.shared.services;
    try {
      const seen = await Promise.all(same.map(({ jobId }) => watcher.look(jobId)));
      const active = seen.filter(({ state }) => !isTerminal(state)).map(({ jobId }) => jobId);
      this.#run.judge(
        ['CON-11'],
        active.length > 1
          ? `${active.length} jobs for the same range are active: ${active.join(', ')}`
          : undefined,
      );
    } catch (error) {
      if (!this.#isExcused(error, startMs)) throw error;
    }
  }

  /** Metadata describes what is stored, at any time and however the job ended: the object comes first. */
  async #expectTrueMetadata({ request }: ProgramJob): Promise<void> {
    for (const log of sampled(this.#run.logsIn(request))) {
      if (log.damage === undefined) await this.#expectDescribed(log);
    }
  }

  async #expectDescribed(log: ProgramLog): Promise<void> {
    const { record, object } = await this.#factsOf(log);
    if (record === undefined || record.kind === 'malformed') return;
    this.#run.judge(
      ['CON-5'],
      object === undefined ? `metadata describes "${log.name}", but its object was never stored` : undefined,
    );
    const checksum = object === undefined ? record.checksum : checksumOf(object);
    this.#run.judge(
      ['FID-2'],
      checksum === record.checksum
        ? undefined
        : `metadata describes "${log.name}" as ${record.checksum}, its object has the checksum ${checksum}`,
    );
  }

  /** What `completed` promises: every log listed for the job is searchable and readable at that moment. */
  async #expectKept(job: ProgramJob, readsAll: boolean): Promise<void> {
    const { ledger } = this.#run.shared.services;
    const accepted = ledger.jobs.find(({ jobId }) => jobId === job.jobId);
    const listed = accepted === undefined ? [] : ledger.listedFor(accepted);
    const names = new Set(listed.map(nameOf));
    const isListed = ({ now }: ProgramLog): boolean => names.has(nameOf(now));
    const whole = this.#run.logs.filter(({ damage }) => damage === undefined);
    const damaged = this.#run.logs.filter(({ damage }) => damage !== undefined);
    for (const log of [...damaged, ...sampled(whole)]) {
      const isPromised = (log.damage?.sinceMs ?? 0) < job.askedMs;
      if (!isListed(log) || !isPromised) continue;
      if (readsAll || log.damage !== undefined) await this.read(log, { promised: true });
      if (log.damage?.kind !== 'orphaned') continue;
      // Where the vault put a lost object back, it has to be that one, and to stay.
      const { object } = await this.#factsOf(log);
      if (object !== undefined) await this.#expectDescribed(log);
      this.#run.damaged(log, undefined);
    }
    if (readsAll && listed.length > 0) await this.search(WHOLE);
  }

  async #page(limit: number, offset: number): Promise<LogPage | undefined> {
    const { disturbances, services } = this.#run.shared;
    const startMs = performance.now();
    const answer = await this.#timed('search', ({ logs }) => logs.askPage({ limit, offset }));
    if (typeof answer === 'string') {
      if (disturbances.wasDisturbed(startMs, 'the vault is down')) return undefined;
      this.#run.judge(['API-31'], answer);
      return undefined;
    }
    if (answer.status !== 503)
      return services.logs.pageOf(answer, `/v1/logs?limit=${limit}&offset=${offset}`);
    const wrong = this.#wrongUnavailable(answer, startMs);
    this.#run.judge(['RES-31', 'RES-32'], wrong && `a search: ${wrong}`);
    return undefined;
  }

  /** A vault that is about to stop says what it likes. */
  #wrongUnavailable(answer: VaultAnswer, sinceMs: number): string | undefined {
    const { disturbances } = this.#run.shared;
    if (disturbances.wasDisturbed(sinceMs, 'the vault is down')) return undefined;
    return wrongUnavailable(answer, [disturbances.wasDisturbed(sinceMs)]);
  }

  async #factsOf(log: ProgramLog): Promise<LogFacts> {
    const { metadata, objects } = this.#run.shared.environment;
    // In this order: what metadata describes was stored before.
    const [record] = await metadata.recordsOf(log.now);
    if (record !== undefined) this.#recorded.add(log.name);
    this.#run.judge(
      ['CON-1'],
      record === undefined && this.#recorded.has(log.name)
        ? `metadata described "${log.name}", and is gone`
        : undefined,
    );
    const { objectKey } = await this.#located(log);
    return { record, object: await objects.get(objectKey) };
  }

  async #located({ now }: ProgramLog): Promise<Whereabouts> {
    return await this.#run.shared.services.finder.locate(now);
  }

  /** The answer and how long it took, or in words why none came. */
  async #timed(
    question: Question,
    ask: (services: ProgramRun['shared']['services']) => Promise<VaultAnswer>,
  ): Promise<VaultAnswer | string> {
    const { tally, services } = this.#run.shared;
    try {
      return await tally.timed(question, () => ask(services));
    } catch (error) {
      if (error instanceof NoAnswerError) return error.message;
      throw error;
    }
  }

  /** A vault that is down gives no answer, and one without MongoDB may say 503. */
  #isExcused(error: unknown, sinceMs: number): boolean {
    const { disturbances } = this.#run.shared;
    if (error instanceof NoAnswerError) return disturbances.wasDisturbed(sinceMs, 'the vault is down');
    return error instanceof AnswerError && error.status === 503 && disturbances.wasDisturbed(sinceMs);
  }
}

function nameOf({ providerId, sourceId }: Pick<NamedLog, 'providerId' | 'sourceId'>): string {
  return `${providerId}\n${sourceId}`;
}

/** As many as can be read within a moment, spread over all of them; the audit reads every one. */
function sampled<T>(all: readonly T[]): readonly T[] {
  const step = Math.ceil(all.length / MOST_READ);
  return all.filter((_, index) => index % step === 0);
}

function isForTheSame(one: IngestRequest, other: IngestRequest): boolean {
  return (
    one.provider_id === other.provider_id &&
    isSameRange(instantRangeOf(one.range), instantRangeOf(other.range))
  );
}
