import type { IngestionJournal, IngestRequest } from '../../services/ingestion-service';
import type { ProviderScript } from '../provider/provider-script';
import type { Finding } from './finding';
import { logIdOf } from './log-identity';
import type { BrokenPromise } from './promises';

/** The damage that a log came to. */
export type Damage = 'lost' | 'duplicated' | 'orphaned' | 'altered' | 'invented';

/** A finding about one log. */
export interface LogFinding extends Finding {
  readonly damage: Damage;
  /** The log's id in the vault; a key or a search result's id where the log has none. */
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
  /** Logs in its range at the moment it was accepted, by log id: a completed job has to have stored them. */
  readonly owed: ReadonlySet<string>;
}

/**
 * The suite's own account of a scenario: every log offered, every payload version served and every job
 * accepted. What the vault holds in the end is audited against it.
 */
export class Ledger implements IngestionJournal {
  readonly #provider: ProviderScript;
  readonly #jobs = new Map<string, AcceptedJob>();
  readonly #unanswered: IngestRequest[] = [];
  readonly #indeterminate: IngestRequest[] = [];
  readonly #planted = new Map<string, Set<string>>();
  readonly #expected = new Map<string, Set<Damage>>();
  readonly #served = new Map<string, Set<string>>();
  #servedNoted = 0;

  constructor(provider: ProviderScript) {
    this.#provider = provider;
  }

  accepted(jobId: string, request: IngestRequest): void {
    // An answer that names a running job promises nothing that was offered since: that job has listed its
    // logs already.
    if (this.#jobs.has(jobId)) return;
    this.#jobs.set(jobId, { jobId, request, owed: new Set(this.#offeredIn(request)) });
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
  plant(logId: string, checksum: string): void {
    this.#planted.set(logId, (this.#planted.get(logId) ?? new Set()).add(checksum));
  }

  /** A step did this damage itself, so the audit may find it. */
  expect(subject: string, damage: Damage): void {
    this.#expected.set(subject, (this.#expected.get(subject) ?? new Set()).add(damage));
  }

  /** The damage was undone. */
  expectStable(subject: string): void {
    this.#expected.delete(subject);
  }

  isExpected({ subject, damage }: Pick<LogFinding, 'subject' | 'damage'>): boolean {
    return this.#expected.get(subject)?.has(damage) ?? false;
  }

  /** Checksums of every version of a log that the vault was given whole. */
  versionsOf(logId: string): ReadonlySet<string> {
    this.#noteServed();
    return new Set([...(this.#planted.get(logId) ?? []), ...(this.#served.get(logId) ?? [])]);
  }

  /**
   * The logs a completed job must have stored: those owed at its acceptance, and those its listings named;
   * which job a listing was for can only be told where no other job of the provider overlaps.
   */
  listedFor({ jobId, request, owed }: AcceptedJob): ReadonlySet<string> {
    const hasRival = this.jobs.some((other) => other.jobId !== jobId && overlaps(other.request, request));
    if (hasRival) return owed;
    const startMs = Date.parse(request.range.start);
    const endMs = Date.parse(request.range.end);
    const listed = this.#provider.listings
      .filter(
        (listing) =>
          listing.providerId === request.provider_id && listing.startMs >= startMs && listing.endMs <= endMs,
      )
      .flatMap(({ providerId, sourceIds }) => sourceIds.map((sourceId) => logIdOf(providerId, sourceId)));
    return new Set([...owed, ...listed]);
  }

  /** The provider's notes only grow; each is read once, for a corpus has thousands. */
  #noteServed(): void {
    const { served } = this.#provider;
    for (const { providerId, sourceId, checksum } of served.slice(this.#servedNoted)) {
      const logId = logIdOf(providerId, sourceId);
      this.#served.set(logId, (this.#served.get(logId) ?? new Set()).add(checksum));
    }
    this.#servedNoted = served.length;
  }

  #offeredIn({ provider_id: providerId, range }: IngestRequest): string[] {
    return this.#provider
      .offeredIn(providerId, Date.parse(range.start), Date.parse(range.end))
      .map((log) => logIdOf(log.providerId, log.sourceId));
  }
}

function overlaps(one: IngestRequest, other: IngestRequest): boolean {
  return (
    one.provider_id === other.provider_id &&
    Date.parse(one.range.start) < Date.parse(other.range.end) &&
    Date.parse(other.range.start) < Date.parse(one.range.end)
  );
}
