import pMap from 'p-map';
import type { Job } from '../../services/job-service';
import type { LogService } from '../../services/log-service';
import { checksumOf } from '../bytes/checksum';
import type { MetadataProbe, MetadataRecord, StoredRecord } from '../metadata-store/metadata-probe';
import type { ObjectContents } from '../object-store/object-contents';
import type { ProviderScript } from '../provider/provider-script';
import type { AcceptedJob, Damage, Ledger, LogFinding } from './ledger';
import { logIdOf, MANIFEST_KEY, manifestKeyOf, objectKeyOf } from './log-identity';
import { type BrokenPromise, PROMISES } from './promises';
import { searchFindings } from './search-findings';

interface Stores {
  readonly logs: Pick<LogService, 'all' | 'raw'>;
  readonly metadata: Pick<MetadataProbe, 'allRecords'>;
  readonly objects: Pick<ObjectContents, 'get' | 'keys'>;
  readonly provider: Pick<ProviderScript, 'everOffered'>;
  readonly bucketName: string;
}

/** Returns what metadata may say of a log that a provider offered, in any of its versions. */
interface KnownLog {
  readonly keys: Set<string>;
  readonly timestamps: Set<string>;
}

const AUDITED_AT_ONCE = 8;
/** Stands for the id of a job that the vault may have taken on, but could not tell. */
const UNTOLD_JOB = '(untold)';

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
      ...(await this.#strayObjects(known)),
    ];
  }

  /** The logs that were ever offered, by id. */
  #knownLogs(): ReadonlyMap<string, KnownLog> {
    const known = new Map<string, KnownLog>();
    for (const { providerId, sourceId, timestamp } of this.#stores.provider.everOffered) {
      const logId = logIdOf(providerId, sourceId);
      const log = known.get(logId) ?? { keys: new Set(), timestamps: new Set() };
      log.keys.add(objectKeyOf(providerId, sourceId, timestamp));
      log.timestamps.add(timestamp);
      known.set(logId, log);
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
    const log = known.get(logId);
    if (log === undefined) {
      return [
        finding(
          'invented',
          logId,
          `metadata for ${providerId} ${sourceId}, which no provider ever offered`,
          PROMISES.logIdentity,
        ),
      ];
    }
    const { bucketName } = this.#stores;
    const isAnothers = logIdOf(providerId, sourceId) !== logId;
    return [
      isAnothers && `names ${providerId} ${sourceId}, another log`,
      !log.keys.has(object.key) && `names the object ${object.key}, not ${[...log.keys].join(' or ')}`,
      object.bucket !== bucketName && `names the bucket ${object.bucket}, not ${bucketName}`,
      !log.timestamps.has(timestamp) &&
        `has the timestamp ${timestamp}, the provider said ${[...log.timestamps].join(' and ')}`,
    ].flatMap((wrong, at) => {
      const promise = at === 0 ? PROMISES.logIdentity : PROMISES.filedAndDescribed;
      return wrong === false ? [] : [finding('altered', logId, `its metadata ${wrong}`, promise)];
    });
  }

  /** Judges whether what metadata describes is stored, unchanged, and a version that was served. */
  async #stored(record: MetadataRecord): Promise<LogFinding[]> {
    const { logId, checksum, bytes, object } = record;
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
    if (!this.#ledger.versionsOf(logId).has(actual)) {
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
    const owed = new Map<string, AcceptedJob>();
    for (const job of this.#ledger.jobs) {
      if (completed.has(job.jobId)) for (const logId of this.#ledger.listedFor(job)) owed.set(logId, job);
    }
    const findings = await pMap([...owed], async ([logId, job]) => await this.#readBack(logId, job), {
      concurrency: AUDITED_AT_ONCE,
    });
    return findings.flat();
  }

  /** Judges whether what a completed job listed can be read, byte for byte a version that was served. */
  async #readBack(logId: string, { jobId }: AcceptedJob): Promise<LogFinding[]> {
    const listed = `it was listed to job ${jobId}, which completed,`;
    const answer = await this.#stores.logs.raw(logId);
    if (answer.status !== 200) {
      const damage = answer.status === 410 ? 'orphaned' : 'lost';
      const words = `${listed} but reading it answers ${answer.status}`;
      return [finding(damage, logId, words, PROMISES.completedMeansReadable)];
    }
    const checksum = checksumOf(answer.body);
    return this.#ledger.versionsOf(logId).has(checksum)
      ? []
      : [
          finding(
            'altered',
            logId,
            `${listed} but what is read (${checksum}) is no version the provider served`,
            PROMISES.servedBytes,
          ),
        ];
  }

  /** Under the contract's paths nothing may lie but the logs offered and the manifests of accepted jobs. */
  async #strayObjects(known: ReadonlyMap<string, KnownLog>): Promise<LogFinding[]> {
    const legal = new Set([...known.values()].flatMap((log) => [...log.keys]));
    for (const { jobId, request } of this.#ledger.jobs) legal.add(manifestKeyOf(jobId, request.range.start));
    const untold = new Set(
      this.#ledger.indeterminate.map(({ range }) => manifestKeyOf(UNTOLD_JOB, range.start)),
    );
    const isLegal = (key: string): boolean =>
      legal.has(key) || untold.has(key.replace(/[^/]+(?=\/logs\.json$)/, UNTOLD_JOB));
    const keys = await this.#stores.objects.keys();
    return keys
      .filter((key) => /^\d{4}\/\d{2}\/\d{2}\//.test(key) && !isLegal(key))
      .map((key) =>
        finding(
          'invented',
          key,
          this.#strayBecause(key, known),
          MANIFEST_KEY.test(key) ? PROMISES.oneManifest : PROMISES.filedAndDescribed,
        ),
      );
  }

  /** A right object in a wrong place is told apart from one that belongs to nobody. */
  #strayBecause(key: string, known: ReadonlyMap<string, KnownLog>): string {
    const job = this.#ledger.jobs.find(({ jobId }) => key.endsWith(`/${jobId}/logs.json`));
    if (job !== undefined) {
      const right = manifestKeyOf(job.jobId, job.request.range.start);
      return `the manifest of job ${job.jobId} has to lie under the day of its range's start: ${right}`;
    }
    const [, logId = ''] = /\/([^/]+)\.json$/.exec(key) ?? [];
    const log = known.get(logId);
    return log === undefined
      ? 'this object belongs to no log offered and to no job accepted'
      : `the object of log ${logId} has to lie under its day in UTC: ${[...log.keys].join(' or ')}`;
  }
}

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
