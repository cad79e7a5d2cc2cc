import { MongoClient } from 'mongodb';
import { SuiteError } from '../errors';
import { MetadataProbe } from '../metadata-store/metadata-probe';
import { hostOf, uriThroughGate } from '../metadata-store/mongo-uri';
import { ScriptedMetadataGate } from '../metadata-store/scripted-gate';
import { TcpGate } from '../metadata-store/tcp-gate';
import { BucketScript } from '../object-store/bucket-script';
import { startFauxqs } from '../object-store/fauxqs-server';
import { S3Contents } from '../object-store/s3-contents';
import { S3Gate } from '../object-store/s3-gate';
import { HttpProvider } from '../provider/http-provider';
import { ProviderScript } from '../provider/provider-script';
import { terminalProgress } from '../reporting/terminal-progress';
import { RUN_CONTEXT_VARIABLE, type RunContext } from '../run/run-context';
import { workerNumber } from '../run/worker-number';
import { CommandVault } from './command-vault';
import { type Configuration, readConfiguration } from './configuration';
import type { Environment, Patience, VaultSettings, VaultUnderTest } from './environment';
import { RemoteVault } from './remote-vault';
import { ScenarioNumbers } from './scenario-numbers';
import { VaultGroups } from './vault-groups';
import { VaultHealth } from './vault-health';

/** Waits small enough for a fast run and large enough to tell a wait from none on a loaded machine (design, traps). */
const FAST: Omit<VaultSettings, 'providers'> = {
  retryBaseMs: 80,
  retryMaxAttempts: 4,
  leaseMs: 2000,
  queueLimit: 1000,
  concurrency: 4,
  callTimeoutMs: 1500,
};

/** A vault on the wire, whatever it is written in, between an HTTP provider, the S3 gate and the gate of MongoDB. */
export async function composeWire(context: RunContext): Promise<Environment> {
  const configuration = readConfiguration(process.env, 'wire');
  const ends = await openEnds(context, configuration);
  const vault = vaultOf(context, configuration, ends);
  try {
    await vault.start();
  } catch (error) {
    await vault.kill();
    await ends.close();
    if (error instanceof SuiteError) throw error;
    throw new SuiteError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  const numbers = new ScenarioNumbers();
  const { provider, bucket, objects, metadata, metadataGate, httpProvider, s3Gate } = ends;
  return {
    vault,
    provider,
    bucket,
    objects,
    metadata,
    metadataGate,
    health: new VaultHealth(vault, 'command' in configuration.target),
    runId: context.runId,
    bucketName: objects.bucketName,
    patience: patienceWith(vault.settings),
    secrets: [configuration.credentials.providerApiKey, configuration.credentials.awsSecretAccessKey],
    nextScenarioNumber: () => numbers.next(),
    corpusFolder: context.corpusFolder,
    progress: terminalProgress,
    lacks: (capability) => {
      if (capability === 'embedded') return 'it looks inside the reference vault, and this one is on the wire';
      if (capability === 'restart' && !('command' in configuration.target)) {
        return 'someone else runs the vault at VAULT_BASE_URL; set VAULT_COMMAND and the suite can restart it';
      }
      if (capability === 'mongod' && context.mongo.kind !== 'mongod') {
        return `it needs a real MongoDB, and this run has ${context.mongo.description}`;
      }
      return undefined;
    },
    callsUnderWay: () => httpProvider.inFlight + s3Gate.inFlight,
    complaints: () => [...httpProvider.complaints(), ...s3Gate.complaints()],
    reset: async () => {
      provider.reset();
      bucket.reset();
      metadataGate.reset();
      httpProvider.reset();
      s3Gate.reset();
      vault.forgetOutput();
      await Promise.all([objects.empty(), metadata.empty()]);
    },
    close: async () => {
      await vault.stop();
      await ends.close();
    },
  };
}

type Ends = Awaited<ReturnType<typeof openEnds>>;

/** The three ends a vault on the wire needs, each with the script that commands it. */
async function openEnds(context: RunContext, configuration: Configuration) {
  const { credentials, target, bindHost } = configuration;
  // A vault that someone else runs was told fixed ports; one that the suite starts is told whichever are free.
  const fixed = 'command' in target ? undefined : configuration;
  const on = (port: number | undefined) => ({ bindHost, ...(port === undefined ? {} : { port }) });
  const closers: (() => Promise<void> | void)[] = [];
  try {
    const provider = new ProviderScript(credentials.providerApiKey);
    const httpProvider = await HttpProvider.open(provider, on(fixed?.providerPort));
    closers.push(() => httpProvider.close());

    const fauxqs = configuration.s3Upstream === undefined ? await startFauxqs() : undefined;
    if (fauxqs !== undefined) closers.push(() => fauxqs.stop());
    const upstream = fauxqs?.endpoint ?? configuration.s3Upstream ?? '';
    const objects = new S3Contents({
      endpoint: upstream,
      region: credentials.awsRegion,
      accessKeyId: credentials.awsAccessKeyId,
      secretAccessKey: credentials.awsSecretAccessKey,
      bucketName: perWorker(credentials.bucket, '-'),
      description: fauxqs?.description ?? `S3_UPSTREAM ${upstream}`,
    });
    closers.push(() => objects.close());
    await objects.ensureOwn(`run ${context.runId}`);
    const bucket = new BucketScript();
    const s3Gate = await S3Gate.open(
      bucket,
      { endpoint: upstream, bucketName: objects.bucketName, contents: objects },
      on(fixed?.s3Port),
    );
    closers.push(() => s3Gate.close());

    const mongo = new MongoClient(context.mongo.uri);
    closers.push(() => mongo.close());
    const database = perWorker(configuration.mongodbDatabase, '_');
    const metadata = new MetadataProbe(mongo.db(database));
    await metadata.ensureOwn(`run ${context.runId}`);
    const gate = await TcpGate.open(hostOf(context.mongo.uri), on(fixed === undefined ? undefined : MONGODB_PORT));
    const metadataGate = new ScriptedMetadataGate(gate);
    closers.push(() => metadataGate.close());
    await Promise.all([objects.empty(), metadata.empty()]);

    return {
      provider,
      httpProvider,
      objects,
      bucket,
      s3Gate,
      metadata,
      metadataGate,
      database,
      close: async () => {
        for (const close of closers.reverse()) await close();
      },
    };
  } catch (error) {
    for (const close of closers.reverse()) await close();
    throw error;
  }
}

const MONGODB_PORT = 27_017;

function perWorker(name: string, separator: string): string {
  return workerNumber() === 0 ? name : `${name}${separator}${workerNumber()}`;
}

function vaultOf(context: RunContext, configuration: Configuration, ends: Ends): VaultUnderTest {
  const { target, vault } = configuration;
  if ('baseUrl' in target) return new RemoteVault(target.baseUrl, vault);
  return new CommandVault({
    command: target.command,
    settings: { ...FAST, providers: vault.providers },
    groups: new VaultGroups(context.temporaryFolder),
    environmentFor: (settings, port) => ({
      ...suiteEnvironment(),
      ...vaultEnvironment(configuration, {
        settings,
        port,
        providerBaseUrl: ends.httpProvider.baseUrl,
        s3Endpoint: ends.s3Gate.endpoint,
        bucketName: ends.objects.bucketName,
        mongodbUri: uriThroughGate(context.mongo.uri, ends.metadataGate.port),
        database: ends.database,
      }),
    }),
  });
}

/** The suite's own environment, without what only the suite should know. */
function suiteEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || name === RUN_CONTEXT_VARIABLE || name.startsWith('CUCUMBER_') ? [] : [[name, value]],
    ),
  );
}

