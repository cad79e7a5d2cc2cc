import type { IngestRequest } from '../../services/ingestion-service';
import type { Job } from '../../services/job-service';
import { type Instant, instantOf, instantRangeOf, isWithin } from '../bytes/instant';
import type { Environment } from '../environments/environment';
import type { VaultPool } from '../environments/vault-pool';
import type { RunSettings } from '../environments/vault-under-test';
import type { Finding } from '../ledger/finding';
import type { UserMetadata } from '../object-store/object-contents';
import { NotOfThisShape } from '../profile/not-of-this-shape';
import type { LogOffer, NamedLog, ScenarioScope } from '../scenario/scenario-scope';
import type { Services } from '../scenario/services';
import type { Disturbances } from './disturbances';
import { FindingError } from './finding-error';
import type { JobCircumstances } from './job-verdict';
import { type FaultHits, ProgramFaults } from './program-faults';
import type { Stalls } from './stalls';
import type { Tally } from './tally';
import type { TranscriptWriter } from './transcript';
import type { Turns } from './turns';

/** Shared by the programs that run at once. */
export interface SharedByPrograms {
  /** Its vault is the pool of all that are asked. */
  readonly environment: Environment & { readonly vault: VaultPool };
  readonly services: Services;
  readonly disturbances: Disturbances;
  readonly tally: Tally;
  /** What the vault runs with otherwise than usual. */
  readonly settings: Partial<RunSettings>;
  /** Whether the suite starts and stops the vault. */
  readonly canBeTold: boolean;
  /** Whether no other program runs at the same time. */
  readonly isAlone: boolean;
  readonly stalls: Stalls;
  /** How many vaults there are on the same stores. */
  readonly vaults: number;
  /** Whether the vault can be started again without anybody else being in the middle of a question. */
  readonly mayRestart: boolean;
  /** Tests of keys, one at a time: the provider knows one key under test. */
  readonly keyTests: Turns;
}

/** An object as it lies in storage. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: Buffer;
  readonly userMetadata: UserMetadata;
}

/** Damage done to a log's object behind the vault's back. */
interface ObjectDamage {
  readonly kind: 'orphaned' | 'altered';
  readonly sinceMs: number;
  /** The object that lay there before. */
  readonly kept: StoredObject;
}

/** A log of a program, and what became of it. */
export interface ProgramLog {
  readonly name: string;
  /** As it is offered now. */
  readonly now: NamedLog;
  readonly offer: LogOffer;
  /** The instant by which its provider files it. */
  readonly filedAt: Instant;
  readonly versions: number;
  readonly damage: ObjectDamage | undefined;
  /** Whether its object was ever damaged. */
  readonly wasDamaged: boolean;
}

/** A job of a program. */
export interface ProgramJob {
  readonly jobId: string;
  readonly request: IngestRequest;
  /** When it was asked for first, on the monotonic clock. */
  readonly askedMs: number;
  /** The faults that had struck before that. */
  readonly hitsBefore: FaultHits;
  /** How often a vault that was asked then tries a call. */
  readonly attempts: number;
  /** As it was when it was first seen ended. */
  readonly ended: { readonly job: Job; readonly atMs: number } | undefined;
}

/** Whether a log is in the listing once: of one that is there again a vault may ask for the payload again. */
export function isListedOnce({ offer: { listedTimes = 1, alsoDated = [] } }: ProgramLog): boolean {
  return listedTimes === 1 && alsoDated.length === 0;
}

/** A flood is of thousands. */
const MOST_LOOKED_FOR = 12;

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** Keeps what one program has done so far, and says what can therefore be expected of the vault. */
export class ProgramRun {
  readonly #logs: Open<ProgramLog>[] = [];
  readonly #jobs: Open<ProgramJob>[] = [];

  /** What was done to the calls of its vault. */
  readonly faults = new ProgramFaults();

  constructor(
    readonly shared: SharedByPrograms,
    readonly scope: ScenarioScope,
    readonly transcript: TranscriptWriter,
  ) {}

  get logs(): readonly ProgramLog[] {
    return this.#logs;
  }

  /**
   * Notes that requirements were judged.
   * @param wrong what is wrong, in words; a finding that names its own requirement is held against that one
   * @throws FindingError where something is wrong
   */
  judge(requirements: readonly string[], ...wrong: readonly (Finding | string | undefined)[]): void {
    this.shared.tally.coverage.judged(requirements);
    const findings = wrong
      .filter((found) => found !== undefined)
      .map((found) => (typeof found === 'string' ? { words: found } : found))
      .map(({ words, requirement }) => ({
        words,
        requirements: requirement === undefined ? requirements : [requirement],
      }));
    // What a vault does not claim is no reason to stop.
    const { unclaimed } = this.shared.environment.profile;
    const claimed = findings.filter(
      ({ requirements: ids }) => !(ids.length > 0 && ids.every((id) => unclaimed.has(id))),
    );
    if (claimed.length > 0) throw new FindingError(...claimed);
  }

  /**
   * Notes that requirements are judged by what is asserted.
   * @throws FindingError where it does not hold, SuiteError
   */
  async judging<T>(requirements: readonly string[], assert: () => T | Promise<T>): Promise<T> {
    this.shared.tally.coverage.judged(requirements);
    try {
      return await assert();
    } catch (error) {
      if (!(error instanceof Error) || !(error.name === 'AssertionError' || error.name === 'JobLifeError'))
        throw error;
      throw new FindingError({ words: error.message, requirements });
    }
  }

  get jobs(): readonly ProgramJob[] {
    return this.#jobs;
  }

