import { expect } from 'chai';
import pMap from 'p-map';
import type { Job } from '../../services/job-service';
import type { FoundLog, LogService } from '../../services/log-service';
import type { VaultAnswer } from '../../services/vault-client';
import { throughout } from '../assertions/eventually';
import { explainDifference } from '../bytes/byte-difference';
import { checksumOf } from '../bytes/checksum';
import { count } from '../bytes/safe-text';
import type { Environment } from '../environments/environment';
import type { Ledger } from '../ledger/ledger';
import type { LogFinder } from '../ledger/log-finder';
import type { MetadataRecord, StoredRecord } from '../profile/metadata-shape';
import type { LocatedLog, NamedLog, ScenarioScope } from './scenario-scope';

/** How many logs that are wrong in the same way are named. */
const NAMED = 10;

const READ_AT_ONCE = 8;
/** No id depends on a time. */
const ANY_TIME = '1970-01-01T00:00:00Z';
/** How often a log is asked for of which the vault cannot say anything for the moment. */
const UNKNOWN_ROUNDS = 3;

/** Looks at one log from every side: the raw answer, search, metadata and the stored object. */
export class StoredLogs {
  readonly #logs: LogService;
  readonly #environment: Environment;
  readonly #ledger: Ledger;
  readonly #finder: LogFinder;
  #remembered: readonly StoredRecord[] = [];

  constructor(logs: LogService, environment: Environment, ledger: Ledger, finder: LogFinder) {
    this.#logs = logs;
    this.#environment = environment;
    this.#ledger = ledger;
    this.#finder = finder;
  }

  /** The raw answer, which has to be a whole success as contract section 1 says. */
  async read({ logId, name }: LocatedLog): Promise<VaultAnswer> {
    const answer = await this.#logs.raw(logId);
    expect(
      answer.status,
      `the raw log "${name}" was answered with ${answer.status}: ${firstOf(answer)}`,
    ).to.equal(200);
    expect(answer.headers['content-type']?.split(';')[0], `the media type of the raw log "${name}"`).to.equal(
      'application/json',
    );
    return answer;
  }

  /** Reads each log and compares it with what the provider served. */
  async expectUnchanged(logs: readonly NamedLog[]): Promise<void> {
    await pMap(
      await this.#finder.locateAll(logs),
      async (log) =>
        expect((await this.read(log)).body, `the raw log "${log.name}"`).to.be.byteIdenticalTo(log.payload),
      { concurrency: READ_AT_ONCE },
    );
  }

  /**
   * Reads each log and compares its structure, numbers as written: the explanation beside the verdict on
   * bytes.
   */
  async expectSameStructure(logs: readonly NamedLog[]): Promise<void> {
    await pMap(
      await this.#finder.locateAll(logs),
      async (log) => {
        const { body } = await this.read(log);
        const { differences = [] } = explainDifference(log.payload, body) ?? {};
        expect(differences, `structural difference of "${log.name}"`).to.deep.equal([]);
      },
      { concurrency: READ_AT_ONCE },
    );
  }

  /** Everyone who names a checksum for the log names the one of the bytes that are stored. */
  async expectOneChecksum(logs: readonly NamedLog[]): Promise<void> {
    const found = new Map((await this.#logs.all()).map((log) => [log.id, log]));
    const located = await this.#finder.locateAll(logs);
    await pMap(located, async (log) => this.#expectOneChecksum(log, found.get(log.logId)), {
      concurrency: READ_AT_ONCE,
    });
  }

  async #expectOneChecksum(log: LocatedLog, found: FoundLog | undefined): Promise<void> {
    const answer = await this.read(log);
    const record = await this.record(log);
    const object = await this.object(log);
    const truth = checksumOf(object);
    const said = {
      'the raw answer hashes to': checksumOf(answer.body),
      [`${this.#logs.checksumHeader} is`]: this.#logs.checksumIn(answer),
      'search says': found?.checksum ?? 'not found',
      'metadata says': record.checksum,
    };
    const wrong = Object.entries(said).filter(([, checksum]) => checksum !== truth);
    if (wrong.length > 0) {
      const words = wrong.map(([who, checksum]) => `${who} ${checksum}`).join('; ');
      expect.fail(`the object of "${log.name}" hashes to ${truth}, but ${words}`);
    }
    expect(record.bytes, `bytes of "${log.name}" as its metadata says`).to.equal(object.byteLength);
  }

