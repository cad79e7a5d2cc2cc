import { execFile } from 'node:child_process';
import { access, constants, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { SuiteError } from '../bytes/errors';
import type { MongoServer } from './mongo';

type Environment = Readonly<Record<string, string | undefined>>;

/** A mongod that can be started, and where it comes from, in words. */
export interface Mongod {
  readonly version: string;
  /** Absent for a binary that mongodb-memory-server keeps in its own cache. */
  readonly systemBinary?: string;
  readonly origin: 'installed mongod' | 'cached binary' | 'downloaded binary';
}

const VERSION_LIMIT_MS = 5_000;
const LAUNCH_LIMIT_MS = 30_000;

/**
 * A mongod on this machine: the one MONGOMS_SYSTEM_BINARY names, else the first on the PATH that runs.
 * @throws SuiteError if MONGOMS_SYSTEM_BINARY names something that does not run
 */
export async function findInstalledMongod(environment: Environment): Promise<Mongod | undefined> {
  const named = environment.MONGOMS_SYSTEM_BINARY;
  if (named) {
    const version = await versionOf(named);
    if (version !== undefined) return { version, systemBinary: named, origin: 'installed mongod' };
    throw new SuiteError(
      `MONGOMS_SYSTEM_BINARY is ${named}, which is not a mongod that runs here: correct it or unset it.`,
    );
  }
  const name = process.platform === 'win32' ? 'mongod.exe' : 'mongod';
  for (const folder of (environment.PATH ?? '').split(delimiter)) {
    if (folder === '') continue;
    const path = join(folder, name);
    const version = await versionOf(path);
    if (version !== undefined) return { version, systemBinary: path, origin: 'installed mongod' };
  }
  return undefined;
}

/** A mongod that mongodb-memory-server downloaded on an earlier run. */
export async function findCachedMongod(environment: Environment): Promise<Mongod | undefined> {
  // A look into the folders spares the load of the library, which costs more than the stand-in's whole start.
  const folders = [
    environment.MONGOMS_DOWNLOAD_DIR ?? '',
    join(homedir(), '.cache', 'mongodb-binaries'),
    join(process.cwd(), 'node_modules', '.cache', 'mongodb-memory-server'),
    join(process.cwd(), 'mongodb-binaries'),
  ];
  const contents = await Promise.all(folders.map((folder) => readdir(folder).catch(() => [])));
  if (!contents.flat().some((file) => file.startsWith('mongod'))) return undefined;
  const { DryMongoBinary } = await import('mongodb-memory-server');
  const options = await DryMongoBinary.generateOptions();
  const path = await DryMongoBinary.locateBinary(options);
  return path === undefined ? undefined : { version: options.version, origin: 'cached binary' };
}

/**
 * Downloads a mongod into mongodb-memory-server's cache; a lock file there keeps two runs from doing it at
 * once.
 * @param announce is given one line before it begins; mongodb-memory-server then prints the progress
 */
export async function downloadMongod(announce: (line: string) => void): Promise<Mongod> {
  const { DryMongoBinary, MongoBinary } = await import('mongodb-memory-server');
  const options = await DryMongoBinary.generateOptions();
  announce(`Downloading MongoDB ${options.version} into ${options.downloadDir}, this once.`);
  // Left alone, mongodb-memory-server does not check whose certificate it is given, and runs what it gets.
  const strictness = process.env.npm_config_strict_ssl;
  process.env.npm_config_strict_ssl ??= 'true';
  try {
    await MongoBinary.getPath();
  } catch (error) {
    await removeArchives(options.downloadDir);
    throw error;
  } finally {
    if (strictness === undefined) delete process.env.npm_config_strict_ssl;
  }
  return { version: options.version, origin: 'downloaded binary' };
}

/** An archive that is broken stays there otherwise, and every later run would take it for a download that is done. */
async function removeArchives(folder: string): Promise<void> {
  const files = await readdir(folder).catch(() => []);
  const archives = files.filter((file) => /^mongodb-.+\.(tgz|zip)(\.md5)?$/.test(file));
  await Promise.all(archives.map((file) => rm(join(folder, file), { force: true })));
}

/** Starts a mongod on 127.0.0.1, its files in a folder of its own below `temporaryFolder`. */
export async function startMongod(
  mongod: Mongod,
  options: { readonly temporaryFolder: string; readonly port?: number },
): Promise<MongoServer> {
  const { MongoMemoryServer } = await import('mongodb-memory-server');
  await mkdir(options.temporaryFolder, { recursive: true });
  const dbPath = await mkdtemp(join(options.temporaryFolder, 'mongod-'));
  const removeFiles = (): Promise<void> => rm(dbPath, { recursive: true, force: true, maxRetries: 3 });
  try {
    const server = await MongoMemoryServer.create({
      instance: {
        dbPath,
        ip: '127.0.0.1',
        ...(options.port === undefined ? {} : { port: options.port, portGeneration: false }),
        storageEngine: 'wiredTiger',
        launchTimeout: LAUNCH_LIMIT_MS,
        // Its socket file would lie in /tmp, outside our folder.
        args: process.platform === 'win32' ? [] : ['--nounixsocket'],
      },
      binary: {
        version: mongod.version,
        ...(mongod.systemBinary === undefined ? {} : { systemBinary: mongod.systemBinary }),
      },
      // A group of its own: Ctrl-C is for the suite, which stops it in its turn. Should the suite be killed,
      // mongodb-memory-server's watcher ends it within two seconds.
      spawn: { detached: true },
    });
    let stopped: Promise<void> | undefined;
    return {
      uri: server.getUri(),
      description: `MongoDB ${mongod.version} (mongodb-memory-server, ${mongod.origin})`,
      kind: 'mongod',
      stop: () => {
        stopped ??= server.stop({ doCleanup: false }).then(removeFiles);
        return stopped;
      },
    };
  } catch (error) {
    await removeFiles();
    throw error;
  }
}

async function versionOf(binary: string): Promise<string | undefined> {
  try {
    await access(binary, constants.X_OK);
    const { stdout } = await promisify(execFile)(binary, ['--version'], { timeout: VERSION_LIMIT_MS });
    return /^\s*db version v?(\d+\.\d+\.\d+)/im.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}
