import type { S3Client } from '@aws-sdk/client-s3';
import type { MongoClient } from 'mongodb';
import { type ApiServer, FastifyApiServer } from './ingestion-api/api-server';
import { type ErrorRenderer, renderError } from './ingestion-api/error-rendering';
import { registerIngestionRoutes } from './ingestion-api/ingestion-routes';
import { type JobStatus, RepositoryJobStatus } from './ingestion-api/job-status';
import { type RequestValidation, ZodRequestValidation } from './ingestion-api/request-validation';
import { BatchingPipeline, type IngestionPipeline } from './job-orchestration/ingestion-pipeline';
import { type LogArchiver, RetryingLogArchiver } from './job-orchestration/log-archiver';
import { ClaimingWorker, type Worker } from './job-orchestration/worker';
import type { Logger } from './logging';
import { type JobRepository, MongoJobRepository } from './persistence/job-repository';
import { type LogRepository, MongoLogRepository } from './persistence/log-repository';
import { type MetadataStore, MongoMetadataStore } from './persistence/metadata-store';
import { contractNaming, type Naming } from './persistence/naming';
import { type ObjectStore, S3ObjectStore } from './persistence/object-store';
import { FaultRetryPolicy, type RetryPolicy } from './persistence/retry-policy';
import { type Checksum, sha256Checksum } from './persistence/sha256-checksum';
import { type ConnectionTest, HealthConnectionTest } from './provider-integration/connection-test';
import { type EntityReader, readEntity } from './provider-integration/entity';
import { GotProviderCalls, type ProviderCalls } from './provider-integration/provider-calls';
import { HttpProviderClient, type ProviderClient } from './provider-integration/provider-client';
import { type HeaderNames, registerLogRoutes } from './retrieval/log-routes';
import { type RawRetrieval, StreamingRawRetrieval } from './retrieval/raw-retrieval';
import { MetadataSearch, type Search } from './retrieval/search';
import type { VaultSettings } from './settings';

/** Handed to a vault, which closes none of it. */
export interface Infrastructure {
  readonly settings: VaultSettings;
  readonly s3Client: S3Client;
  readonly mongoClient: MongoClient;
  readonly logger: Logger;
}

/** The parts of a vault. */
export interface VaultParts {
  readonly checksum: Checksum;
  readonly headers: HeaderNames;
  readonly naming: Naming;
  readonly retryPolicy: RetryPolicy;
  readonly providerCalls: ProviderCalls;
  readonly entityReader: EntityReader;
  readonly providerClient: ProviderClient;
  readonly connectionTest: ConnectionTest;
  readonly objectStore: ObjectStore;
  readonly metadataStore: MetadataStore;
  readonly logRepository: LogRepository;
  readonly jobRepository: JobRepository;
  readonly logArchiver: LogArchiver;
  readonly pipeline: IngestionPipeline;
  readonly worker: Worker;
  readonly requestValidation: RequestValidation;
  readonly jobStatus: JobStatus;
  readonly search: Search;
  readonly rawRetrieval: RawRetrieval;
  readonly errorRenderer: ErrorRenderer;
  readonly apiServer: ApiServer;
}

/** The infrastructure and the parts made so far. */
export type Made = Infrastructure & VaultParts;

/** The makers of the parts. */
export type PartFactories = { readonly [Name in keyof VaultParts]: (made: Made) => VaultParts[Name] };

/**
 * The parts of the real vault, in the order in which they are made: a factory finds everything above it in
 * `made`. A replacement may wrap what the default makes: `{ objectStore: (made) => new
 * Forgetful(defaultParts.objectStore(made)) }`.
 */
export const defaultParts: PartFactories = {
  checksum: () => sha256Checksum,
  headers: () => ({ checksum: 'x-vault-checksum' }),
  naming: () => contractNaming,
  retryPolicy: ({ settings }) =>
    new FaultRetryPolicy({ baseMs: settings.retryBaseMs, maxAttempts: settings.retryMaxAttempts }),
  providerCalls: ({ settings }) => new GotProviderCalls(settings.providerBaseUrl, settings.callTimeoutMs),
  entityReader: () => readEntity,
  providerClient: ({ providerCalls, entityReader, settings }) =>
    new HttpProviderClient(providerCalls, entityReader, settings.providerApiKey),
  connectionTest: ({ providerCalls }) => new HealthConnectionTest(providerCalls),
  objectStore: ({ s3Client, settings }) =>
    new S3ObjectStore(s3Client, settings.s3Bucket, settings.callTimeoutMs),
  metadataStore: ({ mongoClient, settings, retryPolicy }) =>
    new MongoMetadataStore(mongoClient, settings.mongodbDatabase, retryPolicy),
  logRepository: ({ metadataStore }) => new MongoLogRepository(metadataStore),
  jobRepository: ({ metadataStore, settings }) => new MongoJobRepository(metadataStore, settings),
  logArchiver: (made) => new RetryingLogArchiver({ ...made, bucket: made.settings.s3Bucket }),
  pipeline: (made) => new BatchingPipeline(made),
  worker: (made) => new ClaimingWorker({ ...made, ...made.settings, bucket: made.settings.s3Bucket }),
  requestValidation: ({ settings }) => new ZodRequestValidation(settings.providers),
  jobStatus: ({ jobRepository, logRepository }) => new RepositoryJobStatus(jobRepository, logRepository),
  search: ({ logRepository }) => new MetadataSearch(logRepository),
  rawRetrieval: ({ logRepository, objectStore, logger }) =>
    new StreamingRawRetrieval(logRepository, objectStore, logger),
  errorRenderer: () => renderError,
  apiServer: (made) =>
    new FastifyApiServer(made.errorRenderer, made.logger, (app) => {
      registerIngestionRoutes(app, { ...made, concurrency: made.settings.concurrency });
      registerLogRoutes(app, made);
    }),
};

/** Makes every part, those of `replacements` instead of the default ones. */
export function makeParts(infrastructure: Infrastructure, replacements: Partial<PartFactories>): VaultParts {
  const factories: PartFactories = { ...defaultParts, ...replacements };
  const made = { ...infrastructure } as Made;
  for (const name of Object.keys(defaultParts) as (keyof VaultParts)[]) {
    Object.assign(made, { [name]: factories[name](made) });
  }
  return made;
}
