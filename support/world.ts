import { type IWorldOptions, World } from '@cucumber/cucumber';
import { bodyOf, errorBody } from '../services/answer';
import { IngestionService } from '../services/ingestion-service';
import { type Job, JobService } from '../services/job-service';
import { LogService } from '../services/log-service';
import { ProviderService } from '../services/provider-service';
import { type VaultAnswer, VaultClient } from '../services/vault-client';
import { throughout } from './assertions/eventually';
import { redactor } from './bytes/redaction';
import { currentEnvironment } from './environments/current-environment';
import type { Environment } from './environments/environment';
import type { VaultUnderTest } from './environments/vault-under-test';
import { Audit } from './ledger/audit';
import { Ledger } from './ledger/ledger';
import type { MetadataProbe } from './metadata-store/metadata-probe';
import type { BucketScript } from './object-store/bucket-script';
import type { ObjectContents } from './object-store/object-contents';
import type { ProviderScript } from './provider/provider-script';
import { ClientRequests } from './scenario/client-requests';
import { ConnectionTest } from './scenario/connection-test';
import { IngestionRush } from './scenario/ingestion-rush';
import { expectCompleted } from './scenario/job-end';
import { JobMoments } from './scenario/job-moments';
import { JobQueue } from './scenario/job-queue';
import { JobWatcher } from './scenario/job-watcher';
import { LogInspector } from './scenario/log-inspector';
import { ManifestInspector } from './scenario/manifest-inspector';
import { MetadataOutage } from './scenario/metadata-outage';
import { RawReaders } from './scenario/raw-readers';
import { Recovery } from './scenario/recovery';
import type { Replay } from './scenario/replay';
import { ScenarioEnd } from './scenario/scenario-end';
import { ScenarioScope } from './scenario/scenario-scope';
import { SearchAuditor } from './scenario/search-auditor';

/**
 * What the steps of one scenario share. Everything is handed in by the environment that the run chose; a World never asks
 * which one it was.
 */
export class VaultWorld extends World {
  readonly environment: Environment;
  readonly provider: ProviderScript;
  readonly bucket: BucketScript;
  readonly objects: ObjectContents;
  readonly metadata: MetadataProbe;
  readonly vault: VaultUnderTest;
  /** Texts that must never be seen: those of the run, and those a scenario makes. */
  readonly secrets: string[];
  /** Takes the secrets out of a text. */
  readonly redact: (text: string) => string;
  readonly client: VaultClient;
  readonly ingestion: IngestionService;
  readonly jobs: JobService;
  readonly logs: LogService;
  readonly providers: ProviderService;
  readonly ledger: Ledger;
  readonly scope: ScenarioScope;
  readonly watcher: JobWatcher;
  readonly inspect: LogInspector;
  readonly connection: ConnectionTest;
  readonly requests: ClientRequests;
  readonly manifests: ManifestInspector;
  readonly search: SearchAuditor;
  readonly rush: IngestionRush;
  readonly queue: JobQueue;
  readonly readers: RawReaders;
  readonly moments: JobMoments;
  readonly outage: MetadataOutage;
  readonly recovery: Recovery;
  readonly end: ScenarioEnd;
  /** The ingestion of every vault on these stores: one, and those that a step started beside it. */
  readonly vaults: IngestionService[];
  /** The replay of a corpus, once a step has begun one. */
  replay: Replay | undefined;
  /** The job that a step started last. */
  jobId: string | undefined;
  /** Jobs as last seen by a step, oldest first. */
  readonly seenJobs: Job[] = [];
  /** The answer a step is about. */
  answer: VaultAnswer | undefined;

