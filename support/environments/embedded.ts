import { Agent } from 'node:http';
import { MongoClient } from 'mongodb';
import { createMongoClient, createS3Client } from '../../reference-vault/clients';
import { jsonLogger } from '../../reference-vault/logging';
import type { Infrastructure } from '../../reference-vault/parts';
import type { VaultSettings as ReferenceSettings } from '../../reference-vault/settings';
import { assembleVault, type Vault } from '../../reference-vault/vault';
import { SuiteError } from '../bytes/errors';
import { MetadataProbe } from '../metadata-store/metadata-probe';
import { uriThroughGate } from '../metadata-store/mongo-uri';
import { ScriptedMetadataGate } from '../metadata-store/scripted-gate';
import { BucketScript } from '../object-store/bucket-script';
import { MemoryBucket } from '../object-store/memory-bucket';
import { S3ClientMock } from '../object-store/s3-client-mock';
import type { RunContext } from '../process/run-context';
import { workerNumber } from '../process/worker-number';
import { CONTRACT_PROFILE, type VaultProfile } from '../profile/profile';
import { NockProvider } from '../provider/nock-provider';
import { ProviderDialect } from '../provider/provider-dialect';
import { ProviderScript } from '../provider/provider-script';
import type { Environment } from './environment';
import { OutputTail } from './output-tail';
import { atPace } from './pace';
import { LEAST_ANSWER_MS, Patience } from './patience';
import { ScenarioNumbers } from './scenario-numbers';
import { VaultHealth } from './vault-health';
import type { RunSettings, VaultUnderTest } from './vault-under-test';

const PROVIDER_BASE_URL = 'http://provider.audit-vault.test';
const API_KEY = 'embedded-provider-key';
const SECRET_KEY = 'embedded-secret-access-key';
const BUCKET = 'vault';
/** How long a job may take, and at the least, once the suite has waited in vain again and again. */
const JOB_MS = 30_000;
const LEAST_JOB_MS = 7_500;

/**
 * Small waits for a fast run. One scenario waits for a lease to run out, which is long enough that no busy
 * machine takes a job from a vault at work on it.
 */
const FAST: RunSettings = {
  providers: ['aws_cloudtrail', 'okta_system_log', 'github_audit'],
  retryBaseMs: 30,
  retryMaxAttempts: 4,
  leaseMs: 2500,
  queueLimit: 1000,
  concurrency: 4,
  callTimeoutMs: 1500,
};

/** What is judged in this process. */
export interface Subject {
  readonly profile: VaultProfile;
  assemble(infrastructure: Infrastructure): Pick<Vault, 'start' | 'stop'>;
}

const REFERENCE: Subject = { profile: CONTRACT_PROFILE, assemble: assembleVault };

/**
 * The reference vault in this process: no server, no network but 127.0.0.1, everything around it mocked.
 * @param slowness how many times as long as usual the times are that the vault is told
 * @param subject judged in its place
 */
export async function composeEmbedded(
  context: RunContext,
  slowness: number,
  { profile, assemble }: Subject = REFERENCE,
): Promise<Environment> {
  const usual = atPace(FAST, slowness);
  const database = `audit_vault_${context.runId}_${workerNumber()}`;
  const mongo = new MongoClient(context.mongo.uri);
  const gate = await ScriptedMetadataGate.open(context.mongo);
  const vaultMongo = createMongoClient({ mongodbUri: uriThroughGate(context.mongo.uri, gate.port) });
  const s3Client = createS3Client({
    s3Endpoint: 'http://s3.audit-vault.test',
    awsRegion: 'us-east-1',
    awsAccessKeyId: 'embedded-access-key',
    awsSecretAccessKey: SECRET_KEY,
    callTimeoutMs: usual.callTimeoutMs,
  });
  const provider = new ProviderScript(
    API_KEY,
    new ProviderDialect(profile.provider),
    profile.settings.retryMaxAttempts,
  );
  const bucket = new BucketScript(profile.settings.retryMaxAttempts);
  const objects = new MemoryBucket();
  const s3 = new S3ClientMock(s3Client, bucket, objects, BUCKET);
  const nockProvider = new NockProvider(provider, PROVIDER_BASE_URL);
  nockProvider.open();
  const metadata = new MetadataProbe(mongo.db(database), profile.metadata);
  await metadata.ensureOwn(`run ${context.runId}`);
  const output = new OutputTail();
  const logger = jsonLogger((line) => output.push(Buffer.from(line)));
  const vault = new EmbeddedVault(
    (settings) =>
      assemble({
        settings: referenceSettings(settings, database),
        s3Client,
        mongoClient: vaultMongo,
        logger,
      }),
    output,
    usual,
  );
  await vault.start();
  const numbers = new ScenarioNumbers();
  const patienceMs = context.patienceMs ?? JOB_MS * slowness;
  const patience = new Patience({
    answerMs: Math.max(patienceMs, LEAST_ANSWER_MS),
    jobMs: patienceMs,
    neverMs: 250,
    leastJobMs: LEAST_JOB_MS * slowness,
    workDone: () => bucket.objectsStored,
  });
  const health = new VaultHealth(vault, true, patience, profile.settings);
  // This vault closes no connection while it runs, so that none can be lost just as a question goes out.
  const agent = new Agent({ keepAlive: true });

  return {
    vault,
    profile,
    provider,
    bucket,
    objects,
    metadata,
    metadataGate: gate,
    health,
    runId: context.runId,
    seed: context.seed,
    bucketName: BUCKET,
    patience,
    agent,
    secrets: [API_KEY, SECRET_KEY],
    nextScenarioNumber: () => numbers.next(),
    corpusFolder: context.corpusFolder,
    // Not 'mongod': the reference vault leans on nothing that the offline stand-in gets wrong.
    lacks: (capability) =>
      capability === 'restart'
        ? 'the reference vault runs inside the suite; killing is for processes'
        : undefined,
    callsUnderWay: () => provider.inFlight + bucket.inFlight,
    findings: () => nockProvider.findings(),
    reset: async () => {
      provider.reset();
      bucket.reset();
      gate.reset();
      nockProvider.reset();
      s3.reset();
      vault.forgetOutput();
      await Promise.all([objects.empty(), metadata.empty()]);
    },
    close: async () => {
      agent.destroy();
      await health.stopPeers();
      await vault.stop();
      nockProvider.close();
      s3.close();
      s3Client.destroy();
      await vaultMongo.close();
      await metadata.drop();
      await mongo.close();
      await gate.close();
    },
  };
}

