import pMap from 'p-map';
import type { Job } from '../../services/job-service';
import type { LogService } from '../../services/log-service';
import { checksumOf } from '../bytes/checksum';
import type { MetadataProbe } from '../metadata-store/metadata-probe';
import type { ObjectContents } from '../object-store/object-contents';
import type { MetadataRecord, StoredRecord } from '../profile/metadata-shape';
import type { VaultProfile } from '../profile/profile';
import type { ProviderScript } from '../provider/provider-script';
import type { AcceptedJob, Damage, Ledger, LogFinding } from './ledger';
import type { LogFinder } from './log-finder';
import { type BrokenPromise, PROMISES } from './promises';
import { searchFindings } from './search-findings';
import { type KnownLog, StrayObjects } from './stray-objects';

interface Stores {
  readonly logs: Pick<LogService, 'all' | 'raw'>;
  readonly metadata: Pick<MetadataProbe, 'allRecords'>;
  readonly objects: Pick<ObjectContents, 'get' | 'keys'>;
  readonly provider: Pick<ProviderScript, 'everOffered'>;
  readonly bucketName: string;
  readonly profile: Pick<VaultProfile, 'answers' | 'ids' | 'keys' | 'manifests'>;
  readonly finder: Pick<LogFinder, 'locateAll' | 'firstIdOf' | 'isLogs'>;
}

const AUDITED_AT_ONCE = 8;

/**
 * Compares what the vault holds with the ledger: every log is stable, or lost, duplicated, orphaned, altered
 * or invented. Objects without metadata are legal; what a completed job listed has to be there.
 */
export class Audit {
  readonly #ledger: Ledger;
  readonly #stores: Stores;

  constructor(ledger: Ledger, stores: Stores) {
    this.#ledger = ledger;
    this.#stores = stores;
  }

