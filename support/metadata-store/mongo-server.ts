import { once } from 'node:events';
import { createServer } from 'node:net';
import { SuiteError } from '../bytes/errors';
import { whyDownloadIsOutOfReach } from './download-reach';
import type { MongoServer } from './mongo';
import { downloadMongod, findCachedMongod, findInstalledMongod, type Mongod, startMongod } from './mongod';
import { type NamedBy, useRunningMongo } from './running-mongo';
import { findStandIn, type StandIn, startStandIn } from './stand-in';

/** The ways to start or find it. */
export interface MongoServerOptions {
  /** MONGODB_URI: one that someone else runs. */
  readonly uri?: string;
  /** The setting that named `uri`, for errors; MONGODB_URI by default. */
  readonly namedBy?: NamedBy;
  /** Everything temporary lies below it; made if it does not exist. */
  readonly temporaryFolder: string;
  /** A fixed port on 127.0.0.1 for one that is started here; a free one by default. */
  readonly port?: number;
  /** Is told in one line each what the user should know: a download, a fall-back to the stand-in. */
  readonly announce?: (line: string) => void;
  /** The folder where the stand-in is found; among the dependencies by default. */
  readonly findStandIn?: () => StandIn | undefined;
  /**
   * The environment that PATH, MONGOMS_* and proxies are read from; mongodb-memory-server itself reads
   * process.env.
   */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * Provides the MongoDB of a run, the best that can be had: the one `uri` names, else a mongod that is
 * installed, cached or downloaded (mongodb-memory-server), else the bundled stand-in. Being offline is found
 * out in less than half a second. To be called once per run, in the coordinator.
 * @throws SuiteError if none can be had, with what to do about it
 */
export async function startMongoServer(options: MongoServerOptions): Promise<MongoServer> {
  const { uri, namedBy, port, announce = () => undefined, environment = process.env } = options;
  if (uri !== undefined) return await useRunningMongo(uri, undefined, namedBy);
  if (port !== undefined) await requireFreePort(port);

  const obstacles: string[] = [];
  const ways: readonly (() => Promise<Mongod | undefined>)[] = [
    () => findInstalledMongod(environment),
    () => findCachedMongod(environment),
    () => downloadIfReachable(environment, announce, obstacles),
  ];
  for (const find of ways) {
    try {
      const mongod = await find();
      if (mongod !== undefined) return await startMongod(mongod, options);
    } catch (error) {
      if (error instanceof SuiteError) throw error;
      obstacles.push(gistOf(error));
    }
  }

  const why = obstacles.join('; ');
  const standIn = (options.findStandIn ?? findStandIn)();
  if (standIn === undefined) {
    throw new SuiteError(
      `No MongoDB is at hand (${why}): install mongod, set MONGODB_URI, or connect to the network once so that one can be downloaded.`,
    );
  }
  announce(`No mongod is at hand (${why}): using jongodb ${standIn.version}, the offline stand-in.`);
  return await startStandIn(standIn, options);
}

async function downloadIfReachable(
  environment: Readonly<Record<string, string | undefined>>,
  announce: (line: string) => void,
  obstacles: string[],
): Promise<Mongod | undefined> {
  const switchedOff = /^(false|0|no|off)$/i.test(environment.MONGOMS_RUNTIME_DOWNLOAD ?? '');
  const obstacle = switchedOff
    ? 'MONGOMS_RUNTIME_DOWNLOAD forbids the download'
    : await whyDownloadIsOutOfReach(environment);
  if (obstacle === undefined) return await downloadMongod(announce);
  obstacles.push(obstacle);
  return undefined;
}

async function requireFreePort(port: number): Promise<void> {
  const probe = createServer();
  try {
    probe.listen(port, '127.0.0.1');
    await once(probe, 'listening');
  } catch (error) {
    throw new SuiteError(
      `MongoDB cannot listen on 127.0.0.1:${port} (${gistOf(error)}): stop what uses that port, or set MONGODB_URI to use a MongoDB that already runs there.`,
      { cause: error },
    );
  } finally {
    probe.close();
  }
}

/** mongodb-memory-server says in the first line that it failed, and in the second why. */
function gistOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 2).join(' ');
}
