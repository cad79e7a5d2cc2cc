import { Agent } from 'node:http';
import { SuiteError } from '../bytes/errors';
import { redactor } from '../bytes/redaction';
import type { BucketScript } from '../object-store/bucket-script';
import { RUN_CONTEXT_VARIABLE, type RunContext } from '../process/run-context';
import { RunGuard } from '../process/run-guard';
import { workerCount } from '../process/worker-number';
import { CommandVault, READY_WITHIN_MS } from './command-vault';
import { type Configuration, readConfiguration } from './configuration';
import type { Environment } from './environment';
import { atPace } from './pace';
import { LEAST_ANSWER_MS, Patience } from './patience';
import { RemoteVault } from './remote-vault';
import { ScenarioNumbers } from './scenario-numbers';
import { VaultGroups } from './vault-groups';
import { VaultHealth } from './vault-health';
import type { RunSettings, VaultUnderTest } from './vault-under-test';
import { openWireEnds, type WireEnds } from './wire-ends';

/** Waits small enough for a fast run and large enough to tell a wait from none on a loaded machine. */
const FAST: Omit<RunSettings, 'providers'> = {
  retryBaseMs: 80,
  retryMaxAttempts: 4,
  leaseMs: 2000,
  queueLimit: 1000,
  concurrency: 4,
  callTimeoutMs: 1500,
};

/**
 * A vault on the wire, whatever it is written in, between an HTTP provider, the S3 gate and the gate of
 * MongoDB.
 * @param slowness how many times as long as usual the times are that a vault is told
 */
export async function composeWire(context: RunContext, slowness: number): Promise<Environment> {
  const configuration = readConfiguration(process.env, 'wire');
  const ends = await openWireEnds({
    configuration,
    run: `run ${context.runId}`,
    mongo: context.mongo,
    s3Upstream: context.s3Upstream ?? configuration.s3Upstream,
    // A vault that someone else runs was told fixed ports; one that the suite starts is told whichever are
    // free.
    atFixedPorts: 'baseUrl' in configuration.target,
  });
  const secrets = secretsOf(context, configuration);
  const vault = vaultOf(context, configuration, ends, redactor(secrets), slowness);
  try {
    await vault.start();
  } catch (error) {
    await vault.kill();
    await ends.close();
    if (error instanceof SuiteError) throw error;
    throw new SuiteError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  const numbers = new ScenarioNumbers();
  const patience = patienceWith(vault.settings, ends.bucket, context.patienceMs);
  const { provider, bucket, objects, metadata, metadataGate, httpProvider, s3Gate } = ends;
  const health = new VaultHealth(
    vault,
    'command' in configuration.target,
    patience,
    configuration.profile.settings,
  );
  return {
    vault,
    profile: configuration.profile,
    provider,
    bucket,
    objects,
    metadata,
    metadataGate,
    health,
    runId: context.runId,
    seed: context.seed,
    bucketName: objects.bucketName,
    patience,
    // A kept connection may be closed by the vault just as a question goes out; that would look like a lost
    // answer.
    agent: new Agent({ keepAlive: false }),
    secrets,
    nextScenarioNumber: () => numbers.next(),
    corpusFolder: context.corpusFolder,
    lacks: (capability) => {
      if (capability === 'embedded')
        return 'it looks inside the reference vault, and this one is on the wire';
      if (!('command' in configuration.target) && (capability === 'restart' || capability === 'settings')) {
        return 'someone else runs the vault at VAULT_BASE_URL; set VAULT_COMMAND and the suite can restart it';
      }
      if (capability === 'mongod' && context.mongo.kind !== 'mongod') {
        return `it needs a real MongoDB, and this run has ${context.mongo.description}`;
      }
      return undefined;
    },
    callsUnderWay: () => httpProvider.inFlight + s3Gate.inFlight,
    findings: () => [...httpProvider.findings(), ...s3Gate.findings()],
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
      try {
        await health.stopPeers();
        await vault.stop();
      } finally {
        await ends.close();
      }
    },
  };
}

function secretsOf({ mongo }: RunContext, { credentials }: Configuration): readonly string[] {
  const password = URL.canParse(mongo.uri) ? decodeURIComponent(new URL(mongo.uri).password) : '';
  return [credentials.providerApiKey, credentials.awsSecretAccessKey, ...(password === '' ? [] : [password])];
}

function vaultOf(
  context: RunContext,
  configuration: Configuration,
  ends: WireEnds,
  redact: (text: string) => string,
  slowness: number,
): VaultUnderTest {
  const { target, vault, profile } = configuration;
  if ('baseUrl' in target) return new RemoteVault(target.baseUrl, { ...vault, ...profile.settings });
  const groups = new VaultGroups(context.temporaryFolder);
  // The run may end while a vault is being started, and then nothing else knows of it yet.
  RunGuard.start().onEveryEnd(() => groups.killOwn());
  return new CommandVault({
    command: target.command,
    settings: { ...atPace(FAST, slowness), ...profile.settings, providers: vault.providers },
    redact,
    // Several start at once where workers share the run, on the same processors.
    readyWithinMs: workerCount() > 1 ? 2 * READY_WITHIN_MS : READY_WITHIN_MS,
    groups,
    environmentFor: (settings, port) =>
      withoutUnsaid(settings, { ...suiteEnvironment(), ...ends.vaultEnvironment(settings, port) }),
  });
}

/** The numbers of contract section 6, which all have defaults. */
const NUMBERS: readonly string[] = [
  'VAULT_RETRY_BASE_MS',
  'VAULT_RETRY_MAX_ATTEMPTS',
  'VAULT_LEASE_MS',
  'VAULT_QUEUE_LIMIT',
  'VAULT_CONCURRENCY',
  'VAULT_CALL_TIMEOUT_MS',
];

function withoutUnsaid(
  { unsaid }: RunSettings,
  environment: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (unsaid !== true) return environment;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !NUMBERS.includes(name)));
}

/** The suite's own environment, without what only the suite should know. */
function suiteEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || name === RUN_CONTEXT_VARIABLE || name.startsWith('CUCUMBER_')
        ? []
        : [[name, value]],
    ),
  );
}

/** Waits that double are soon longer than a timer can be; no vault waits so long. */
const LONGEST_RETRIES_MS = 3_600_000;

/** A vault may retry a provider as often as an upload, each time as slowly as its settings allow. */
function patienceWith(
  { retryBaseMs, retryMaxAttempts, callTimeoutMs, leaseMs }: RunSettings,
  bucket: BucketScript,
  chosenMs: number | undefined,
): Patience {
  const retriesMs = Math.min(
    2 * (retryBaseMs * 2 ** retryMaxAttempts + retryMaxAttempts * callTimeoutMs),
    LONGEST_RETRIES_MS,
  );
  const answerMs = Math.max(chosenMs ?? LEAST_ANSWER_MS + retriesMs, LEAST_ANSWER_MS);
  return new Patience({
    answerMs,
    jobMs: (chosenMs ?? 20_000 + retriesMs) + 2 * leaseMs,
    neverMs: 1_100,
    leastJobMs: retriesMs / 2 + leaseMs,
    workDone: () => bucket.objectsStored,
  });
}