  /** The providers that offered something. */
  get providers(): readonly string[] {
    return [...new Set(this.#logs.map(({ now }) => now.providerId))];
  }

  /** One of its logs. @param which any whole number @throws Error when there is none */
  pick(which: number): ProgramLog {
    const log = this.#logs[which % this.#logs.length];
    if (log === undefined) throw new Error('a program begins by offering logs');
    return log;
  }

  /** One of its logs that metadata describes, where there is any among the first. @param which any whole number */
  async pickStored(which: number): Promise<ProgramLog | undefined> {
    const { metadata } = this.shared.environment;
    const first = this.#logs.slice(0, MOST_LOOKED_FOR);
    const records = await Promise.all(first.map(({ now }) => metadata.recordsOf(now)));
    const stored = first.filter((_, index) => (records[index]?.length ?? 0) > 0);
    return stored[which % Math.max(1, stored.length)];
  }

  /** A provider that the vault knows. @param which any whole number */
  provider(which: number): string {
    const { providers } = this.shared.environment.vault.settings;
    return providers[which % providers.length] ?? '';
  }

  /** The provider offers one more log. */
  offer(offer: LogOffer): ProgramLog {
    const name = `log ${this.#logs.length + 1}`;
    const now = this.#sent(name, offer);
    const filedAt = instantOf(offer.listedAt ?? now.timestamp);
    const log = { name, now, offer, filedAt, versions: 1, damage: undefined, wasDamaged: false };
    this.#logs.push(log);
    return log;
  }

  /** The provider now serves different bytes for a log. */
  amend({ name, offer }: ProgramLog, payload: Buffer): void {
    const log = this.#open(name);
    log.now = this.#sent(name, { ...offer, payload });
    log.versions += 1;
  }

  /** What no provider of this shape can send goes as it can: in a JSON object, and in no way of its own. */
  #sent(name: string, offer: LogOffer): NamedLog {
    try {
      return this.scope.offer(name, offer);
    } catch (error) {
      if (!(error instanceof NotOfThisShape)) throw error;
      const payload = Buffer.from(JSON.stringify({ base64: offer.payload.toString('base64') }));
      return this.scope.offer(name, { ...offer, payload, delivery: {} });
    }
  }

  /** Notes damage done to a log's object, or that it was undone. */
  damaged({ name, now }: ProgramLog, damage: Omit<ObjectDamage, 'sinceMs'> | undefined): void {
    const log = this.#open(name);
    const { ledger } = this.shared.services;
    ledger.expectStable(now);
    if (damage !== undefined) ledger.expect(now, damage.kind);
    log.wasDamaged ||= damage !== undefined;
    log.damage = damage === undefined ? undefined : { ...damage, sinceMs: performance.now() };
  }

  /** Notes a job that the vault took on. @returns the job, the one noted before where the vault named it again */
  accepted(asked: Pick<ProgramJob, 'jobId' | 'request' | 'askedMs' | 'hitsBefore'>): ProgramJob {
    const known = this.#jobs.find(({ jobId }) => jobId === asked.jobId);
    if (known !== undefined) return known;
    const attempts = this.shared.environment.vault.settings.retryMaxAttempts;
    const job = { ...asked, attempts, ended: undefined };
    this.#jobs.push(job);
    return job;
  }

  ended(jobId: string, job: Job): void {
    const noted = this.#jobs.find((candidate) => candidate.jobId === jobId);
    if (noted !== undefined) noted.ended ??= { job, atMs: performance.now() };
  }

  /** Its logs that a request asks for, as their provider files them. */
  logsIn({ provider_id: providerId, range }: IngestRequest): readonly ProgramLog[] {
    return this.#logs.filter(
      ({ now, filedAt }) => now.providerId === providerId && isWithin(filedAt, instantRangeOf(range)),
    );
  }

  /** Everything that an ended job can have met. */
  circumstancesOf(job: ProgramJob): JobCircumstances {
    const { disturbances, environment, stalls } = this.shared;
    const { request, askedMs, hitsBefore } = job;
    const endMs = job.ended?.atMs ?? performance.now();
    return {
      ...this.faults.metBy(request, hitsBefore),
      damaged: this.logsIn(request).some(({ damage }) => damage !== undefined),
      metadataAwayMs: disturbances.lastedMs('MongoDB is away', askedMs, endMs),
      alone: !disturbances.wasDisturbed(askedMs) && !this.hasRival(job),
      // Another policy may have come with a restart meanwhile.
      maxAttempts: Math.min(job.attempts, environment.vault.settings.retryMaxAttempts),
      heldUpMs: stalls.longestMs,
      callTimeoutMs: environment.vault.settings.callTimeoutMs,
    };
  }

  /** Whether another job for logs of the same provider ran at the same time. */
  hasRival(job: ProgramJob): boolean {
    const { jobId, askedMs, request, ended } = job;
    const endMs = ended?.atMs ?? performance.now();
    return (
      this.shared.services.ledger.indeterminate.some(({ provider_id: id }) => id === request.provider_id) ||
      this.#jobs.some(
        (other) =>
          other.jobId !== jobId &&
          other.request.provider_id === request.provider_id &&
          other.askedMs <= endMs &&
          (other.ended?.atMs ?? Number.POSITIVE_INFINITY) >= askedMs,
      )
    );
  }

  #open(name: string): Open<ProgramLog> {
    const log = this.#logs.find((candidate) => candidate.name === name);
    if (log === undefined) throw new Error(`no log is called ${name}`);
    return log;
  }
}
