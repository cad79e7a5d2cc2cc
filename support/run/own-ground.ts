import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { MongoServer } from '../metadata-store/mongo';
import { startMongoServer } from '../metadata-store/mongo-server';
import type { RunGuard } from '../process/run-guard';

/** The ground of a command that runs scenarios by itself. */
export interface OwnGround {
  /** Everything temporary lies below it. */
  readonly temporaryFolder: string;
  readonly mongo: Pick<MongoServer, 'uri' | 'description' | 'kind'>;
}

/**
 * A folder of the run's own and its MongoDB; the guard sees to their end.
 * @param name of the run, for the folder's name
 * @param mongodbUri the MongoDB that MONGODB_URI names; the best that can be had by default
 * @throws SuiteError when there is no MongoDB to be had
 */
export async function openOwnGround(
  guard: Pick<RunGuard, 'ownFolder' | 'onEnd'>,
  name: string,
  mongodbUri: string | undefined = process.env.MONGODB_URI,
): Promise<OwnGround> {
  const temporaryFolder = await mkdtemp(path.join(tmpdir(), `audit-vault-${name}-`));
  guard.ownFolder(temporaryFolder);
  const mongo = await startMongoServer({
    ...(mongodbUri === undefined ? {} : { uri: mongodbUri }),
    temporaryFolder,
    announce: (line) => process.stderr.write(`${line}\n`),
  });
  guard.onEnd(() => mongo.stop());
  const { uri, description, kind } = mongo;
  return { temporaryFolder, mongo: { uri, description, kind } };
}