  /**
   * The log need not be served, but what is served of it has the checksum that its metadata records (contract
   * section 3).
   */
  async expectServedAsDescribed(log: LocatedLog): Promise<void> {
    const { status, body } = await this.#logs.raw(log.logId);
    const { checksum } = await this.record(log);
    const described = status !== 200 || checksumOf(body) === checksum;
    expect(
      described,
      `the raw log "${log.name}" hashes to ${checksumOf(body)}, its metadata says ${checksum}`,
    ).to.equal(true);
  }

  /** The stored bytes, seen past the vault. */
  async object({ objectKey, name }: LocatedLog): Promise<Buffer> {
    const bytes = await this.#environment.objects.get(objectKey);
    if (bytes === undefined) expect.fail(`the bucket holds no object ${objectKey} for "${name}"`);
    return bytes;
  }

  /** The log's one metadata record, seen past the vault. */
  async record(log: NamedLog): Promise<MetadataRecord> {
    const records = await this.#environment.metadata.recordsOf(log);
    expect(records.length, `metadata records of "${log.name}"`).to.equal(1);
    const [record] = records;
    if (record === undefined || record.kind === 'malformed') {
      expect.fail(`the metadata of "${log.name}" has not the contract's shape: ${record?.problem}`);
    }
    return record;
  }