function referenceSettings(settings: RunSettings, database: string): ReferenceSettings {
  return {
    ...settings,
    host: '127.0.0.1',
    port: 0,
    providerBaseUrl: `${PROVIDER_BASE_URL}${settings.providerPath ?? ''}`,
    providerApiKey: API_KEY,
    s3Endpoint: 'http://s3.audit-vault.test',
    s3Bucket: BUCKET,
    awsRegion: 'us-east-1',
    awsAccessKeyId: 'embedded-access-key',
    awsSecretAccessKey: SECRET_KEY,
    mongodbUri: 'mongodb://through.the.gate',
    mongodbDatabase: database,
  };
}

const OWN_TIME_ZONE = process.env.TZ;

/** Has this process, and so the vault in it, live in a time zone; in its own again when there is none. */
function inTimeZone(zone: string | undefined = OWN_TIME_ZONE): void {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
}

/**
 * The reference vault as the suite handles it; `kill` is a stop, for nothing in one process can be killed.
 */
class EmbeddedVault implements VaultUnderTest {
  readonly description = 'reference vault, in-process';
  readonly #assemble: (settings: RunSettings) => Pick<Vault, 'start' | 'stop'>;
  readonly #output: OutputTail;
  readonly #usual: RunSettings;
  #settings: RunSettings;
  #vault: Pick<Vault, 'start' | 'stop'> | undefined;
  #baseUrl: string | undefined;

  /** @param output where the vault that is assembled writes its log */
  constructor(
    assemble: (settings: RunSettings) => Pick<Vault, 'start' | 'stop'>,
    output: OutputTail,
    usual: RunSettings,
  ) {
    this.#assemble = assemble;
    this.#output = output;
    this.#usual = usual;
    this.#settings = usual;
  }

  get settings(): RunSettings {
    return this.#settings;
  }

  get baseUrl(): string {
    if (this.#baseUrl === undefined) throw new SuiteError('the reference vault is not running');
    return this.#baseUrl;
  }

  get isRunning(): boolean {
    return this.#vault !== undefined;
  }

  async start(overrides: Partial<RunSettings> = {}): Promise<void> {
    this.#settings = { ...this.#usual, ...overrides };
    inTimeZone(this.#settings.timeZone);
    this.#vault = this.#assemble(this.#settings);
    this.#baseUrl = (await this.#vault.start()).baseUrl;
  }

  async startPeer(): Promise<EmbeddedVault> {
    const peer = new EmbeddedVault(this.#assemble, this.#output, this.#usual);
    await peer.start(this.#settings);
    return peer;
  }

  async stop(): Promise<void> {
    await this.#vault?.stop();
    inTimeZone(undefined);
    this.#vault = undefined;
  }

  async kill(): Promise<void> {
    await this.stop();
  }

  output(): string {
    return this.#output.text();
  }

  forgetOutput(): void {
    this.#output.clear();
  }

  crash(): undefined {
    return undefined;
  }
}
