import { type LogPage, rawPath } from '../../services/log-service';
import type { VaultAnswer } from '../../services/vault-client';
import { checksumOf } from '../bytes/checksum';
import type { Whereabouts } from '../ledger/log-finder';
import { walkFindings } from '../ledger/search-findings';
import type { NamedLog } from '../scenario/scenario-scope';
import { Asker } from './asker';
import type { ProgramJob, ProgramLog } from './program-run';
import { type LogFacts, readPromises, wrongRead } from './raw-verdict';

/** The longest page a vault grants: one page is a view of one moment. */
const WHOLE = 1_000;
/** Logs of a job that are looked at one by one. */
const MOST_READ = 50;

/** How a raw log is read. */
interface ReadOptions {
  /** Whether it has to be readable by now. */
  readonly promised?: boolean;
  /** The Range that is asked for; none when absent. */
  readonly range?: string;
  /** An answer from before: the log is asked for only if it has changed since. */
  readonly held?: VaultAnswer | undefined;
}

/** Asks for logs, and judges each answer by what is known past the vault. */
export class LogChecker extends Asker {
  /** The names of logs that metadata was seen to describe: nobody may take it away again. */
  readonly #recorded = new Set<string>();

  /** Searches page by page. @throws FindingError, AnswerError */
  async search(limit: number): Promise<void> {
    const { metadata } = this.run.shared.environment;
    const before = await metadata.allRecords();
    const pages: LogPage[] = [];
    for (let offset = 0; ; offset += limit) {
      const page = await this.#page(limit, offset);
      if (page === undefined) return;
      pages.push(page);
      if (!page.hasMore || page.logs.length === 0) break;
    }
    const findings = walkFindings({ limit, pages, before, after: await metadata.allRecords() });
    this.run.judge(['API-30', 'API-31', ...(limit === WHOLE ? ['API-32'] : [])], ...findings);
  }

  /** Reads a raw log, or a part of it. @returns the answer, where there is one @throws FindingError */
  async read(
    log: ProgramLog,
    { promised = false, range, held }: ReadOptions = {},
  ): Promise<VaultAnswer | undefined> {
    const { disturbances } = this.run.shared;
    const { logId, objectKey } = await this.#located(log);
    const before = await this.#factsOf(log);
    const startMs = performance.now();
    const answer = await this.timed('raw', ({ client, logs }) =>
      held === undefined
        ? client.send('GET', rawPath(logId), range === undefined ? {} : { headers: { range } })
        : logs.rawUnlessAsIn(held, logId),
    );
    const tookLong = this.tookLong(startMs);
    const storageFailed = this.run.shared.environment.bucket.attempts.some(
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
      tookLong,
      metadataAway: disturbances.wasDisturbed(startMs, 'MongoDB is unsteady'),
      vaultDown: disturbances.wasDisturbed(startMs, 'the vault is down'),
      promised,
      words: this.run.shared.environment.profile.answers,
      range,
      held: held?.body,
    };
    const wrong = wrongRead(read);
    this.run.judge(readPromises(read), wrong && `the raw log "${log.name}" (${logId}): ${wrong}`);
    return typeof answer === 'string' ? undefined : answer;
  }

  /** Metadata describes what is stored, at any time and however the job ended: the object comes first. */
  async expectTrueMetadata({ request }: ProgramJob): Promise<void> {
    for (const log of sampled(this.run.logsIn(request))) {
      if (log.damage === undefined) await this.#expectDescribed(log);
    }
  }

  async #expectDescribed(log: ProgramLog): Promise<void> {
    const { record, object } = await this.#factsOf(log);
    if (record === undefined || record.kind === 'malformed') return;
    this.run.judge(
      ['CON-5'],
      object === undefined ? `metadata describes "${log.name}", but its object was never stored` : undefined,
    );
    const checksum = object === undefined ? record.checksum : checksumOf(object);
    this.run.judge(
      ['FID-2'],
      checksum === record.checksum
        ? undefined
        : `metadata describes "${log.name}" as ${record.checksum}, its object has the checksum ${checksum}`,
    );
  }

  /** What `completed` promises: every log listed for the job is searchable and readable at that moment. */
  async expectKept(job: ProgramJob, readsAll: boolean): Promise<void> {
    const { ledger } = this.run.shared.services;
    const accepted = ledger.jobs.find(({ jobId }) => jobId === job.jobId);
    const listed = accepted === undefined ? [] : ledger.listedFor(accepted);
    const names = new Set(listed.map(nameOf));
    const isListed = ({ now }: ProgramLog): boolean => names.has(nameOf(now));
    const whole = this.run.logs.filter(({ damage }) => damage === undefined);
    const damaged = this.run.logs.filter(({ damage }) => damage !== undefined);
    for (const log of [...damaged, ...sampled(whole)]) {
      const isPromised = (log.damage?.sinceMs ?? 0) < job.askedMs;
      if (!isListed(log) || !isPromised) continue;
      if (readsAll || log.damage !== undefined) await this.read(log, { promised: true });
      if (log.damage?.kind !== 'orphaned') continue;
      // Where the vault put a lost object back, it has to be that one, and to stay.
      const { object } = await this.#factsOf(log);
      if (object !== undefined) await this.#expectDescribed(log);
      this.run.damaged(log, undefined);
    }
    if (readsAll && listed.length > 0) await this.search(WHOLE);
  }

  async #page(limit: number, offset: number): Promise<LogPage | undefined> {
    const { disturbances, services } = this.run.shared;
    const startMs = performance.now();
    const answer = await this.timed('search', ({ logs }) => logs.askPage({ limit, offset }));
    if (typeof answer === 'string') {
      if (disturbances.wasDisturbed(startMs, 'the vault is down')) return undefined;
      this.run.judge(['API-31'], answer);
      return undefined;
    }
    if (answer.status !== 503)
      return services.logs.pageOf(answer, `/v1/logs?limit=${limit}&offset=${offset}`);
    const wrong = this.wrongUnavailable(answer, startMs);
    this.run.judge(['RES-31', 'RES-32'], wrong && `a search: ${wrong}`);
    return undefined;
  }

  async #factsOf(log: ProgramLog): Promise<LogFacts> {
    const { metadata, objects } = this.run.shared.environment;
    // In this order: what metadata describes was stored before.
    const [record] = await metadata.recordsOf(log.now);
    if (record !== undefined) this.#recorded.add(log.name);
    this.run.judge(
      ['CON-1'],
      record === undefined && this.#recorded.has(log.name)
        ? `metadata described "${log.name}", and is gone`
        : undefined,
    );
    const { objectKey } = await this.#located(log);
    return { record, object: await objects.get(objectKey) };
  }

  async #located({ now }: ProgramLog): Promise<Whereabouts> {
    return await this.run.shared.services.finder.locate(now);
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
