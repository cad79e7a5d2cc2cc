import type { FoundLog } from '../../services/log-service';
import { checksumOf } from '../bytes/checksum';
import type { MetadataProbe } from '../metadata-store/metadata-probe';
import type { KeySight } from '../object-store/bucket-script';
import type { ProvidersLog } from '../profile/log-shape';
import type { MetadataRecord, StoredRecord } from '../profile/metadata-shape';
import { NotOfThisShape } from '../profile/not-of-this-shape';
import type { VaultProfile } from '../profile/profile';
import type { ProviderScript } from '../provider/provider-script';

/** A log as it is offered. */
export interface OfferedName extends ProvidersLog {
  readonly timestamp: string;
  /** Other timestamps under which it is listed as well: which one is its own, the vault has to choose. */
  readonly alsoDated?: readonly string[];
}

/** Where a log lies in the vault. */
export interface Whereabouts {
  /** The vault's id of it; one that no log has, where nothing describes it. */
  readonly logId: string;
  /** The same where it is a number. */
  readonly idNumber?: number;
  /** The key of its object; one that no object has, where nothing says it. */
  readonly objectKey: string;
  /** How calls about its object are known. @throws NotOfThisShape where nothing tells them from others */
  readonly sight: () => KeySight;
}

interface Parts {
  readonly profile: Pick<VaultProfile, 'ids' | 'keys' | 'manifests'>;
  readonly metadata: Pick<MetadataProbe, 'allRecords' | 'recordsOf'>;
  readonly provider: Pick<ProviderScript, 'everOffered'>;
}

const checksums = new WeakMap<Buffer, string>();

/**
 * Says where logs lie: by what follows from them where anything does, else by what metadata says of them, as
 * it is at that moment (contract, section 8).
 */
export class LogFinder {
  readonly #parts: Parts;
  readonly #firstIds = new Map<string, string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Returns a log, with where it lies now. */
  async locate<T extends OfferedName>(log: T): Promise<T & Whereabouts> {
    const records = this.#follows(log) ? [] : await this.#parts.metadata.recordsOf(log);
    return this.#located(log, records);
  }

