import { createHash } from 'node:crypto';
import { NotOfThisShape } from './not-of-this-shape';
import { Template, type TemplateValues } from './template';

/** A log as its provider knows it. */
export interface ProvidersLog {
  readonly providerId: string;
  readonly sourceId: string;
}

/** What metadata says of one log. */
export interface DescribedLog extends ProvidersLog {
  readonly logId: string;
  readonly jobId: string;
  readonly object: { readonly key: string };
}

/** The ids of logs in a vault. */
export interface LogIds {
  /** The form of an id, in words. */
  readonly words: string;
  /** The id that follows from a log; `undefined` where the vault gives ids of its own. */
  of(log: ProvidersLog): string | undefined;
  /** Names a log in the suite's own account, alike for the same log. */
  mark(log: ProvidersLog): string;
  /** The mark of the log that a record claims to describe. */
  markOf(record: DescribedLog): string;
  /** Takes an id from a document; `undefined` where it is none. */
  read(value: unknown): string | undefined;
}

/** The id of the contract: a function of provider and source id alone (section 3). */
export const CONTRACT_IDS: LogIds = {
  words: '"log_" and 24 hex digits of the SHA-256 over provider and source id',
  of: contractId,
  mark: contractId,
  markOf: ({ logId }) => logId,
  read: (value) => (typeof value === 'string' ? value : undefined),
};

/** Whatever the vault gives; found through its metadata. */
export const OPAQUE_IDS: LogIds = {
  words: 'whatever the vault gives, found through metadata by provider and source id',
  of: () => undefined,
  mark: nameOf,
  markOf: nameOf,
  read: (value) => {
    if (typeof value === 'string') return value;
    const isNumber = typeof value === 'number' || typeof value === 'bigint';
    // ObjectId, UUID and Long write themselves as the text that an API shows.
    const writesItself = typeof value === 'object' && value !== null && '_bsontype' in value;
    return isNumber || writesItself ? String(value) : undefined;
  },
};

function contractId({ providerId, sourceId }: ProvidersLog): string {
  return `log_${createHash('sha256').update(`${providerId}\n${sourceId}`).digest('hex').slice(0, 24)}`;
}

function nameOf({ providerId, sourceId }: ProvidersLog): string {
  return `${providerId} ${sourceId}`;
}

/** The keys of objects. */
export interface ObjectKeys {
  /** The form of a key, in words. */
  readonly words: string;
  /** The keys that an object of a log may have; empty where that does not follow from the log. */
  of(log: ProvidersLog & { readonly timestamp: string }): readonly string[];
  /** The key that has to lie at a record's timestamp; any, where nothing follows. */
  ofRecord(record: DescribedLog, timestamps: readonly string[]): readonly string[] | undefined;
  /** Whether objects may lie anywhere, where manifests lie as well. */
  readonly areAnywhere: boolean;
  /** Whether a key looks as if an object of a log or a manifest were to lie there. */
  isOwn(key: string): boolean;
}

/** Found through metadata, and uploads by their bytes. */
export const OPAQUE_KEYS: ObjectKeys = {
  words: 'whatever the vault gives, found through metadata; uploads are known by their bytes',
  of: () => [],
  ofRecord: () => undefined,
  areAnywhere: true,
  isOwn: () => false,
};

/** Keys that are made of what is known of a log. */
export class TemplateKeys implements ObjectKeys {
  readonly words: string;
  readonly areAnywhere = false;
  readonly #template: Template;
  readonly #ids: LogIds;
  readonly #own: RegExp | undefined;

  /** @param own what else lies where only objects of logs and manifests may lie */
  constructor(template: string, ids: LogIds, own?: RegExp) {
    this.words = template;
    this.#template = new Template(template);
    this.#ids = ids;
    this.#own = own ?? this.#ownPattern();
  }

  of(log: ProvidersLog & { readonly timestamp: string }): readonly string[] {
    return this.#filled(log, { log_id: this.#ids.of(log), ...dayOf(log.timestamp) });
  }

  ofRecord(record: DescribedLog, timestamps: readonly string[]): readonly string[] {
    const { logId, jobId } = record;
    return timestamps.flatMap((timestamp) =>
      this.#filled(record, { log_id: logId, job_id: jobId, ...dayOf(timestamp) }),
    );
  }