/** Where a vault finds everything, as contract section 6 names it. */
export function vaultEnvironment(
  { credentials }: Configuration,
  to: {
    readonly settings: VaultSettings;
    readonly port: number;
    readonly providerBaseUrl: string;
    readonly s3Endpoint: string;
    readonly bucketName: string;
    readonly mongodbUri: string;
    readonly database: string;
  },
): Record<string, string> {
  const { settings } = to;
  return {
    PORT: String(to.port),
    PROVIDER_BASE_URL: to.providerBaseUrl,
    PROVIDER_API_KEY: credentials.providerApiKey,
    VAULT_PROVIDERS: settings.providers.join(','),
    S3_ENDPOINT: to.s3Endpoint,
    S3_BUCKET: to.bucketName,
    AWS_REGION: credentials.awsRegion,
    AWS_ACCESS_KEY_ID: credentials.awsAccessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.awsSecretAccessKey,
    MONGODB_URI: to.mongodbUri,
    MONGODB_DB: to.database,
    VAULT_RETRY_BASE_MS: String(settings.retryBaseMs),
    VAULT_RETRY_MAX_ATTEMPTS: String(settings.retryMaxAttempts),
    VAULT_LEASE_MS: String(settings.leaseMs),
    VAULT_QUEUE_LIMIT: String(settings.queueLimit),
    VAULT_CONCURRENCY: String(settings.concurrency),
    VAULT_CALL_TIMEOUT_MS: String(settings.callTimeoutMs),
  };
}

/** A vault may retry a provider as often as an upload, each time as slowly as its settings allow. */
function patienceWith({ retryBaseMs, retryMaxAttempts, callTimeoutMs, leaseMs }: VaultSettings): Patience {
  const backoffMs = retryBaseMs * 2 ** retryMaxAttempts;
  return { jobMs: 20_000 + 2 * (backoffMs + retryMaxAttempts * callTimeoutMs) + 2 * leaseMs, neverMs: 1_100 };
}
