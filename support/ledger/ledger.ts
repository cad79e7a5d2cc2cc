import type { IngestionJournal, IngestRequest } from '../../services/ingestion-service';
import { doOverlap, instantRangeOf, liesIn } from '../bytes/instant';
import { CONTRACT_IDS, type LogIds, type ProvidersLog } from '../profile/log-shape';
import type { ProviderScript } from '../provider/provider-script';
import type { Finding } from './finding';
import type { BrokenPromise } from './promises';

/** The damage that a log came to. */
export type Damage = 'lost' | 'duplicated' | 'orphaned' | 'altered' | 'invented';

/** A finding about one log. */
export interface LogFinding extends Finding {
  readonly damage: Damage;
  /** The log, as the ledger marks it; a key or a search result's id where there is no such log. */
  readonly subject: string;
  readonly requirement: BrokenPromise;
}

/** A finding about a log, its damage and its subject said in the words. */
export function withSubject({ damage, subject, words, requirement }: LogFinding): Finding {
  return { words: `${damage.toUpperCase()}: ${subject}: ${words}`, requirement };
}

/** An ingestion the vault took on. */
export interface AcceptedJob {
  readonly jobId: string;
  readonly request: IngestRequest;
  /** Logs in its range at the moment it was accepted: a completed job has to have stored them. */
  readonly owed: readonly ProvidersLog[];
}

/**
 * The suite's own account of a scenario: every log offered, every payload version served and every job
 * accepted. What the vault holds in the end is audited against it.
 */
export class Ledger implements IngestionJournal {
  readonly #provider: ProviderScript;
  readonly #ids: LogIds;
  readonly #jobs = new Map<string, AcceptedJob>();
  readonly #unanswered: IngestRequest[] = [];
  readonly #indeterminate: IngestRequest[] = [];
  readonly #planted = new Map<string, Set<string>>();
  readonly #wrong = new Set<string>();
  readonly #expected = new Map<string, Set<Damage>>();
  readonly #served = new Map<string, Set<string>>();
  #servedNoted = 0;

  /** @param ids by which logs are marked */
  constructor(provider: ProviderScript, ids: LogIds = CONTRACT_IDS) {
    this.#provider = provider;
    this.#ids = ids;
  }

  accepted(jobId: string, request: IngestRequest): void {
    // An answer that names a running job promises nothing that was offered since: that job has listed its
    // logs already.
    if (this.#jobs.has(jobId)) return;
    this.#jobs.set(jobId, { jobId, request, owed: this.#offeredIn(request) });
  }

  /** Notes a job that should have been refused: its manifest belongs to it all the same. */
  acceptedWrongly(jobId: string): void {
    this.#wrong.add(jobId);
  }

  /** The ids of jobs that should have been refused. */
  get wrong(): ReadonlySet<string> {
    return this.#wrong;
  }

  unanswered(request: IngestRequest): void {
    this.#unanswered.push(request);
    this.#indeterminate.push(request);
  }

  /** Ingestions that the vault may have taken on under a job id that it could not tell. */
  get indeterminate(): readonly IngestRequest[] {
    return this.#indeterminate;
  }

  get jobs(): readonly AcceptedJob[] {
    return [...this.#jobs.values()];
  }

  /** Takes the ingestions that got no answer: they are indeterminate until they are asked again. */
  takeUnanswered(): readonly IngestRequest[] {
    return this.#unanswered.splice(0);
  }

  /**
   * A version of a log's bytes that the suite itself put into storage: the vault may keep it like one that
   * was served.
   */
  plant(log: ProvidersLog, checksum: string): void {
    const mark = this.#ids.mark(log);
    this.#planted.set(mark, (this.#planted.get(mark) ?? new Set()).add(checksum));
  }

  /** A step did this damage itself, so the audit may find it. */
  expect(log: ProvidersLog, damage: Damage): void {
    const mark = this.#ids.mark(log);
    this.#expected.set(mark, (this.#expected.get(mark) ?? new Set()).add(damage));
  }

  /** The damage was undone. */
  expectStable(log: ProvidersLog): void {
    this.#expected.delete(this.#ids.mark(log));
  }

  isExpected({ subject, damage }: Pick<LogFinding, 'subject' | 'damage'>): boolean {
    return this.#expected.get(subject)?.has(damage) ?? false;
  }

  /** Checksums of every version of a log that the vault was given whole. */
  versionsOf(log: ProvidersLog): ReadonlySet<string> {
    return this.versionsMarked(this.#ids.mark(log));
  }

  /** The same for the log of a mark. */
  versionsMarked(mark: string): ReadonlySet<string> {
    this.#noteServed();
    return new Set([...(this.#planted.get(mark) ?? []), ...(this.#served.get(mark) ?? [])]);
  }

  /**
   * The logs a completed job must have stored: those owed at its acceptance, and those its listings named;
   * which job a listing was for can only be told where no other job of the provider overlaps.
   */
  listedFor({ jobId, request, owed }: AcceptedJob): readonly ProvidersLog[] {
    const hasRival = this.jobs.some((other) => other.jobId !== jobId && overlaps(other.request, request));
    if (hasRival) return owed;
    const asked = instantRangeOf(request.range);
    const listed = this.#provider.listings
      .filter((listing) => listing.providerId === request.provider_id && liesIn(listing.range, asked))
      .flatMap(({ providerId, sourceIds }) => sourceIds.map((sourceId) => ({ providerId, sourceId })));
    return [...new Map([...owed, ...listed].map((log) => [this.#ids.mark(log), log])).values()];
  }

  /** The provider's notes only grow; each is read once, for a corpus has thousands. */
  #noteServed(): void {
    const { served } = this.#provider;
    for (const { providerId, sourceId, checksum } of served.slice(this.#servedNoted)) {
      const mark = this.#ids.mark({ providerId, sourceId });
      this.#served.set(mark, (this.#served.get(mark) ?? new Set()).add(checksum));
    }
    this.#servedNoted = served.length;
  }

  #offeredIn({ provider_id: providerId, range }: IngestRequest): readonly ProvidersLog[] {
    return this.#provider.offeredIn(providerId, instantRangeOf(range));
  }
}

/** Whether two requests ask the same provider for a moment that both have in their range, to the nanosecond. */
export function overlaps(one: IngestRequest, other: IngestRequest): boolean {
  return (
    one.provider_id === other.provider_id && doOverlap(instantRangeOf(one.range), instantRangeOf(other.range))
  );
}
