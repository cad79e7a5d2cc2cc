import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { expect } from 'chai';
import { MongoClient } from 'mongodb';
import { type Mirror, startMirror, writeMongod } from './mongod-fixture';
import { findStandIn } from './stand-in';

const standIn = findStandIn();
const needsStandIn = standIn === undefined ? { skip: 'the stand-in is not built for this platform' } : {};

/** Starts a MongoDB as a run does, in a process of its own, says how it went, and stops it on a line of input. */
const RUN = `
  const { startMongoServer } = require(${JSON.stringify(join(__dirname, 'mongo-server'))});
  const said = [];
  startMongoServer({ temporaryFolder: process.env.RUN_FOLDER, announce: (line) => said.push(line) }).then(async (server) => {
    console.log(JSON.stringify({ uri: server.uri, description: server.description, said }));
    await require('node:events').once(process.stdin, 'data');
    await server.stop();
    process.exit(0);
  });`;

interface Outcome {
  readonly uri: string;
  readonly description: string;
  readonly said: readonly string[];
}

describe('a mongod that mongodb-memory-server runs', needsStandIn, () => {
  const binary = standIn?.binary ?? '';
  let folder: string;
  let mirror: Mirror | undefined;
  const runs: ChildProcess[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mongod-test-'));
  });

  afterEach(async () => {
    for (const run of runs.splice(0)) await stopped(run);
    await mirror?.stop();
    mirror = undefined;
    await rm(folder, { recursive: true });
  });

  const startRun = (environment: Readonly<Record<string, string>>): ChildProcess => {
    const { PATH = '' } = process.env;
    const run = spawn(process.execPath, ['-r', 'ts-node/register', '-e', RUN], {
      env: { PATH, HOME: folder, RUN_FOLDER: join(folder, 'run'), ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    runs.push(run);
    return run;
  };
  const outcomeOf = async (run: ChildProcess): Promise<Outcome> => {
    if (run.stdout === null) throw new Error('a run without output');
    // mongodb-memory-server prints the progress of a download there, too.
    for await (const line of createInterface({ input: run.stdout })) {
      if (line.startsWith('{"uri"')) return JSON.parse(line) as Outcome;
    }
    throw new Error('the run ended without a word');
  };
  const stopped = async (run: ChildProcess): Promise<void> => {
    if (run.exitCode !== null || run.signalCode !== null) return;
    run.stdin?.end('stop\n');
    await once(run, 'exit');
  };
  const ping = async (uri: string): Promise<unknown> => {
    const client = new MongoClient(uri, { serverSelectionTimeoutMS: 2_000 });
    try {
      return (await client.db('admin').command({ ping: 1 })).ok;
    } finally {
      await client.close();
    }
  };
  const noted = async (file: string): Promise<string> => (await readFile(join(folder, file), 'utf8')).trim();
  const cached = async (): Promise<readonly string[]> =>
    (await readdir(join(folder, '.cache', 'mongodb-binaries'))).filter((name) => !/arguments|pid/.test(name));

  it('is given options that mongod knows, is ready when it says so, and leaves nothing behind', async () => {
    await writeMongod(join(folder, 'bin', 'mongod'), binary);
    const run = startRun({ PATH: `${join(folder, 'bin')}:${process.env.PATH}` });
    const { uri, description, said } = await outcomeOf(run);
    expect(description).to.equal('MongoDB 8.0.12 (mongodb-memory-server, installed mongod)');
    expect(said).to.deep.equal([]);
    expect(await ping(uri)).to.equal(1);
    const { port } = new URL(uri);
    const [data = ''] = await readdir(join(folder, 'run'));
    expect(await noted('bin/mongod.arguments')).to.equal(
      `--port ${port} --dbpath ${join(folder, 'run', data)} --storageEngine wiredTiger --bind_ip 127.0.0.1 --noauth --nounixsocket`,
    );
    expect(await readdir(join(folder, 'run', data))).to.include.members(['mongod.lock', 'WiredTiger.wt']);
    await stopped(run);
    expect(await readdir(join(folder, 'run'))).to.deep.equal([]);
    await gone(Number(await noted('bin/mongod.pid')));
  });

  it('gives way to the stand-in, in the words of mongod, where it ends instead of listening', async () => {
    await writeMongod(join(folder, 'bin', 'mongod'), binary, 'DBPathInUse: Unable to lock the lock file');
    const run = startRun({
      PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
      MONGOMS_RUNTIME_DOWNLOAD: 'false',
    });
    const { said } = await outcomeOf(run);
    expect(said[0]).to.match(
      /^No mongod is at hand \(.+ DBPathInUse: Unable to lock the lock file; .+\): using jongodb/,
    );
    expect(await readdir(join(folder, 'run'))).to.deep.equal([]);
  });

  it('ends when the run is killed', async () => {
    await writeMongod(join(folder, 'bin', 'mongod'), binary);
    const run = startRun({ PATH: `${join(folder, 'bin')}:${process.env.PATH}` });
    await outcomeOf(run);
    run.kill('SIGKILL');
    await gone(Number(await noted('bin/mongod.pid')));
  });

  it('is downloaded and unpacked once, and found by the next run', async () => {
    mirror = await startMirror(folder, binary);
    const first = startRun(mirror.environment);
    const { uri, description, said } = await outcomeOf(first);
    expect(description).to.match(/^MongoDB \d+\.\d+\.\d+ \(mongodb-memory-server, downloaded binary\)$/);
    expect(said[0]).to.match(/^Downloading MongoDB \d+\.\d+\.\d+ into .+, this once\.$/);
    expect(await ping(uri)).to.equal(1);
    const [archive = ''] = mirror.asked;
    expect(archive).to.match(/^\/linux\/mongodb-linux-x86_64-[a-z]+\d+-\d+\.\d+\.\d+\.tgz$/);
    expect(mirror.asked).to.deep.equal([archive, `${archive}.md5`]);
    await stopped(first);
    const [name = ''] = await cached();
    expect(await cached()).to.deep.equal([name, `${name}.md5`]);
    const second = await outcomeOf(startRun(mirror.environment));
    expect(second.description).to.match(/cached binary/);
    expect(await ping(second.uri)).to.equal(1);
    expect(mirror.asked).to.have.length(2);
  });

  it('is downloaded once by two runs that want it at the same time', async () => {
    mirror = await startMirror(folder, binary);
    const { environment } = mirror;
    const outcomes = await Promise.all([startRun(environment), startRun(environment)].map(outcomeOf));
    for (const { uri } of outcomes) expect(await ping(uri)).to.equal(1);
    expect(outcomes.map(({ description }) => description)).to.satisfy((all: readonly string[]) =>
      all.every((each) => /downloaded binary/.test(each)),
    );
    expect(mirror.asked).to.have.length(2);
  });

  it('gives way to the stand-in where the download is cut short, and leaves no binary', async () => {
    mirror = await startMirror(folder, binary, { bytes: 1_000 });
    const { said } = await outcomeOf(startRun(mirror.environment));
    expect(said[1]).to.match(/^No mongod is at hand \(.+\): using jongodb/);
  });
});

async function gone(pid: number): Promise<void> {
  const limit = performance.now() + 60_000;
  for (;;) {
    // A zombie, waiting for its new parent to notice, is gone as well.
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (status === '' || /\) Z /.test(status)) return;
    expect(performance.now(), `process ${pid} is still there`).to.be.below(limit);
  }
}
