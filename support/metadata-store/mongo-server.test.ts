import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { expect } from 'chai';
import { MongoClient } from 'mongodb';
import { SuiteError } from '../bytes/errors';
import type { MongoServer } from './mongo';
import { startMongoServer } from './mongo-server';
import { useRunningMongo } from './running-mongo';
import { findStandIn, startStandIn } from './stand-in';

const standIn = findStandIn();
const needsStandIn = standIn === undefined ? { skip: 'the stand-in is not built for this platform' } : {};
/** Neither a mongod on the PATH nor a download. */
const BARE = { PATH: '', MONGOMS_RUNTIME_DOWNLOAD: 'false' };

const STAND_IN_AS_MONGOD = `
  [ "$1" = --version ] && echo 'db version v7.0.14' && exit
  echo "$@" > "$0.arguments"; echo $$ > "$0.pid"
  while [ "$1" != --port ]; do shift; done
  echo 'waiting for connections'
  exec '${standIn?.binary}' --port=$2
  exit
`;

/** Process ids of what works in a folder, as everything started for it does. */
async function processesIn(folder: string): Promise<readonly string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const folders = await Promise.all(ids.map((id) => readlink(`/proc/${id}/cwd`).catch(() => '')));
  return ids.filter((_, index) => folders[index] === folder);
}

async function isGone(pid: string): Promise<boolean> {
  // A zombie, waiting for its new parent to notice, is gone as well.
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return status === '' || /\) Z /.test(status);
}

async function ping(server: MongoServer): Promise<unknown> {
  const client = new MongoClient(server.uri, { serverSelectionTimeoutMS: 2_000 });
  try {
    return (await client.db('admin').command({ ping: 1 })).ok;
  } finally {
    await client.close();
  }
}

async function refusal(promise: Promise<unknown>): Promise<SuiteError> {
  const outcome = await promise.catch((error: unknown) => error);
  expect(outcome).to.be.instanceOf(SuiteError);
  const error = outcome as SuiteError;
  expect(error.message).not.to.contain('\n');
  return error;
}