  isOwn(key: string): boolean {
    return this.#own?.test(key) === true;
  }

  /** A source id may hold anything: a vault may percent-encode it. */
  #filled({ providerId, sourceId }: ProvidersLog, values: TemplateValues): readonly string[] {
    const ways = [sourceId, encodeURIComponent(sourceId)].map((source_id) =>
      this.#template.fill({ provider_id: providerId, source_id, ...values }),
    );
    return [...new Set(ways.filter((key) => key !== undefined))];
  }

  /**
   * Only where each key follows from its log alone, for objects without metadata are legal; and only where
   * nothing else of the vault's can look like one.
   */
  #ownPattern(): RegExp | undefined {
    const { names } = this.#template;
    const follows = this.of({ providerId: 'p', sourceId: 's', timestamp: '2001-01-01T00:00:00Z' }).length > 0;
    const isTelling = names.includes('provider_id') && names.includes('yyyy');
    return follows && isTelling ? this.#template.pattern((name) => NAME_FORMS[name] ?? '.+?') : undefined;
  }
}

/** The id of a job is none of a log by the contract. */
const NAME_FORMS: Readonly<Record<string, string>> = {
  yyyy: '\\d{4}',
  mm: '\\d{2}',
  dd: '\\d{2}',
  job_id: '(?!log_[0-9a-f]{24}(?![0-9A-Za-z]))[^/]+',
};

/** A job as far as the key of its manifest follows from it. */
export interface ManifestJob {
  readonly jobId: string;
  readonly providerId: string;
  readonly rangeStart: string;
}

/** The keys of manifests. */
export class ManifestKeys {
  /** Where they lie, in words. */
  readonly words: string;
  readonly #template: Template | undefined;
  readonly #isClaimed: boolean;

  /** @param isClaimed whether the vault says that it keeps them */
  constructor(template: string | undefined, isClaimed = template !== undefined) {
    this.words = template ?? 'no place: there are none';
    this.#template = template === undefined ? undefined : new Template(template);
    this.#isClaimed = isClaimed;
  }

  /**
   * Returns where the manifest of a job has to lie; `undefined` where the vault does not claim to keep any.
   */
  ifClaimed(job: ManifestJob): string | undefined {
    return this.#isClaimed ? this.ofAny(job) : undefined;
  }

  /** Returns where the manifest of a job has to lie. @throws NotOfThisShape where the vault claims none */
  of(job: ManifestJob): string {
    return this.ifClaimed(job) ?? this.#none();
  }

  /** The form of the keys, for the job of a manifest is not known before it is on its way. @throws as `of` */
  get pattern(): RegExp {
    return (this.#isClaimed ? this.#pattern : undefined) ?? this.#none();
  }

  /** Whether nothing but a manifest can lie there. */
  isOne(key: string): boolean {
    return this.#template?.text.includes('/') === true && this.#pattern?.test(key) === true;
  }

  /** Whether a key is that of the manifest of a job, whatever the job's id. */
  isOfUntold(key: string, job: Omit<ManifestJob, 'jobId'>): boolean {
    // All but the job's id is known, so that nothing beside it can be taken for a part of it.
    const rest = new Template(this.ofAny({ ...job, jobId: '{job_id}' }) ?? '');
    const { job_id: jobId } = rest.read(key) ?? {};
    return jobId !== undefined && this.ofAny({ ...job, jobId }) === key;
  }

  /** Where the manifest of a job may lie, claimed or not. */
  ofAny({ jobId, providerId, rangeStart }: ManifestJob): string | undefined {
    return this.#template?.fill({ job_id: jobId, provider_id: providerId, ...dayOf(rangeStart) });
  }

  get #pattern(): RegExp | undefined {
    return this.#template?.pattern((name) => NAME_FORMS[name] ?? '[^/]+');
  }

  #none(): never {
    throw new NotOfThisShape('by its profile this vault keeps no manifests');
  }
}

function dayOf(timestamp: string): TemplateValues {
  const [yyyy, mm, dd] = new Date(timestamp).toISOString().slice(0, 10).split('-');
  return { yyyy, mm, dd };
}
