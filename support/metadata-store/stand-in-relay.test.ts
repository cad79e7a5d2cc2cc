import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { type Collection, Long, MongoBulkWriteError, MongoClient, MongoServerError, UUID } from 'mongodb';
import type { MongoServer } from './mongo';
import { uriThroughGate } from './mongo-uri';
import { ScriptedMetadataGate } from './scripted-gate';
import { findStandIn, startStandIn } from './stand-in';

const standIn = findStandIn();
const needsStandIn = standIn === undefined ? { skip: 'the stand-in is not built for this platform' } : {};

interface Row {
  readonly _id: string;
  readonly state?: string;
  readonly at?: Date;
}

describe('the gate in front of the stand-in does what MongoDB does', needsStandIn, () => {
  const temporaryFolder = mkdtempSync(path.join(tmpdir(), 'audit-vault-relay-'));
  let server: MongoServer;
  let gate: ScriptedMetadataGate;
  let client: MongoClient;
  let direct: MongoClient;
  let rows: Collection<Row>;

  before(async () => {
    if (standIn === undefined) return;
    server = await startStandIn(standIn, { temporaryFolder });
    gate = await ScriptedMetadataGate.open(server);
    client = new MongoClient(uriThroughGate(server.uri, gate.port), { maxPoolSize: 20 });
    direct = new MongoClient(server.uri);
    rows = client.db('relay').collection<Row>('rows');
  });

  after(async () => {
    await client?.close();
    await direct?.close();
    await gate?.close();
    await server?.stop();
    rmSync(temporaryFolder, { recursive: true, force: true });
  });

  it('inserts the others where one of several documents is there already', async () => {
    await rows.insertMany([{ _id: 'b' }, { _id: 'd' }]);
    const error = await rows
      .insertMany([{ _id: 'a' }, { _id: 'b' }, { _id: 'c' }, { _id: 'd' }, { _id: 'e' }], { ordered: false })
      .catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(MongoBulkWriteError);
    const { insertedCount, writeErrors } = error as MongoBulkWriteError;
    expect(insertedCount).to.equal(3);
    expect([writeErrors].flat().map(({ index, code }) => [index, code])).to.deep.equal([
      [1, 11_000],
      [3, 11_000],
    ]);
    expect((await rows.find().toArray()).map(({ _id }) => _id).sort()).to.deep.equal([
      'a',
      'b',
      'c',
      'd',
      'e',
    ]);
  });

  it('ends an ordered insert at the first that is there already', async () => {
    const error = await rows
      .insertMany([{ _id: 'f' }, { _id: 'a' }, { _id: 'g' }])
      .catch((reason: unknown) => reason);
    expect((error as MongoBulkWriteError).insertedCount).to.equal(1);
    expect(await rows.countDocuments({ _id: { $in: ['f', 'g'] } })).to.equal(1);
  });

  it('refuses a single document that is there already, as an error of that write', async () => {
    const error = await rows.insertOne({ _id: 'a' }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(MongoServerError);
    expect((error as MongoServerError).code).to.equal(11_000);
    expect((error as MongoServerError).errmsg).to.contain('E11000');
  });

  it('takes documents that stand in the command itself', async () => {
    const answer = await client
      .db('relay')
      .command({ insert: 'rows', documents: [{ _id: 'a' }, { _id: 'h' }], ordered: false });
    expect(answer.n).to.equal(1);
    expect(answer.writeErrors).to.have.length(1);
  });

  it('skips as far as 64 bits go', async () => {
    const skip = Long.MAX_VALUE;
    const found = await client.db('relay').command({ find: 'rows', filter: {}, skip });
    expect(found.cursor.firstBatch).to.deep.equal([]);
    expect(await rows.aggregate([{ $skip: skip.toNumber() }]).toArray()).to.deep.equal([]);
    expect(await rows.find().sort({ _id: 1 }).skip(1).limit(1).toArray()).to.deep.equal([{ _id: 'b' }]);
  });

  it('sets the current date, beside what else is set', async () => {
    await rows.updateOne({ _id: 'a' }, { $set: { state: 'x' }, $currentDate: { at: true } });
    await rows.findOneAndUpdate({ _id: 'b' }, { $currentDate: { at: { $type: 'date' } } });
    const [a, b] = await rows
      .find({ _id: { $in: ['a', 'b'] } })
      .sort({ _id: 1 })
      .toArray();
    expect(a?.state).to.equal('x');
    expect(a?.at).to.be.instanceOf(Date);
    expect(b?.at).to.be.instanceOf(Date);
  });

  it('lets one of many claim a document', async () => {
    const jobs = client.db('relay').collection<Row>('jobs');
    await jobs.insertMany(
      Array.from({ length: 200 }, (_, number) => ({ _id: `job ${number}`, state: 'pending' })),
    );
    let claimed = 0;
    const claimAll = async (): Promise<void> => {
      while ((await jobs.findOneAndUpdate({ state: 'pending' }, { $set: { state: 'taken' } })) !== null)
        claimed += 1;
    };
    await Promise.all(Array.from({ length: 20 }, claimAll));
    expect(claimed).to.equal(200);
  });

  it('tells a writer whose connection was cut, and lets the next one write', async () => {
    const lost = rows.insertMany(Array.from({ length: 500 }, (_, number) => ({ _id: `lost ${number}` })));
    lost.catch(() => undefined);
    await gate.cut();
    await gate.heal();
    await lost.catch((error: unknown) => expect(error).to.be.instanceOf(Error));
    const next = new MongoClient(uriThroughGate(server.uri, gate.port));
    await next.db('relay').collection<Row>('rows').insertOne({ _id: 'after' });
    await next.close();
    expect(await rows.countDocuments({ _id: 'after' })).to.equal(1);
  });

  it('puts UUIDs in the order of their bytes, and hands them back as what they are', async () => {
    const logs = client.db('relay').collection<{ _id: UUID; at: string; of?: { job: UUID } }>('logs');
    const ids = ['f0', '10', 'a0', '80', '7f', '00'].map(
      (hex) => new UUID(`${hex}000000-0000-4000-8000-${hex}0000000000`),
    );
    const [job = new UUID()] = ids;
    await logs.insertMany(ids.slice(1).map((_id) => ({ _id, at: 'noon', of: { job } })));
    const all = ids.map((_id) => ({ _id, at: 'noon' }));
    const refused = await logs.insertMany(all, { ordered: false }).catch((reason: unknown) => reason);
    expect((refused as MongoBulkWriteError).insertedCount).to.equal(1);
    const inOrder = [...ids].map(String).sort();
    const found = await logs.find().sort({ at: 1, _id: 1 }).toArray();
    expect(found.every(({ _id }) => _id instanceof UUID)).to.equal(true);
    expect(found.map(({ _id }) => String(_id))).to.deep.equal(inOrder);
    const piped = await logs.aggregate([{ $sort: { _id: -1 } }, { $skip: 1 }, { $limit: 2 }]).toArray();
    expect(piped.map(({ _id }) => String(_id))).to.deep.equal(inOrder.slice(3, 5).reverse());
    expect(await logs.countDocuments({ _id: { $in: ids.slice(0, 2) } })).to.equal(2);
    expect(
      await logs.findOneAndUpdate({ 'of.job': job, _id: ids[1] ?? job }, { $set: { at: 'one' } }),
    ).to.deep.equal({
      _id: ids[1],
      at: 'noon',
      of: { job },
    });
    const inCommand = { _id: new UUID(), at: 'two' };
    await client.db('relay').command({ insert: 'logs', documents: [inCommand] });
    expect(await logs.findOne({ at: 'two' })).to.deep.equal(inCommand);
    const past = await direct.db('relay').collection('logs').findOne({ at: 'one' });
    expect(past?._id).to.equal(String(ids[1]));
  });
});