describe('the MongoDB of a run', () => {
  let temporaryFolder: string;
  let home: string | undefined;
  const started: MongoServer[] = [];
  const lines: string[] = [];
  const announce = (line: string): void => {
    lines.push(line);
  };

  beforeEach(async () => {
    temporaryFolder = await mkdtemp(join(tmpdir(), 'mongo-server-test-'));
    // The developer's own cache of binaries must not decide these tests.
    home = process.env.HOME;
    process.env.HOME = temporaryFolder;
    lines.length = 0;
  });

  afterEach(async () => {
    process.env.HOME = home;
    for (const server of started.splice(0)) await server.stop();
    if (process.platform === 'linux') expect(await processesIn(temporaryFolder)).to.deep.equal([]);
    await rm(temporaryFolder, { recursive: true });
  });

  async function start(options: Partial<Parameters<typeof startMongoServer>[0]>): Promise<MongoServer> {
    const server = await startMongoServer({ temporaryFolder, environment: BARE, announce, ...options });
    started.push(server);
    return server;
  }

  /** A script that passes for a mongod. */
  async function fakeMongod(script: string, path = join(temporaryFolder, 'mongod')): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `#!/bin/sh\n${script}`);
    await chmod(path, 0o755);
  }

  it('is the stand-in, announced, when there is nothing else', needsStandIn, async () => {
    const server = await start({});
    expect(server.kind).to.equal('stand-in');
    expect(server.description).to.equal(`jongodb ${standIn?.version}, the offline stand-in`);
    expect(server.uri).to.match(/^mongodb:\/\/127\.0\.0\.1:\d+\/$/);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.match(/^No mongod is at hand \(.+\): using jongodb .+ stand-in\.$/);
    expect(await ping(server)).to.equal(1);
    await server.stop();
    await server.stop();
    expect(await readdir(temporaryFolder)).to.deep.equal([]);
  });

  it('does not wait for a connection until it learns that the network is away', needsStandIn, async () => {
    const begun = performance.now();
    await start({ environment: { PATH: '', MONGOMS_DOWNLOAD_MIRROR: 'https://192.0.2.1' } });
    expect(performance.now() - begun).to.be.below(20_000);
    expect(lines[0]).to.contain('192.0.2.1 cannot be reached');
  });

  it('is a mongod from the PATH, started by mongodb-memory-server', needsStandIn, async () => {
    await fakeMongod(STAND_IN_AS_MONGOD);
    const server = await start({ environment: { ...BARE, PATH: `/nowhere::${temporaryFolder}` } });
    expect(server.kind).to.equal('mongod');
    expect(server.description).to.equal('MongoDB 7.0.14 (mongodb-memory-server, installed mongod)');
    expect(lines).to.deep.equal([]);
    expect(await ping(server)).to.equal(1);
    const given = await readFile(join(temporaryFolder, 'mongod.arguments'), 'utf8');
    expect(given).to.contain('--bind_ip 127.0.0.1').and.to.contain(`--dbpath ${temporaryFolder}`);
    await server.stop();
    const pid = (await readFile(join(temporaryFolder, 'mongod.pid'), 'utf8')).trim();
    expect(await isGone(pid)).to.equal(true);
    expect((await readdir(temporaryFolder)).filter((name) => name.startsWith('mongod-'))).to.deep.equal([]);
  });

  it('is a mongod from the cache of an earlier run', needsStandIn, async () => {
    const { DryMongoBinary } = await import('mongodb-memory-server');
    const options = await DryMongoBinary.generateOptions();
    const { homeCache } = await DryMongoBinary.generatePaths(options);
    expect(homeCache).to.contain(temporaryFolder);
    // mongodb-memory-server takes anything smaller, or without a checksum beside it, for a broken download.
    await fakeMongod(STAND_IN_AS_MONGOD + '#'.repeat(1 << 20), homeCache);
    await writeFile(`${homeCache}.md5`, '');
    const server = await start({});
    expect(server.description).to.equal(`MongoDB ${options.version} (mongodb-memory-server, cached binary)`);
    expect(lines).to.deep.equal([]);
    expect(await ping(server)).to.equal(1);
  });

  it('passes over a mongod on the PATH that does not run', needsStandIn, async () => {
    await fakeMongod('echo "libcrypto.so.1.1: cannot open shared object file" >&2; exit 127');
    expect((await start({ environment: { ...BARE, PATH: temporaryFolder } })).kind).to.equal('stand-in');
  });

  it('refuses a MONGOMS_SYSTEM_BINARY that does not run', async () => {
    const environment = { ...BARE, MONGOMS_SYSTEM_BINARY: '/nowhere/mongod' };
    expect((await refusal(start({ environment }))).message).to.match(
      /\/nowhere\/mongod.*correct it or unset it/,
    );
  });

  it('says what to do when there is not even the stand-in', async () => {
    expect((await refusal(start({ findStandIn: () => undefined }))).message).to.match(
      /^No MongoDB is at hand \(.+\): install mongod, set MONGODB_URI, or connect to the network once/,
    );
  });

  it('takes the port it is told', needsStandIn, async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    expect((await refusal(start({ port }))).message).to.match(
      new RegExp(`127\\.0\\.0\\.1:${port} .*stop what uses that port, or set MONGODB_URI`),
    );
    await once(probe.close(), 'close');
    expect((await start({ port })).uri).to.equal(`mongodb://127.0.0.1:${port}/`);
  });

  it('tells why the stand-in did not start', needsStandIn, async () => {
    if (standIn === undefined) return;
    const { port } = new URL((await start({})).uri);
    const second = startStandIn(standIn, { temporaryFolder, port: Number(port) });
    expect((await refusal(second)).message).to.match(
      /did not start \(failed to allocate TCP.*install mongod/,
    );
    const absent = startStandIn({ ...standIn, binary: '/nowhere/jongodb' }, { temporaryFolder });
    expect((await refusal(absent)).message).to.match(/did not start \(.*not found\)/);
  });

  it('is the one MONGODB_URI names, and stays when the run ends', needsStandIn, async () => {
    const theirs = await start({});
    const ours = await start({ uri: theirs.uri });
    expect(ours.uri).to.equal(`${theirs.uri}?directConnection=true`);
    expect(ours.description).to.match(/^MONGODB_URI mongodb:\/\/127\.0\.0\.1:\d+ \(jongodb, the offline/);
    expect(ours.kind, 'a stand-in of npm run infra').to.equal('stand-in');
    await ours.stop();
    expect(await ping(theirs)).to.equal(1);
  });

  it('refuses a MONGODB_URI that does not answer, without its credentials', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    await once(silent.close(), 'close');
    const { message } = await refusal(useRunningMongo(`mongodb://me:hush%40hush@127.0.0.1:${port}/`, 200));
    expect(message).to.match(/MONGODB_URI names \(mongodb:\/\/127.+ECONNREFUSED.+start it, correct/);
    expect(message).not.to.contain('hush');
  });

  it('names the infra, and not MONGODB_URI, where it was borrowed from one that is gone', async () => {
    const uri = 'mongodb://127.0.0.1:9/';
    const { message } = await refusal(start({ uri, namedBy: 'npm run infra' }));
    expect(message)
      .to.match(
        /^The MongoDB of the running infra \(mongodb:\/\/127.+ECONNREFUSED.+start "npm run infra" again/,
      )
      .and.not.contain('MONGODB_URI');
  });

  it('ends the stand-in when the run is killed', needsStandIn, async () => {
    const script = `
      const { findStandIn, startStandIn } = require(${JSON.stringify(join(__dirname, 'stand-in'))});
      startStandIn(findStandIn(), { temporaryFolder: ${JSON.stringify(temporaryFolder)} })
        .then(() => { console.log('up'); setInterval(() => undefined, 1_000); });`;
    const run = spawn(process.execPath, ['-r', 'ts-node/register', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(createInterface({ input: run.stdout }), 'line');
    const left = await processesIn(temporaryFolder);
    expect(left).to.have.length(2); // the stand-in and its watcher
    run.kill('SIGKILL');
    const limit = performance.now() + 60_000;
    while (!(await Promise.all(left.map(isGone))).every(Boolean)) {
      expect(performance.now(), 'the stand-in outlived the run').to.be.below(limit);
    }
    await access(temporaryFolder);
  });
});
