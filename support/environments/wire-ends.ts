import { MongoClient } from 'mongodb';
import { MetadataProbe } from '../metadata-store/metadata-probe';
import type { MongoServer } from '../metadata-store/mongo';
import { hostOf, uriThroughGate } from '../metadata-store/mongo-uri';
import { ScriptedMetadataGate } from '../metadata-store/scripted-gate';
import { BucketScript } from '../object-store/bucket-script';
import { startFauxqs } from '../object-store/fauxqs-server';
import { S3Contents } from '../object-store/s3-contents';
import { S3Gate } from '../object-store/s3-gate';
import { workerNumber } from '../process/worker-number';
import { HttpProvider } from '../provider/http-provider';
import { ProviderDialect } from '../provider/provider-dialect';
import { ProviderScript } from '../provider/provider-script';
import type { Configuration } from './configuration';
import type { RunSettings } from './vault-under-test';

export interface WireEndsOptions {
  readonly configuration: Configuration;
  /** Who it is for, in the marks on the stores. */
  readonly run: string;
  /** MongoDB itself, past any gate. */
  readonly mongo: Pick<MongoServer, 'uri' | 'kind'>;
  /** An S3 to stand behind the gate; fauxqs is started where there is none. */
  readonly s3Upstream: string | undefined;
  /**
   * Whether the mocks listen where a vault that someone else runs was told (contract, section 7), or wherever
   * it is free.
   */
  readonly atFixedPorts: boolean;
}

/** Where the gate of MongoDB listens for a vault that someone else runs (contract, section 7). */
const MONGODB_PORT = 27_017;

export type WireEnds = Awaited<ReturnType<typeof openWireEnds>>;

/**
 * The three ends a vault on the wire needs, each with the script that commands it: the provider, the gate in
 * front of S3, and the gate in front of MongoDB. The stores behind the gates are marked as the suite's own
 * and emptied.
 * @throws SuiteError when a port is taken or a store is not the suite's to empty
 */
export async function openWireEnds({ configuration, run, mongo, s3Upstream, atFixedPorts }: WireEndsOptions) {
  const { credentials, bindHost, providerPort, s3Port } = configuration;
  const at = (port: number) => ({ bindHost, ...(atFixedPorts ? { port } : {}) });
  const closers: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closers.splice(0).reverse()) await end();
  };
  try {
    const provider = new ProviderScript(
      credentials.providerApiKey,
      new ProviderDialect(configuration.profile.provider),
      configuration.profile.settings.retryMaxAttempts,
    );
    const httpProvider = await HttpProvider.open(provider, at(providerPort));
    closers.push(() => httpProvider.close());

    const fauxqs = s3Upstream === undefined ? await startFauxqs() : undefined;
    if (fauxqs !== undefined) closers.push(() => fauxqs.stop());
    const upstream = fauxqs?.endpoint ?? s3Upstream ?? '';
    const objects = new S3Contents({
      endpoint: upstream,
      region: credentials.awsRegion,
      accessKeyId: credentials.awsAccessKeyId,
      secretAccessKey: credentials.awsSecretAccessKey,
      bucketName: perWorker(credentials.bucket, '-'),
      description: fauxqs?.description ?? `S3_UPSTREAM ${upstream}`,
    });
    closers.push(() => objects.close());
    await objects.ensureOwn(run);
    const bucket = new BucketScript(configuration.profile.settings.retryMaxAttempts);
    const s3Gate = await S3Gate.open(
      bucket,
      { endpoint: upstream, bucketName: objects.bucketName, contents: objects },
      at(s3Port),
    );
    closers.push(() => s3Gate.close());

    const mongoClient = new MongoClient(mongo.uri);
    closers.push(() => mongoClient.close());
    const database = perWorker(configuration.mongodbDatabase, '_');
    const metadata = new MetadataProbe(mongoClient.db(database), configuration.profile.metadata);
    // A vault that someone else runs has made its indexes already.
    await (atFixedPorts ? metadata.ensureOwn(run) : metadata.beginAfresh(run));
    const metadataGate = await ScriptedMetadataGate.open(mongo, at(gatePortFor(mongo.uri)));
    closers.push(() => metadataGate.close());
    await Promise.all([objects.empty(), metadata.empty()]);

    /** Where a vault finds everything, as contract section 6 names it. */
    const vaultEnvironment = (settings: RunSettings, port: number): Record<string, string> => ({
      PORT: String(port),
      ...(settings.timeZone === undefined ? {} : { TZ: settings.timeZone }),
      PROVIDER_BASE_URL: `${httpProvider.baseUrl}${settings.providerPath ?? ''}`,
      PROVIDER_API_KEY: credentials.providerApiKey,
      VAULT_PROVIDERS: settings.providers.join(','),
      S3_ENDPOINT: s3Gate.endpoint,
      S3_BUCKET: objects.bucketName,
      AWS_REGION: credentials.awsRegion,
      AWS_ACCESS_KEY_ID: credentials.awsAccessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.awsSecretAccessKey,
      MONGODB_URI: uriThroughGate(mongo.uri, metadataGate.port),
      MONGODB_DB: database,
      VAULT_RETRY_BASE_MS: String(settings.retryBaseMs),
      VAULT_RETRY_MAX_ATTEMPTS: String(settings.retryMaxAttempts),
      VAULT_LEASE_MS: String(settings.leaseMs),
      VAULT_QUEUE_LIMIT: String(settings.queueLimit),
      VAULT_CONCURRENCY: String(settings.concurrency),
      VAULT_CALL_TIMEOUT_MS: String(settings.callTimeoutMs),
    });

    return {
      provider,
      httpProvider,
      objects,
      bucket,
      s3Gate,
      metadata,
      metadataGate,
      vaultEnvironment,
      upstream,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function perWorker(name: string, separator: string): string {
  return workerNumber() === 0 ? name : `${name}${separator}${workerNumber()}`;
}

/** A MongoDB that already listens on the gate's port keeps it; the gate then takes the next one. */
function gatePortFor(mongoUri: string): number {
  const { host, port } = hostOf(mongoUri);
  const isHere = ['127.0.0.1', 'localhost', '::1', '0.0.0.0'].includes(host);
  return isHere && port === MONGODB_PORT ? MONGODB_PORT + 1 : MONGODB_PORT;
}