  /** Everything found wrong, expected damage included. @param ended the accepted jobs as they ended. */
  async findings(ended: readonly Job[]): Promise<readonly LogFinding[]> {
    const records = await this.#stores.metadata.allRecords();
    const found = await this.#stores.logs.all();
    const wellFormed = records.filter((record) => record.kind === 'record');
    const known = this.#knownLogs();
    return [
      ...records.flatMap((record) => this.#malformed(record)),
      ...wellFormed.flatMap((record) => this.#identity(record, known)),
      ...duplicates(wellFormed),
      ...(await pMap(wellFormed, (record) => this.#stored(record), { concurrency: AUDITED_AT_ONCE })).flat(),
      ...searchFindings(found, records),
      ...(await this.#readable(ended)),
      ...(await new StrayObjects(this.#ledger, this.#stores).findings(known, wellFormed)),
    ];
  }

  /** The logs that were ever offered, by their marks. */
  #knownLogs(): ReadonlyMap<string, KnownLog> {
    const known = new Map<string, KnownLog>();
    const { ids, keys } = this.#stores.profile;
    for (const offered of this.#stores.provider.everOffered) {
      const mark = ids.mark(offered);
      const log = known.get(mark) ?? { keys: new Set(), timestamps: new Set() };
      for (const timestamp of [offered.timestamp, ...(offered.alsoDated ?? [])]) {
        for (const key of keys.of({ ...offered, timestamp })) log.keys.add(key);
        log.timestamps.add(timestamp);
      }
      known.set(mark, log);
    }
    return known;
  }

  #malformed(record: StoredRecord): LogFinding[] {
    return record.kind === 'malformed'
      ? [
          finding(
            'altered',
            record.logId,
            `its metadata has not the contract's shape: ${record.problem}`,
            PROMISES.filedAndDescribed,
          ),
        ]
      : [];
  }

  #identity(record: MetadataRecord, known: ReadonlyMap<string, KnownLog>): LogFinding[] {
    const { logId, providerId, sourceId, object, timestamp } = record;
    const { profile, finder, bucketName } = this.#stores;
    const mark = profile.ids.markOf(record);
    const log = known.get(mark);
    if (log === undefined) {
      return [
        finding(
          'invented',
          mark,
          `metadata for ${providerId} ${sourceId}, which no provider ever offered`,
          PROMISES.logIdentity,
        ),
      ];
    }
    const isAnothers = (profile.ids.of(record) ?? logId) !== logId;
    const firstId = finder.firstIdOf(record) ?? logId;
    // Where it has several timestamps, it is filed under the day of the one that its metadata names.
    const own = log.timestamps.has(timestamp) ? [timestamp] : [...log.timestamps];
    const keys = profile.keys.ofRecord(record, own);
    return [
      isAnothers && `names ${providerId} ${sourceId}, another log`,
      firstId !== logId && `has the id ${logId}, and had ${firstId} before`,
      keys?.includes(object.key) === false && `names the object ${object.key}, not ${keys.join(' or ')}`,
      object.bucket !== bucketName && `names the bucket ${object.bucket}, not ${bucketName}`,
      !log.timestamps.has(timestamp) &&
        `has the timestamp ${timestamp}, the provider said ${[...log.timestamps].join(' and ')}`,
    ].flatMap((wrong, at) => {
      const promise = at < 2 ? PROMISES.logIdentity : PROMISES.filedAndDescribed;
      return wrong === false ? [] : [finding('altered', mark, `its metadata ${wrong}`, promise)];
    });
  }

  /** Judges whether what metadata describes is stored, unchanged, and a version that was served. */
  async #stored(record: MetadataRecord): Promise<LogFinding[]> {
    const { checksum, bytes, object } = record;
    const logId = this.#stores.profile.ids.markOf(record);
    const stored = await this.#stores.objects.get(object.key);
    if (stored === undefined) {
      return [
        finding(
          'orphaned',
          logId,
          `its metadata is there, its object ${object.key} is not in the bucket`,
          PROMISES.objectFirst,
        ),
      ];
    }
    const actual = checksumOf(stored);
    if (actual !== checksum) {
      return [
        finding(
          'altered',
          logId,
          `its object hashes to ${actual}, its metadata was recorded as ${checksum}`,
          PROMISES.recordedChecksum,
        ),
      ];
    }
    if (!this.#ledger.versionsMarked(logId).has(actual)) {
      return [
        finding(
          'altered',
          logId,
          `its ${stored.byteLength} bytes (${actual}) are none the provider served`,
          PROMISES.servedBytes,
        ),
      ];
    }
    return stored.byteLength === bytes
      ? []
      : [
          finding(
            'altered',
            logId,
            `its metadata says ${bytes} bytes, the object has ${stored.byteLength}`,
            PROMISES.filedAndDescribed,
          ),
        ];
  }

  async #readable(ended: readonly Job[]): Promise<LogFinding[]> {
    const completed = new Set(ended.filter(({ state }) => state === 'completed').map(({ jobId }) => jobId));
    const { profile, finder } = this.#stores;
    const owed = new Map<string, OwedLog>();
    for (const job of this.#ledger.jobs) {
      if (!completed.has(job.jobId)) continue;
      for (const { providerId, sourceId } of this.#ledger.listedFor(job)) {
        const mark = profile.ids.mark({ providerId, sourceId });
        owed.set(mark, { mark, providerId, sourceId, timestamp: ANY_TIME, job });
      }
    }
    const located = await finder.locateAll([...owed.values()]);
    const findings = await pMap(located, async (log) => await this.#readBack(log), {
      concurrency: AUDITED_AT_ONCE,
    });
    return findings.flat();
  }

  /** Judges whether what a completed job listed can be read, byte for byte a version that was served. */
  async #readBack(log: OwedLog & { readonly logId: string }): Promise<LogFinding[]> {
    const { logId, mark, job } = log;
    const listed = `it was listed to job ${job.jobId}, which completed,`;
    const answer = await this.#stores.logs.raw(logId);
    if (answer.status !== 200) {
      const damage = answer.status === this.#stores.profile.answers.missingObject ? 'orphaned' : 'lost';
      const words = `${listed} but reading it answers ${answer.status}`;
      return [finding(damage, mark, words, PROMISES.completedMeansReadable)];
    }
    const checksum = checksumOf(answer.body);
    return this.#ledger.versionsOf(log).has(checksum)
      ? []
      : [
          finding(
            'altered',
            mark,
            `${listed} but what is read (${checksum}) is no version the provider served`,
            PROMISES.servedBytes,
          ),
        ];
  }
}

/** A log that a completed job has to have stored. */
interface OwedLog {
  readonly mark: string;
  readonly providerId: string;
  readonly sourceId: string;
  readonly timestamp: string;
  readonly job: AcceptedJob;
}

/** No id depends on a time. */
const ANY_TIME = '1970-01-01T00:00:00Z';

function duplicates(records: readonly MetadataRecord[]): LogFinding[] {
  const counts = new Map<string, MetadataRecord[]>();
  for (const record of records) {
    const name = `${record.providerId} ${record.sourceId}`;
    counts.set(name, [...(counts.get(name) ?? []), record]);
  }
  return [...counts].flatMap(([name, same]) =>
    same.length === 1
      ? []
      : [
          finding(
            'duplicated',
            same[0]?.logId ?? name,
            `${same.length} records describe ${name}`,
            PROMISES.oneRecord,
          ),
        ],
  );
}

function finding(damage: Damage, subject: string, words: string, requirement: BrokenPromise): LogFinding {
  return { damage, subject, words, requirement };
}
