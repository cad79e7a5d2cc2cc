import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Envelope } from '@cucumber/messages';
import { type Configuration, readConfiguration } from '../environments/configuration';
import { VaultGroups } from '../environments/vault-groups';
import { SuiteError } from '../errors';
import { startMongoServer } from '../metadata-store/mongo-server';
import { describeRun } from '../reporting/run-description';
import { borrowInfra, type InfraLease } from './infra-lease';
import { publishRunContext } from './run-context';
import { RunGuard } from './run-guard';
import { Verdict } from './verdict';

interface CoordinatorContext {
  readonly operation: 'loadSources' | 'loadSupport' | 'runCucumber';
  readonly options: { readonly mode?: 'embedded' | 'wire' };
  on(event: 'message', handler: (envelope: Envelope) => void): void;
}

/**
 * Runs once, in the coordinator, around the whole run: reads the configuration, starts the one MongoDB, hands the run's context to
 * the workers, judges the messages and sets the exit code (design, idea 7).
 */
export const plugin = {
  type: 'plugin' as const,
  coordinator: async ({
    operation,
    options,
    on,
  }: CoordinatorContext): Promise<(() => Promise<void>) | undefined> => {
    if (operation !== 'runCucumber') return undefined;
    const guard = RunGuard.start();
    try {
      const configuration = readConfiguration(process.env, options.mode ?? 'embedded');
      refuseParallelOnOneVault(configuration);
      for (const remark of configuration.remarks) process.stderr.write(`${remark}\n`);
      const temporaryFolder = await mkdtemp(path.join(tmpdir(), 'audit-vault-'));
      guard.ownFolder(temporaryFolder);
      // A worker that is killed cannot end its vault; the coordinator can.
      guard.onEnd(async () => new VaultGroups(temporaryFolder).killAll());
      const lease = await leaseFor(configuration);
      if (lease !== undefined) guard.onEnd(() => lease.giveBack());
      const mongo = await startMongoServer({
        ...mongoUriOf(configuration, lease),
        temporaryFolder,
        announce: (line) => process.stderr.write(`${line}\n`),
      });
      guard.onEnd(() => mongo.stop());
      publishRunContext({
        mode: configuration.mode,
        runId: randomBytes(3).toString('hex'),
        defect: configuration.defect,
        corpusFolder: configuration.corpusFolder,
        temporaryFolder,
        s3Upstream: lease?.stores.s3Upstream,
        mongo: { uri: mongo.uri, description: mongo.description, kind: mongo.kind },
      });
      describeRun({ ...targetOf(configuration, lease), mongo: mongo.description });
    } catch (error) {
      return await guard.cannotJudge(error);
    }
    const verdict = new Verdict();
    on('message', (envelope) => verdict.hear(envelope));
    // Cucumber sets its own exit code after the clean-up; what the suite means by it is said last.
    process.on('exit', () => {
      process.exitCode = verdict.exitCode();
    });
    return async () => await guard.end();
  },
};

/** Workers that share one vault would see each other's logs. @throws SuiteError */
function refuseParallelOnOneVault({ mode, target }: Configuration): void {
  const isParallel = process.argv.some((argument) => /^--parallel(=|$)/.test(argument));
  if (mode === 'wire' && 'baseUrl' in target && isParallel) {
    throw new SuiteError(
      '--parallel needs a vault for each worker, and VAULT_BASE_URL names one: leave --parallel out, or set VAULT_COMMAND.',
    );
  }
}

/** The fixed ports of a running `npm run infra`, where the vault that someone else runs expects its ends. */
async function leaseFor({ mode, target, providerPort }: Configuration): Promise<InfraLease | undefined> {
  return mode === 'wire' && 'baseUrl' in target ? await borrowInfra(providerPort) : undefined;
}

function mongoUriOf({ mongodbUri }: Configuration, lease: InfraLease | undefined): { readonly uri?: string } {
  const uri = lease?.stores.mongo.uri ?? mongodbUri;
  return uri === undefined ? {} : { uri };
}

/** What runs, in the words of the report's head. */
function targetOf(
  { mode, target, s3Upstream }: Configuration,
  lease: InfraLease | undefined,
): { readonly mode: string; readonly vault: string; readonly s3: string } {
  if (mode === 'embedded') {
    return { mode: 'in-process', vault: 'reference vault', s3: 'S3 in memory (aws-sdk-client-mock)' };
  }
  const vault = 'command' in target ? `VAULT_COMMAND ${target.command}` : `VAULT_BASE_URL ${target.baseUrl}`;
  const upstream = s3Upstream ?? lease?.stores.s3Upstream;
  return { mode: 'over the wire', vault, s3: upstream === undefined ? 'fauxqs' : `the S3 at ${upstream}` };
}
