import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { defaultParts, type Made, type PartFactories, type VaultParts } from '../../../reference-vault/parts';
import type { JobDocument } from '../../../reference-vault/persistence/documents';
import type { Naming } from '../../../reference-vault/persistence/naming';
import { Template, type TemplateValues } from '../../../support/profile/template';
import { altered } from '../altered';
import { ChecksumWriter } from './checksum-writer';
import { LogIdWriter } from './log-id-writer';
import type { Shape } from './shape';
import { shapedCollection } from './shaped-collection';
import { ShapedDocuments } from './shaped-documents';

/**
 * The parts of the reference vault, some of them replaced, in another shape: what they are called and where
 * they put things. How they work stays as it is, and so do their defects.
 */
export function shapedParts(shape: Shape, replacements: Partial<PartFactories>): Partial<PartFactories> {
  const { profile, document } = shape;
  const checksums = new ChecksumWriter(document.checksum?.form ?? 'prefixed');
  const ids = new LogIdWriter(shape.idKind);
  const jobs = new AsyncLocalStorage<JobDocument>();
  const documents = new ShapedDocuments({ paths: profile.metadata.paths, checksums, ids });
  const around = <Name extends keyof VaultParts>(
    name: Name,
    change: (real: VaultParts[Name], made: Made) => Partial<VaultParts[Name]>,
  ): Partial<PartFactories> => {
    const make = (replacements[name] ?? defaultParts[name]) as (made: Made) => VaultParts[Name];
    return {
      [name]: (made: Made) => {
        const real = make(made);
        return altered(real as object, change(real, made) as object);
      },
    };
  };
  return {
    ...replacements,
    ...around('headers', () => ({ checksum: profile.answers.checksumHeader })),
    ...around('naming', (real) => shapedNaming(real, shape, { ids, jobs })),
    ...around('pipeline', (real) => ({
      run: async (claim, signal) => await jobs.run(claim.job, async () => await real.run(claim, signal)),
    })),
    ...around('metadataStore', (real, { mongoClient, settings }) => {
      const collection = mongoClient.db(settings.mongodbDatabase).collection(profile.metadata.collection);
      const logs = shapedCollection(collection, documents);
      return { run: async (call) => await real.run(async ({ jobs }) => await call({ jobs, logs })) };
    }),
    ...around('search', (real) => ({
      page: async (request) => {
        const { data, meta } = await real.page(request);
        return { data: data.map((log) => ({ ...log, checksum: checksums.write(log.checksum) })), meta };
      },
    })),
    ...around('rawRetrieval', (real) => ({
      open: async (...args) => {
        const content = await real.open(...args);
        return { ...content, checksum: checksums.write(content.checksum) };
      },
    })),
    ...around('jobStatus', (real) => ({
      of: async (jobId) => {
        const { error, ...answer } = await real.of(jobId);
        const words: Readonly<Record<string, string | undefined>> = document.job_errors ?? {};
        return error === undefined
          ? answer
          : { ...answer, error: { ...error, code: (words[error.code] ?? error.code) as typeof error.code } };
      },
    })),
    errorRenderer: (made) => {
      const render = (replacements.errorRenderer ?? defaultParts.errorRenderer)(made);
      return (error) => {
        const { body, ...rendered } = render(error);
        const status = rendered.status === 410 ? profile.answers.missingObject : rendered.status;
        const { checksum } = body;
        return {
          ...rendered,
          status,
          body: checksum === undefined ? body : { ...body, checksum: checksums.write(checksum) },
        };
      };
    },
  };
}

/**
 * Keys and ids are those of the shape wherever the vault names them.
 * @param jobs the job for which it does: keys may have its members, which the contract's have not
 */
function shapedNaming(
  real: Naming,
  { document }: Shape,
  { ids, jobs }: { readonly ids: LogIdWriter; readonly jobs: AsyncLocalStorage<JobDocument> },
): Partial<Naming> {
  const { key = 'contract', manifest = 'contract' } = document.objects ?? {};
  const sources = new Map<string, string>();
  return {
    logId: (providerId, sourceId) => {
      const contractId = real.logId(providerId, sourceId);
      const logId = document.log_id === 'opaque' ? ids.write(contractId) : contractId;
      sources.set(logId, sourceId);
      return logId;
    },
    objectKey: (dayPath, providerId, logId) => {
      const usual = real.objectKey(dayPath, providerId, logId);
      if (key === 'contract') return usual;
      if (key === 'opaque')
        return `blobs/${createHash('sha256').update(usual).digest('hex').slice(0, 40)}.json`;
      const source_id = sources.get(logId);
      return filled(key, usual, {
        provider_id: providerId,
        log_id: logId,
        source_id,
        job_id: jobs.getStore()?._id,
      });
    },
    manifestKey: (dayPath, jobId) => {
      const usual = real.manifestKey(dayPath, jobId);
      return manifest === 'contract' || manifest === 'none'
        ? usual
        : filled(manifest, usual, { job_id: jobId, provider_id: jobs.getStore()?.provider_id });
    },
  };
}

/** The day is that of the usual key, right or wrong. */
function filled(template: string, usual: string, values: TemplateValues): string {
  const [yyyy, mm, dd] = usual.split('/');
  const key = new Template(template).fill({ ...values, yyyy, mm, dd });
  if (key === undefined) throw new Error(`${template} needs what is not known of ${usual}`);
  return key;
}