  /** The same for many, by one look at metadata. */
  async locateAll<T extends OfferedName>(logs: readonly T[]): Promise<readonly (T & Whereabouts)[]> {
    if (logs.every((log) => this.#follows(log))) return logs.map((log) => this.#located(log, []));
    const byName = new Map<string, StoredRecord[]>();
    for (const record of await this.#parts.metadata.allRecords()) {
      if (record.kind === 'malformed') continue;
      const name = nameOf(record);
      byName.set(name, [...(byName.get(name) ?? []), record]);
    }
    return logs.map((log) => this.#located(log, byName.get(nameOf(log)) ?? []));
  }

  /** How often a log is among those that a search found; what nothing describes may be any log. */
  async timesIn(found: readonly FoundLog[], log: ProvidersLog): Promise<number> {
    const id = this.#parts.profile.ids.of(log);
    if (id !== undefined) return found.filter((candidate) => candidate.id === id).length;
    const described = new Map<string, boolean>();
    for (const record of await this.#parts.metadata.allRecords()) {
      const isIt = record.kind === 'record' && nameOf(record) === nameOf(log);
      described.set(record.logId, isIt || described.get(record.logId) === true);
    }
    return found.filter((candidate) => described.get(candidate.id) ?? true).length;
  }

  /** The key of a log's object before anything was stored. @throws NotOfThisShape where it does not follow */
  keyBefore(log: OfferedName): string {
    const [key] = this.#keysOf(log);
    if (key !== undefined) return key;
    throw new NotOfThisShape('before a log is stored, nothing says under which key this vault looks for it');
  }

  /**
   * How uploads of manifests are known: by where they lie, and for the object of a log may lie there too, by
   * their bytes. @throws NotOfThisShape where the vault keeps none
   */
  manifestSight(): KeySight {
    const { pattern } = this.#parts.profile.manifests;
    return {
      words: `an object like ${pattern.source}`,
      has: ({ key, checksum }) => pattern.test(key) && checksum !== undefined && !this.isLogs(checksum),
    };
  }

  /** Whether these are the bytes of a log, in any version that was offered. */
  isLogs(checksum: string): boolean {
    return this.#parts.provider.everOffered.some(({ payload }) => checksumFor(payload) === checksum);
  }

  /** Notes the ids that the vault has given by now: they may never change. */
  async noteIds(): Promise<void> {
    const { everOffered } = this.#parts.provider;
    if (everOffered.every((log) => this.#parts.profile.ids.of(log) !== undefined)) return;
    for (const record of await this.#parts.metadata.allRecords()) {
      const name = record.kind === 'malformed' ? undefined : nameOf(record);
      if (name !== undefined && !this.#firstIds.has(name)) this.#firstIds.set(name, record.logId);
    }
  }

  /** The id that a log was first seen with; `undefined` where it was never seen. */
  firstIdOf(log: ProvidersLog): string | undefined {
    return this.#firstIds.get(nameOf(log));
  }

  #follows(log: OfferedName): boolean {
    const { ids } = this.#parts.profile;
    return ids.of(log) !== undefined && this.#keysOf(log).length === 1;
  }

  #keysOf({ timestamp, alsoDated = [], ...log }: OfferedName): readonly string[] {
    const { keys } = this.#parts.profile;
    return [...new Set([timestamp, ...alsoDated].flatMap((each) => keys.of({ ...log, timestamp: each })))];
  }

  #located<T extends OfferedName>(log: T, records: readonly StoredRecord[]): T & Whereabouts {
    const { ids } = this.#parts.profile;
    const record = records.find((candidate) => candidate.kind === 'record') as MetadataRecord | undefined;
    const possible = this.#keysOf(log);
    const [first] = possible;
    const recorded = record?.object.key;
    const objectKey =
      possible.length > 1 && recorded !== undefined && possible.includes(recorded)
        ? recorded
        : (first ?? recorded ?? `(no key of ${nameOf(log)})`);
    const sight = (): KeySight => {
      if (possible.length === 1) return objectKey;
      return possible.length > 1 ? keysSight(log, possible) : this.#bytesSight(log, recorded);
    };
    return {
      ...log,
      logId: ids.of(log) ?? record?.logId ?? `no-id-of-${log.sourceId}`,
      ...(record?.idNumber === undefined ? {} : { idNumber: record.idNumber }),
      objectKey,
      sight,
    };
  }

  /** Any version that the provider has, for it may serve another one meanwhile. */
  #bytesSight(log: ProvidersLog, recorded: string | undefined): KeySight {
    const name = nameOf(log);
    const versions = (): Set<string> =>
      new Set(
        this.#parts.provider.everOffered
          .filter((offered) => nameOf(offered) === name)
          .map(({ payload }) => checksumFor(payload)),
      );
    const now = versions();
    const twin = this.#parts.provider.everOffered.find(
      (offered) => nameOf(offered) !== name && now.has(checksumFor(offered.payload)),
    );
    if (twin !== undefined) {
      throw new NotOfThisShape(
        `keys are opaque and ${name} and ${nameOf(twin)} have the same bytes, so that nothing tells their uploads apart`,
      );
    }
    return {
      words: `the object of ${name}, known by its bytes`,
      has: ({ key, checksum }) => (checksum === undefined ? key === recorded : versions().has(checksum)),
    };
  }
}

function keysSight(log: ProvidersLog, keys: readonly string[]): KeySight {
  return { words: `the object of ${nameOf(log)}`, has: ({ key }) => keys.includes(key) };
}

function nameOf({ providerId, sourceId }: ProvidersLog): string {
  return `${providerId} ${sourceId}`;
}

/** Payloads are never changed once they are offered. */
function checksumFor(payload: Buffer): string {
  const known = checksums.get(payload) ?? checksumOf(payload);
  checksums.set(payload, known);
  return known;
}