  /**
   * Each log has one object, under the key of the contract: its day in UTC, its provider, its id (section 3).
   */
  async expectFiled(logs: readonly NamedLog[]): Promise<void> {
    const keys = await this.#environment.objects.keys();
    const misfiled = (await this.#finder.locateAll(logs)).flatMap((log) => {
      const { name, objectKey } = log;
      const found = this.#objectsOf(log, keys);
      if (found.length === 1 && found[0] === objectKey) return [];
      return `the object of "${name}" has to lie at ${objectKey}, but ${found.length === 0 ? 'there is none' : `it lies at ${found.join(' and ')}`}`;
    });
    if (misfiled.length > 0) expect.fail(misfiled.join('\n'));
  }

  /** The keys of the log's objects that are in the bucket: one, where all is well. */
  async objectsOf(log: LocatedLog): Promise<readonly string[]> {
    return this.#objectsOf(log, await this.#environment.objects.keys());
  }

  #objectsOf({ logId, objectKey, sight }: LocatedLog, keys: readonly string[]): readonly string[] {
    const uploaded = this.#environment.bucket.keysOf(sight());
    return keys.filter((key) => key === objectKey || key.includes(logId) || uploaded.has(key));
  }

  async expectNoMetadata(log: NamedLog): Promise<void> {
    const records = await this.#environment.metadata.recordsOf(log);
    expect(records.length, `metadata records of "${log.name}", whose object was never stored`).to.equal(0);
  }

  /** Each log has one record and one object, and nothing else is called after it. */
  async expectEachStoredOnce(scope: ScenarioScope): Promise<void> {
    const { metadata, bucket, objects } = this.#environment;
    const records = await metadata.allRecords();
    const versions = scope.logs.flatMap(({ name }) => scope.versionsOf(name));
    const logs = await this.#finder.locateAll(scope.logs.map((log) => scope.versionsOf(log.name)[0] ?? log));
    const right = new Set(logs.map(({ objectKey }) => objectKey));
    const contents = new Set(versions.map(({ payload }) => checksumOf(payload)));
    const uploaded = new Set(
      bucket.attempts.flatMap(({ checksum, key }) =>
        checksum !== undefined && contents.has(checksum) ? [key] : [],
      ),
    );
    const keys = (await objects.keys()).filter(
      (key) => right.has(key) || uploaded.has(key) || /log_[0-9a-f]+/.test(key),
    );
    const sorted = (texts: Iterable<string>): string[] => [...texts].sort();
    expect(
      { records: sorted(records.map(({ logId }) => logId)), objects: sorted(keys) },
      `records and objects of ${scope.logs.length} logs`,
    ).to.deep.equal({
      records: sorted(logs.map(({ logId }) => logId)),
      objects: sorted(right),
    });
  }

  /** Remembers the metadata as it is now, to be compared with later. */
  async rememberMetadata(): Promise<void> {
    this.#remembered = await this.#environment.metadata.allRecords();
  }

  async expectMetadataAsRemembered(): Promise<void> {
    expect(
      await this.#environment.metadata.allRecords(),
      'metadata after the range was ingested again',
    ).to.deep.equal(this.#remembered);
  }

  /** How often search shows the log. */
  async timesFound(log: NamedLog): Promise<number> {
    return await this.#finder.timesIn(await this.#logs.all(), log);
  }

  /** Waits until an upload of the log has reached storage. */
  async untilUploadArrived({ sight, name }: LocatedLog): Promise<void> {
    const object = sight();
    await this.#environment.patience.eventually(
      async () => this.#environment.bucket.uploadsOf(object).length,
      (uploads) => uploads > 0,
      { what: `an upload of "${name}" to arrive` },
    );
  }

  /** Watches search for the "never" window. */
  async expectNeverFound(log: NamedLog): Promise<void> {
    await throughout(
      () => this.timesFound(log),
      (times) => times === 0,
      {
        windowMs: this.#environment.patience.neverMs,
        what: `search not to find "${log.name}" while its object is not stored`,
      },
    );
  }

  /**
   * Asserts, at once and once, that `completed` is kept: every log listed for the job's range is searchable
   * and readable (contract, section 1).
   */
  async expectCompletedMeansReadable({ jobId }: Job): Promise<void> {
    const job = this.#ledger.jobs.find((accepted) => accepted.jobId === jobId);
    const listed = await this.#finder.locateAll(
      (job === undefined ? [] : this.#ledger.listedFor(job)).map((log) => ({ ...log, timestamp: ANY_TIME })),
    );
    const found = new Set((await this.#logs.all()).map(({ id }) => id));
    const answers = await pMap(
      listed,
      async ({ logId }) => ({ logId, answer: await this.#rawOnceKnown(logId) }),
      {
        concurrency: READ_AT_ONCE,
      },
    );
    const missing = answers
      .filter(({ logId, answer }) => !found.has(logId) || answer.status !== 200)
      .map(
        ({ logId, answer }) =>
          `${logId} (${found.has(logId) ? 'found' : 'not found'} by search, read: ${answer.status})`,
      );
    if (missing.length === 0) return;
    expect.fail(
      `job ${jobId} said completed, but of the ${count(listed.length, 'log')} listed to it ${missing.length} cannot be had at that moment: ${named(missing)}`,
    );
  }

  /**
   * A 503 says nothing of the object: storage, which the suite plays, was silent for too long on a busy
   * machine.
   */
  async #rawOnceKnown(logId: string): Promise<VaultAnswer> {
    let answer = await this.#logs.raw(logId);
    for (let round = 1; answer.status === 503 && round < UNKNOWN_ROUNDS; round += 1) {
      answer = await this.#logs.raw(logId);
    }
    return answer;
  }
}

function firstOf({ body }: VaultAnswer): string {
  return body.subarray(0, 200).toString();
}

/** As many as a reader takes in. */
function named(things: readonly string[]): string {
  const more = things.length - NAMED;
  return [...things.slice(0, NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}
