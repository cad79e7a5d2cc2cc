import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { MongoClient } from 'mongodb';
import { LISTENING, type Mirror, startMirror, writeMongod } from './mongod-fixture';
import { findStandIn } from './stand-in';

const standIn = findStandIn();
const needsStandIn = standIn === undefined ? { skip: 'the stand-in is not built for this platform' } : {};

/** Starts a MongoDB as a run does, in a process of its own, and says how it went; stops it on a line of input, ends with its input. */
const RUN = `
  const { startMongoServer } = require(${JSON.stringify(join(__dirname, 'mongo-server'))});
  const said = [];
  const announce = (line) => { said.push(line); console.log(line); };
  startMongoServer({ temporaryFolder: process.env.RUN_FOLDER, announce }).then((server) => {
    console.log(JSON.stringify({ uri: server.uri, description: server.description, said }));
    process.stdin.on('data', () => server.stop().then(() => console.log('stopped')));
    process.stdin.on('end', () => server.stop().then(() => process.exit(0)));
  });`;

/** Long enough for a run that does not wait for another one's download to begin its own. */
const NEVER_MS = 1_000;

/** A process that runs RUN, and the lines it prints. */
interface Run {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  readonly lines: AsyncIterator<string>;
}

interface Outcome {
  readonly uri: string;
  readonly description: string;
  readonly said: readonly string[];
}

describe('a mongod that mongodb-memory-server runs', needsStandIn, () => {
  const binary = standIn?.binary ?? '';
  let folder: string;
  let mirror: Mirror | undefined;
  const runs: Run[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mongod-test-'));
  });

  afterEach(async () => {
    for (const run of runs.splice(0)) await ended(run);
    await mirror?.stop();
    mirror = undefined;
    await rm(folder, { recursive: true });
  });

  const startRun = (environment: Readonly<Record<string, string>>): Run => {
    const { PATH = '' } = process.env;
    const child = spawn(process.execPath, ['-r', 'ts-node/register', '-e', RUN], {
      env: { PATH, HOME: folder, RUN_FOLDER: join(folder, 'run'), ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const run = { process: child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
    runs.push(run);
    return run;
  };
  const heard = async ({ lines }: Run, words: string): Promise<string> => {
    // mongodb-memory-server prints the progress of a download there, too.
    for (;;) {
      const { done, value } = await lines.next();
      if (done === true) throw new Error(`the run ended without a word of "${words}"`);
      if (value.startsWith(words)) return value;
    }
  };
  const outcomeOf = async (run: Run): Promise<Outcome> => JSON.parse(await heard(run, '{"uri"')) as Outcome;
  const stop = async (run: Run): Promise<void> => {
    run.process.stdin.write('stop\n');
    await heard(run, 'stopped');
  };
  const ended = async ({ process: child }: Run): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.stdin.end();
    await once(child, 'exit');
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
    await writeMongod(join(folder, 'bin', 'mongod'), binary, { listensAfterSeconds: 1 });
    const run = startRun({ PATH: `${join(folder, 'bin')}:${process.env.PATH}` });
    const { uri, description, said } = await outcomeOf(run);
    const [data = ''] = await readdir(join(folder, 'run'));
    expect(await readdir(join(folder, 'run', data))).to.include.members(['WiredTiger.wt', LISTENING]);
    expect(description).to.equal('MongoDB 8.0.12 (mongodb-memory-server, installed mongod)');
    expect(said).to.deep.equal([]);
    expect(await ping(uri)).to.equal(1);
    const { port } = new URL(uri);
    expect(await noted('bin/mongod.arguments')).to.equal(
      `--port ${port} --dbpath ${join(folder, 'run', data)} --storageEngine wiredTiger --bind_ip 127.0.0.1 --noauth --nounixsocket`,
    );
    await stop(run);
    expect(await isThere(Number(await noted('bin/mongod.pid')))).to.equal(false);
    expect(await readdir(join(folder, 'run'))).to.deep.equal([]);
  });

  it('gives way to the stand-in, in the words of mongod, where it ends instead of listening', async () => {
    await writeMongod(join(folder, 'bin', 'mongod'), binary, {
      complaint: 'DBPathInUse: Unable to lock the lock file',
    });
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
    run.process.kill('SIGKILL');
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
    await stop(first);
    const [name = ''] = await cached();
    expect(await cached()).to.deep.equal([name, `${name}.md5`]);
    const second = await outcomeOf(startRun(mirror.environment));
    expect(second.description).to.match(/cached binary/);
    expect(await ping(second.uri)).to.equal(1);
    expect(mirror.asked).to.have.length(2);
  });

  it('is downloaded once by two runs that want it at the same time', async () => {
    mirror = await startMirror(folder, binary, { isHeld: true });
    const first = startRun(mirror.environment);
    await mirror.firstAsked;
    const second = startRun(mirror.environment);
    await heard(second, 'Downloading');
    await sleep(NEVER_MS);
    mirror.answer();
    for (const { uri, description } of await Promise.all([first, second].map(outcomeOf))) {
      expect(await ping(uri)).to.equal(1);
      expect(description).to.match(/downloaded binary/);
    }
    expect(mirror.asked).to.have.length(2);
  });

  it('gives way to the stand-in where the download is cut short, and is downloaded by the next run', async () => {
    mirror = await startMirror(folder, binary, { bytes: 1_000 });
    const { said } = await outcomeOf(startRun(mirror.environment));
    expect(said[1]).to.match(/^No mongod is at hand \(.+\): using jongodb/);
    expect(await cached()).to.deep.equal([]);
    await mirror.stop();
    mirror = await startMirror(folder, binary);
    expect((await outcomeOf(startRun(mirror.environment))).description).to.match(/downloaded binary/);
  });
});

/** A zombie, waiting for its new parent to notice, is gone. */
async function isThere(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return status !== '' && !/\) Z /.test(status);
}

async function gone(pid: number): Promise<void> {
  const limit = performance.now() + 60_000;
  while (await isThere(pid)) expect(performance.now(), `process ${pid} is still there`).to.be.below(limit);
}
