import { expect } from 'chai';
import { z } from 'zod';
import type { IngestRequest } from '../../services/ingestion-service';
import type { Job } from '../../services/job-service';
import { checksumOf } from '../bytes/checksum';
import { millisecondOf } from '../bytes/instant';
import { safeText } from '../bytes/safe-text';
import type { Environment } from '../environments/environment';
import type { Ledger } from '../ledger/ledger';
import type { ManifestJob } from '../profile/log-shape';
import type { MetadataRecord } from '../profile/metadata-shape';

const manifestDocument = z.looseObject({
  job_id: z.string(),
  provider_id: z.string(),
  range: z.looseObject({ start: z.string(), end: z.string() }),
  logs: z.array(
    z.looseObject({ id: z.string(), key: z.string(), checksum: z.string(), bytes: z.number().int() }),
  ),
});

type Manifest = z.infer<typeof manifestDocument>;

const QUOTED_CHARACTERS = 300;

/** A manifest's entry as it has to be. */
interface StoredEntry {
  readonly id: string;
  readonly key: string;
  readonly checksum: string;
  readonly bytes: number | undefined;
}

/** Holds what a job says of itself against metadata and storage (contract, sections 1 and 3). */
export class Manifests {
  readonly #environment: Environment;
  readonly #ledger: Ledger;

  /** @param ledger knows what each job was asked for */
  constructor(environment: Environment, ledger: Ledger) {
    this.#environment = environment;
    this.#ledger = ledger;
  }

  /** The job's counts are those of the metadata that names it as its writer. */
  async expectExactCounts({ jobId, recordsSynced, bytesWritten }: Job): Promise<void> {
    const written = await this.#writtenBy(jobId);
    expect(
      { recordsSynced, bytesWritten },
      `metrics of job ${jobId}, beside the metadata it wrote`,
    ).to.deep.equal({
      recordsSynced: written.length,
      bytesWritten: written.reduce((sum, { bytes }) => sum + bytes, 0),
    });
  }

  /**
   * Asserts that the manifest which the job names is an object in the vault's bucket. @throws NotOfThisShape
   */
  async expectStoredArtifact({ jobId, s3Path }: Job): Promise<void> {
    this.keyOf({ jobId });
    const { bucketName, objects } = this.#environment;
    const prefix = `s3://${bucketName}/`;
    expect(s3Path, `artifacts.s3_path of job ${jobId}`)
      .to.be.a('string')
      .and.satisfy((path: string) => path.startsWith(prefix));
    expect(
      await objects.get(s3Path?.slice(prefix.length) ?? ''),
      `the object ${s3Path}, which job ${jobId} names`,
    ).not.to.equal(undefined);
  }

  /** Where a job's manifest has to lie. */
  keyOf(job: Pick<Job, 'jobId'>): string {
    return this.#environment.profile.manifests.of(this.#factsOf(job));
  }

  #factsOf({ jobId }: Pick<Job, 'jobId'>): ManifestJob {
    const { provider_id: providerId, range } = this.#askedOf({ jobId });
    return { jobId, providerId, rangeStart: range.start };
  }

  #askedOf(job: Pick<Job, 'jobId'>): IngestRequest {
    const asked = this.#ledger.jobs.find(({ jobId }) => jobId === job.jobId)?.request;
    if (asked === undefined) throw new Error(`nobody asked for job ${job.jobId} in this scenario`);
    return asked;
  }

  /**
   * The manifest lies where the contract puts it and lists exactly the logs that this job stored, as metadata
   * and storage have them. Where the vault claims no manifests there is nothing to hold against them.
   * @param logs how many it is known to have stored
   */
  async expectTrueManifest(job: Job, logs: number): Promise<void> {
    const asked = this.#askedOf(job);
    const key = this.#environment.profile.manifests.ifClaimed(this.#factsOf(job));
    if (key === undefined) return;
    expect(job.s3Path, `artifacts.s3_path of job ${job.jobId}`).to.equal(
      `s3://${this.#environment.bucketName}/${key}`,
    );
    const manifest = await this.#read(key);
    expect(
      {
        job_id: manifest.job_id,
        provider_id: manifest.provider_id,
        'start of the range': millisecondOf(manifest.range.start),
        'end of the range': millisecondOf(manifest.range.end),
      },
      `whose manifest ${key} is`,
    ).to.deep.equal({
      job_id: job.jobId,
      provider_id: asked.provider_id,
      'start of the range': millisecondOf(asked.range.start),
      'end of the range': millisecondOf(asked.range.end),
    });
    const listed = manifest.logs.map((log) => ({
      id: log.id,
      key: log.key,
      checksum: this.#environment.profile.answers.readChecksum(log.checksum) ?? log.checksum,
      bytes: log.bytes,
    }));
    const written = await this.#writtenBy(job.jobId);
    const stored = await Promise.all(written.map(async (record) => await this.#asStored(record)));
    // Sorted: to look for each among all takes seconds where there are thousands.
    expect(
      byId(listed),
      `logs in the manifest ${key}, in any order, beside those of which metadata says that the job wrote them`,
    ).to.deep.equal(byId(stored));
    expect(listed.length, `logs in the manifest ${key}`).to.equal(logs);
  }

  async #read(key: string): Promise<Manifest> {
    const bytes = await this.#environment.objects.get(key);
    if (bytes === undefined)
      expect.fail(`the job names the manifest ${key}, but the bucket holds no such object`);
    const quoted = safeText(bytes.toString(), { limit: QUOTED_CHARACTERS });
    const { data, error } = manifestDocument.safeParse(jsonOf(bytes));
    if (data !== undefined) return data;
    const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'manifest'}: ${message}`);
    expect.fail(`the manifest ${key} has not the contract's shape (${problems.join('; ')}): ${quoted}`);
  }

  async #writtenBy(jobId: string): Promise<readonly MetadataRecord[]> {
    const records = await this.#environment.metadata.allRecords();
    return records.filter((record) => record.kind === 'record').filter((record) => record.jobId === jobId);
  }

  /**
   * A manifest's entry as it has to be: the identity from metadata, checksum and size from the stored bytes.
   */
  async #asStored({ logId, object: { key } }: MetadataRecord): Promise<StoredEntry> {
    const bytes = await this.#environment.objects.get(key);
    return {
      id: logId,
      key,
      checksum: bytes === undefined ? 'no such object' : checksumOf(bytes),
      bytes: bytes?.byteLength,
    };
  }
}

function byId<T extends { readonly id: string }>(entries: readonly T[]): readonly T[] {
  return [...entries].sort((one, other) => (one.id < other.id ? -1 : Number(one.id > other.id)));
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
