import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Configuration } from '../environments/configuration';
import { VaultGroups } from '../environments/vault-groups';
import type { MongoServer } from '../metadata-store/mongo';
import { startMongoServer } from '../metadata-store/mongo-server';
import { publishRunContext } from '../process/run-context';
import { announceEnd } from '../process/run-end';
import type { RunGuard } from '../process/run-guard';
import { borrowInfra, type InfraLease } from './infra-lease';

/** The ground that a run stands on, beside the context that was published for its workers. */
export interface PreparedRun {
  readonly mongo: MongoServer;
  /** The stores of a running `npm run infra`, where the vault that someone else runs expects its ends. */
  readonly lease: InfraLease | undefined;
}

/**
 * Prepares, once before any vault is judged, a folder of the run's own, the one MongoDB, and the context by
 * which every worker knows of them. The guard sees to their end.
 * @throws SuiteError when there is no MongoDB to be had, or another run holds the infra
 */
export async function prepareRun(guard: RunGuard, configuration: Configuration): Promise<PreparedRun> {
  for (const remark of configuration.remarks) process.stderr.write(`${remark}\n`);
  const temporaryFolder = await mkdtemp(path.join(tmpdir(), 'audit-vault-'));
  guard.ownFolder(temporaryFolder);
  // A worker that is killed cannot end its vault; the coordinator can.
  guard.onEveryEnd(() => new VaultGroups(temporaryFolder).killAll());
  const lease = await leaseFor(configuration);
  if (lease !== undefined) guard.onEnd(() => lease.giveBack());
  const uri = lease?.stores.mongo.uri ?? configuration.mongodbUri;
  const mongo = await startMongoServer({
    ...(uri === undefined ? {} : { uri }),
    ...(lease === undefined ? {} : { namedBy: 'npm run infra' }),
    temporaryFolder,
    announce: (line) => process.stderr.write(`${line}\n`),
  });
  guard.onEnd(() => mongo.stop());
  guard.onEnd(async () => announceEnd(temporaryFolder));
  publishRunContext({
    mode: configuration.mode,
    runId: randomBytes(3).toString('hex'),
    seed: configuration.seed,
    defect: configuration.defect,
    corpusFolder: configuration.corpusFolder,
    temporaryFolder,
    s3Upstream: lease?.stores.s3Upstream,
    mongo: { uri: mongo.uri, description: mongo.description, kind: mongo.kind },
  });
  return { mongo, lease };
}

async function leaseFor({ mode, target, providerPort }: Configuration): Promise<InfraLease | undefined> {
  return mode === 'wire' && 'baseUrl' in target ? await borrowInfra(providerPort) : undefined;
}
