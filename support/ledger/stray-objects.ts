import { checksumOf } from '../bytes/checksum';
import type { ObjectContents } from '../object-store/object-contents';
import type { ManifestJob } from '../profile/log-shape';
import type { MetadataRecord } from '../profile/metadata-shape';
import type { VaultProfile } from '../profile/profile';
import type { AcceptedJob, Ledger, LogFinding } from './ledger';
import type { LogFinder } from './log-finder';
import { PROMISES } from './promises';

interface Stores {
  readonly objects: Pick<ObjectContents, 'get' | 'keys'>;
  readonly profile: Pick<VaultProfile, 'ids' | 'keys' | 'manifests'>;
  readonly finder: Pick<LogFinder, 'isLogs'>;
}

/** Returns what metadata may say of a log that a provider offered, in any of its versions. */
export interface KnownLog {
  /** Keys that follow from it. */
  readonly keys: Set<string>;
  readonly timestamps: Set<string>;
}

/** Finds objects that nobody asked the vault to store. */
export class StrayObjects {
  readonly #ledger: Ledger;
  readonly #stores: Stores;

  constructor(ledger: Ledger, stores: Stores) {
    this.#ledger = ledger;
    this.#stores = stores;
  }

  /** Where logs and manifests lie, nothing else may: but those offered, and those of accepted jobs. */
  async findings(
    known: ReadonlyMap<string, KnownLog>,
    records: readonly MetadataRecord[],
  ): Promise<LogFinding[]> {
    const { ids, keys: objectKeys, manifests } = this.#stores.profile;
    const legal = new Set([...known.values()].flatMap((log) => [...log.keys]));
    for (const record of records) {
      const timestamps = [...(known.get(ids.markOf(record))?.timestamps ?? [])];
      for (const key of objectKeys.ofRecord(record, timestamps) ?? [record.object.key]) legal.add(key);
    }
    for (const { jobId, request } of this.#ledger.jobs) {
      legal.add(manifests.ofAny({ jobId, ...manifestFacts(request) }) ?? '');
    }
    const isUntold = (key: string): boolean =>
      this.#ledger.indeterminate.some((request) => manifests.isOfUntold(key, manifestFacts(request))) ||
      [...this.#ledger.wrong].some((jobId) => manifests.isOne(key) && key.includes(jobId));
    const stray = (await this.#stores.objects.keys()).filter(
      (key) => (objectKeys.isOwn(key) || manifests.isOne(key)) && !legal.has(key) && !isUntold(key),
    );
    const isLogs = await Promise.all(stray.map((key) => this.#isLeftByLog(key)));
    return stray
      .filter((_, index) => isLogs[index] !== true)
      .map((key) => ({
        damage: 'invented',
        subject: key,
        words: this.#because(key, known),
        requirement: manifests.isOne(key) ? PROMISES.oneManifest : PROMISES.filedAndDescribed,
      }));
  }

  /** The object of a log that has no metadata (yet) is legal, and may lie where manifests do. */
  async #isLeftByLog(key: string): Promise<boolean> {
    const { profile, objects, finder } = this.#stores;
    const bytes = profile.keys.areAnywhere ? await objects.get(key) : undefined;
    return bytes !== undefined && finder.isLogs(checksumOf(bytes));
  }

  /** A right object in a wrong place is told apart from one that belongs to nobody. */
  #because(key: string, known: ReadonlyMap<string, KnownLog>): string {
    const { manifests } = this.#stores.profile;
    const job = manifests.isOne(key)
      ? this.#ledger.jobs.find(({ jobId }) => key.split('/').includes(jobId))
      : undefined;
    if (job !== undefined) {
      const right = manifests.ofAny({ jobId: job.jobId, ...manifestFacts(job.request) });
      return `the manifest of job ${job.jobId} has to lie under the day of its range's start: ${right}`;
    }
    const [, logId = ''] = /\/([^/]+)\.json$/.exec(key) ?? [];
    const log = known.get(logId);
    return log === undefined
      ? 'this object belongs to no log offered and to no job accepted'
      : `the object of log ${logId} has to lie under its day in UTC: ${[...log.keys].join(' or ')}`;
  }
}

function manifestFacts(request: AcceptedJob['request']): Omit<ManifestJob, 'jobId'> {
  return { providerId: request.provider_id, rangeStart: request.range.start };
}