  constructor(options: IWorldOptions) {
    super(options);
    const environment = currentEnvironment();
    this.environment = environment;
    this.provider = environment.provider;
    this.bucket = environment.bucket;
    this.objects = environment.objects;
    this.metadata = environment.metadata;
    this.vault = environment.vault;
    this.secrets = [...environment.secrets];
    this.redact = redactor(this.secrets);
    this.client = new VaultClient(
      () => environment.vault.baseUrl,
      this.redact,
      environment.patience,
      environment.agent,
    );
    this.ledger = new Ledger(environment.provider);
    this.ingestion = new IngestionService(this.client, this.ledger);
    this.vaults = [this.ingestion];
    this.jobs = new JobService(this.client);
    this.logs = new LogService(this.client);
    this.providers = new ProviderService(this.client);
    this.scope = new ScenarioScope(environment.provider, environment.runId, environment.nextScenarioNumber());
    this.watcher = new JobWatcher(this.jobs, environment.patience, () => environment.vault.crash());
    this.inspect = new LogInspector(this.logs, environment, this.ledger);
    this.connection = new ConnectionTest(this);
    this.requests = new ClientRequests(this);
    this.manifests = new ManifestInspector(environment, this.ledger);
    this.search = new SearchAuditor(this.logs, this.scope);
    this.rush = new IngestionRush(this);
    this.queue = new JobQueue(this);
    this.readers = new RawReaders(this.logs);
    this.moments = new JobMoments(this);
    this.outage = new MetadataOutage(this);
    this.recovery = new Recovery(this);
    this.end = new ScenarioEnd({
      environment,
      ingestion: this.ingestion,
      watcher: this.watcher,
      ledger: this.ledger,
      client: this.client,
      secrets: this.secrets,
      audit: new Audit(this.ledger, { ...environment, logs: this.logs }),
    });
  }

  /** The job the scenario is about: the last one that a step saw. */
  get job(): Job {
    const job = this.seenJobs.at(-1);
    if (job === undefined)
      throw new Error('the scenario has no job yet; let the vault ingest in a When first');
    return job;
  }

  /** The scenario's job has to have completed; else the failure says all that is known of why it did not. */
  expectJobCompleted(): void {
    expectCompleted([this.job], this.provider);
  }

  /** The answer the scenario is about. */
  get lastAnswer(): VaultAnswer {
    if (this.answer === undefined)
      throw new Error('the scenario has no answer yet; let the auditor ask in a When first');
    return this.answer;
  }

  /** Asks the vault to ingest the scenario's day; the request has to be accepted. */
  async startIngestion(): Promise<void> {
    const [log] = this.scope.logs;
    if (log === undefined)
      throw new Error('nothing is offered yet; let a provider offer logs in a Given first');
    const { jobId } = await this.ingestion.ingest({ provider_id: log.providerId, range: this.scope.range });
    this.jobId = jobId;
  }

  /** Waits until the job started last has ended, however it ends. */
  async waitForJob(): Promise<void> {
    if (this.jobId === undefined) throw new Error('no ingestion was started yet');
    this.seenJobs.push(await this.watcher.untilEnded(this.jobId));
  }

  async ingestAndWait(): Promise<void> {
    await this.startIngestion();
    await this.waitForJob();
  }

  /** Watches, for as long as a "never" takes, that something does not come to be. */
  async never(happened: () => boolean, what: string): Promise<void> {
    await throughout(
      async () => happened(),
      (did) => !did,
      { windowMs: this.environment.patience.neverMs, what: `never ${what}` },
    );
  }

  /** The error body of the answer the scenario is about. @throws AnswerError when it has not the contract's shape */
  errorBody(): Readonly<Record<string, unknown>> {
    return bodyOf(
      { client: this.client, method: 'GET', path: 'the answer', answer: this.lastAnswer },
      errorBody,
    );
  }

  /** The answer the scenario is about, with the question that it answers. */
  quoteAnswer(): string {
    const asked = this.client.exchanges.find(({ answer }) => answer === this.lastAnswer);
    return this.client.quote(asked?.method ?? 'the', asked?.path ?? 'vault', this.lastAnswer);
  }
}
