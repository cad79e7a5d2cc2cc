import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { expect } from 'chai';
import { MongoClient } from 'mongodb';
import { SuiteError } from '../bytes/errors';
import { hostOf, uriThroughGate } from './mongo-uri';
import { findStandIn, startStandIn } from './stand-in';
import { TcpGate } from './tcp-gate';

const standIn = findStandIn();
const needsStandIn = standIn === undefined ? { skip: 'the stand-in is not built for this platform' } : {};

/** Returns how a connection ended: the code of its error, or "end". */
async function endOf(socket: Socket): Promise<string> {
  let end = 'end';
  socket.on('error', (error: NodeJS.ErrnoException) => {
    end = error.code ?? error.message;
  });
  socket.resume();
  if (!socket.closed) await once(socket, 'close').catch(() => undefined);
  return end;
}

async function until(condition: () => boolean): Promise<void> {
  const limit = performance.now() + 60_000;
  while (!condition()) {
    expect(performance.now(), 'waited too long').to.be.below(limit);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('TcpGate', () => {
  let server: Server;
  let gate: TcpGate;
  let target: { readonly host: string; readonly port: number };
  let serve: (socket: Socket) => void;
  const accepted: Socket[] = [];
  const clients: Socket[] = [];

  beforeEach(async () => {
    serve = (socket) => void socket.pipe(socket);
    server = createServer({ allowHalfOpen: true }, (socket) => {
      accepted.push(socket.on('error', () => undefined));
      serve(socket);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    target = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
    gate = await TcpGate.open(target);
  });

  afterEach(async () => {
    await gate.close();
    await gate.close();
    expect(gate.connections).to.equal(0);
    for (const socket of [...clients.splice(0), ...accepted.splice(0)]) socket.destroy();
    if (server.listening) await once(server.close(), 'close');
    await until(() => !process.getActiveResourcesInfo().some((name) => /^TCP(Server|Socket)Wrap/.test(name)));
    expect(process.getActiveResourcesInfo()).not.to.include('Timeout');
  });

  function dial(): Socket {
    const socket = connect({ port: gate.port, host: '127.0.0.1', allowHalfOpen: true });
    clients.push(socket.on('error', () => undefined));
    return socket;
  }

  async function echo(text: string): Promise<string> {
    const socket = dial();
    socket.end(text);
    return (await buffer(socket)).toString();
  }

  it('sees a text that it is to look for, in one part or two, and no other', async () => {
    gate.watchFor('a-secret-key');
    const client = dial();
    const said = async (text: string): Promise<void> => {
      client.write(text);
      await once(client, 'data');
    };
    await said('a-secret-kex');
    expect(gate.sawWatched).to.equal(false);
    await said('a-secr');
    await said('et-key');
    expect(gate.sawWatched).to.equal(true);
    gate.watchNothing();
    expect(gate.sawWatched).to.equal(false);
  });

  it('passes bytes on, both ways, to the last one', async () => {
    const sent = Buffer.alloc(5_000_000, 'audit');
    const socket = dial();
    socket.end(sent);
    expect((await buffer(socket)).equals(sent)).to.equal(true);
    await until(() => gate.connections === 0);
  });

  it('lets one side finish while the other still speaks', async () => {
    serve = (socket) => void socket.resume().once('end', () => socket.end(`got ${socket.bytesRead}`));
    expect(await echo('four')).to.equal('got 4');
  });

  it('holds a sender back when nobody reads', async () => {
    serve = (socket) => void socket.pause();
    const socket = dial();
    const chunk = Buffer.alloc(1 << 20);
    // Fills the kernel's buffers on the way; a gate that buffered by itself would take all of it.
    let taken = 0;
    for (let sent = 0; sent < 100; sent += 1) socket.write(chunk, () => (taken += 1));
    let before = -1;
    while (before !== taken) {
      before = taken;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(taken).to.be.below(50);
  });

  it('cuts what is open, turns away what comes, and counts both', async () => {
    const open = [dial(), dial()];
    for (const socket of open) {
      socket.write('x');
      await once(socket, 'data');
    }
    expect(gate.connections).to.equal(2);
    const ends = open.map(endOf);
    await gate.cut();
    expect(await Promise.all(ends)).to.deep.equal(['ECONNRESET', 'ECONNRESET']);
    expect([gate.connections, gate.hits]).to.deep.equal([0, 2]);
    await Promise.all(accepted.map(endOf));
    expect(await endOf(dial())).to.equal('ECONNRESET');
    await gate.cut();
    expect(gate.hits, 'a second cut is the same cut').to.equal(3);
  });

  it('heals on the same port at once, and counts the next cut afresh', async () => {
    const { port } = gate;
    await gate.cut();
    expect(gate.hits, 'nobody noticed').to.equal(0);
    await endOf(dial());
    await gate.heal();
    expect(gate.hits).to.equal(1);
    expect(gate.port).to.equal(port);
    expect(await echo('again')).to.equal('again');
    await until(() => gate.connections === 0);
    await gate.cut();
    expect(gate.hits).to.equal(0);
  });

  it('is silent to what is open and to what comes, and lets both go when it heals', async () => {
    const open = dial();
    open.write('x');
    await once(open, 'data');
    await gate.cut('silent');
    const silent = [open, dial()];
    const heard: unknown[] = [];
    for (const socket of silent) socket.on('data', (chunk) => heard.push(chunk)).write('anybody there?');
    await until(() => gate.hits === 2);
    const ends = silent.map(endOf);
    expect(
      accepted.map(({ bytesRead }) => bytesRead),
      'passed on',
    ).to.deep.equal([1]);
    await gate.heal();
    expect(await Promise.all(ends)).to.deep.equal(['ECONNRESET', 'ECONNRESET']);
    expect(heard).to.deep.equal([]);
    expect(await echo('again')).to.equal('again');
  });

  it('has answers come late, whole and in order, until it heals', async () => {
    gate.answerAfter(40);
    const startMs = performance.now();
    const client = dial();
    const answer = buffer(client);
    client.write('one, ');
    await until(() => performance.now() - startMs > 20);
    client.end('two');
    expect((await answer).toString()).to.equal('one, two');
    expect(performance.now() - startMs).to.be.above(39);
    await gate.heal();
    const again = dial();
    again.end('three');
    expect((await buffer(again)).toString()).to.equal('three');
  });

  it('passes a reset on in either direction', async () => {
    const first = dial();
    first.write('x');
    await once(first, 'data');
    accepted[0]?.resetAndDestroy();
    expect(await endOf(first)).to.equal('ECONNRESET');
    const second = dial();
    second.write('x');
    await once(second, 'data');
    const far = accepted[1];
    if (far === undefined) throw new Error('not connected');
    const end = endOf(far);
    second.resetAndDestroy();
    expect(await end).to.equal('ECONNRESET');
    await until(() => gate.connections === 0);
  });

  it('resets a client when nobody is there behind it', async () => {
    await once(server.close(), 'close');
    expect(await endOf(dial())).to.equal('ECONNRESET');
    await until(() => gate.connections === 0);
  });

  it('can be cut while it still connects', async () => {
    const socket = dial();
    const end = endOf(socket);
    await until(() => gate.connections === 1);
    await gate.cut();
    expect(await end).to.equal('ECONNRESET');
  });

  it('refuses a port that is taken in one sentence', async () => {
    const outcome = await TcpGate.open(target, { port: target.port }).catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(SuiteError);
    expect((outcome as SuiteError).message).to.match(/cannot listen on 127\.0\.0\.1:\d+ .*choose another/);
  });

  it('lets a write take effect and loses its answer', needsStandIn, async () => {
    if (standIn === undefined) return;
    const mongo = await startStandIn(standIn, { temporaryFolder: tmpdir() });
    const throughGate = await TcpGate.open(hostOf(mongo.uri));
    const options = { retryWrites: false };
    const client = new MongoClient(uriThroughGate(mongo.uri, throughGate.port), options);
    try {
      const rows = client.db('gate').collection<{ _id: number }>('rows');
      await rows.insertOne({ _id: 1 });
      throughGate.loseAnswers(['insert'], 1);
      expect(await rows.countDocuments({})).to.equal(1);
      const failure = await rows.insertOne({ _id: 2 }).catch((error: unknown) => error);
      expect(String(failure)).to.match(/Network/);
      expect(throughGate.lost).to.equal(1);
      await rows.insertOne({ _id: 3 });
      const ids = (await rows.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
      expect(ids).to.deep.equal([1, 2, 3]);
    } finally {
      await client.close();
      await throughGate.close();
      await mongo.stop();
    }
  });

  it('is survived by the MongoDB driver, which works on after healing', needsStandIn, async () => {
    if (standIn === undefined) return;
    const mongo = await startStandIn(standIn, { temporaryFolder: tmpdir() });
    const mongoGate = await TcpGate.open(hostOf(mongo.uri));
    const client = new MongoClient(uriThroughGate(mongo.uri, mongoGate.port), {
      serverSelectionTimeoutMS: 150,
      heartbeatFrequencyMS: 500,
    });
    try {
      const logs = client.db('gate').collection<{ _id: string }>('logs');
      await logs.insertOne({ _id: 'before' });
      expect(mongoGate.connections).to.be.above(0);
      await mongoGate.cut();
      const outcome = await logs.findOne({}).catch((error: unknown) => error);
      expect(outcome).to.be.instanceOf(Error);
      expect(mongoGate.hits).to.be.above(0);
      await mongoGate.heal();
      await logs.insertOne({ _id: 'after' });
      expect(await logs.countDocuments({})).to.equal(2);
    } finally {
      await client.close();
      await mongoGate.close();
      await mongo.stop();
    }
  });
});
