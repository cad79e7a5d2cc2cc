import { tmpdir } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { type Db, Double, Int32, Long, MongoClient } from 'mongodb';
import { SuiteError } from '../bytes/errors';
import { MetadataProbe } from './metadata-probe';
import type { MongoServer } from './mongo';
import { findStandIn, startStandIn } from './stand-in';

const standIn = findStandIn();
const skip = standIn === undefined ? 'the stand-in is not built for this platform' : false;

const CHECKSUM = `sha256:${'0a'.repeat(32)}`;

function logDocument(id: string, changes: Readonly<Record<string, unknown>> = {}) {
  return {
    _id: id,
    provider_id: 'aws_cloudtrail',
    source_id: `evt-${id}`,
    job_id: 'job-1',
    timestamp: '2026-01-01T12:00:00Z',
    checksum: CHECKSUM,
    bytes: 12,
    object: { bucket: 'vault', key: `2026/01/01/aws_cloudtrail/${id}.json` },
    ...changes,
  };
}

describe('MetadataProbe', { skip }, () => {
  let server: MongoServer;
  let client: MongoClient;
  let databases = 0;

  before(async () => {
    if (standIn === undefined) return;
    server = await startStandIn(standIn, { temporaryFolder: tmpdir() });
    client = new MongoClient(server.uri);
  });
  after(async () => {
    await client?.close();
    await server?.stop();
  });

  function freshDb(options: Parameters<MongoClient['db']>[1] = {}): Db {
    databases += 1;
    return client.db(`probe_${databases}`, options);
  }

  async function store(db: Db, ...documents: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    await db.collection('logs').insertMany(documents.map((document) => ({ ...document })));
  }

  it('does not know of other collections where the server does not list them', async () => {
    expect(await new MetadataProbe(freshDb()).filledCollections()).to.equal(undefined);
  });

  it('drops a database that bears the mark, and no other', async () => {
    const dropped: string[] = [];
    // The stand-in cannot drop; what counts is who is asked to.
    const watched = (name: string): Db => {
      const db = freshDb();
      db.dropDatabase = async () => dropped.push(name) > 0;
      return db;
    };
    const [own, robbed] = [watched('own'), watched('robbed')];
    for (const db of [own, robbed]) {
      const probe = new MetadataProbe(db);
      await probe.ensureOwn('test');
      if (db === robbed) await db.collection('audit_vault_suite').deleteMany({});
      await probe.drop();
    }
    await new MetadataProbe(watched('foreign')).drop();
    expect(dropped).to.deep.equal(['own']);
  });

  it('stays calm where a server cannot drop', async () => {
    const probe = new MetadataProbe(freshDb());
    await probe.ensureOwn('test');
    await probe.drop();
  });

  it('begins afresh, without the collections that another vault left, where the database is its own', async () => {
    const dropped: string[] = [];
    // The stand-in cannot drop; what counts is what is to go.
    const watched = (): Db => {
      const db = freshDb();
      db.dropCollection = async (name) => dropped.push(name) > 0;
      return db;
    };
    const foreign = watched();
    await store(foreign, logDocument('log_a'));
    const outcome = await new MetadataProbe(foreign).beginAfresh('test').catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(SuiteError);
    expect(dropped).to.deep.equal([]);
    await new MetadataProbe(watched()).beginAfresh('test');
    expect(dropped).to.deep.equal(['logs', 'jobs']);
  });

  it('sees one record in the suite’s own words', async () => {
    const db = freshDb();
    await store(db, logDocument('log_a', { stored_at: 'more members are allowed' }));
    const probe = new MetadataProbe(db);
    expect((await probe.recordsOf({ providerId: 'aws_cloudtrail', sourceId: 'evt-log_a' }))[0]).to.deep.equal(
      {
        kind: 'record',
        logId: 'log_a',
        providerId: 'aws_cloudtrail',
        sourceId: 'evt-log_a',
        jobId: 'job-1',
        timestamp: '2026-01-01T12:00:00Z',
        checksum: CHECKSUM,
        bytes: 12,
        object: { bucket: 'vault', key: '2026/01/01/aws_cloudtrail/log_a.json' },
      },
    );
    expect((await probe.recordsOf({ providerId: 'aws_cloudtrail', sourceId: 'evt-log_b' }))[0]).to.equal(
      undefined,
    );
  });

  it('sees duplicates, all records and their number', async () => {
    const db = freshDb();
    await store(db, logDocument('log_b', { source_id: 'evt-1' }), logDocument('log_c'));
    await store(db, logDocument('log_a', { source_id: 'evt-1' }));
    const probe = new MetadataProbe(db);
    const twins = await probe.recordsOf({ providerId: 'aws_cloudtrail', sourceId: 'evt-1' });
    expect(twins.map(({ logId }) => logId)).to.deep.equal(['log_a', 'log_b']);
    expect(await probe.recordsOf({ providerId: 'okta', sourceId: 'evt-1' })).to.deep.equal([]);
    expect((await probe.allRecords()).map(({ logId }) => logId)).to.deep.equal(['log_a', 'log_b', 'log_c']);
    expect(await probe.count()).to.equal(3);
  });

  const numbers = {
    int32: new Int32(12),
    int64: Long.fromNumber(5_000_000_000),
    double: new Double(12),
  };
  const readings = { promoted: {}, raw: { promoteValues: false }, bigint: { useBigInt64: true } };
  for (const [type, bytes] of Object.entries(numbers)) {
    for (const [reading, options] of Object.entries(readings)) {
      it(`reads bytes stored as ${type} (${reading})`, async () => {
        const db = freshDb(options);
        await store(db, logDocument('log_a', { bytes }));
        expect(
          (await new MetadataProbe(db).recordsOf({ providerId: 'aws_cloudtrail', sourceId: 'evt-log_a' }))[0],
        ).to.include({
          kind: 'record',
          bytes: Number(bytes),
        });
      });
    }
  }

  const malformed: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
    [{ job_id: undefined }, 'job_id: missing'],
    [{ bytes: '12' }, 'bytes: expected number, received string'],
    [{ bytes: new Double(1.5) }, 'bytes: expected int, received number'],
    [{ timestamp: new Date(0) }, 'timestamp: expected string, received Date'],
    [{ checksum: CHECKSUM.toUpperCase() }, 'checksum: is not "sha256:" and 64 lower-case hex digits'],
    [{ object: { bucket: 'vault' }, source_id: null }, 'object.key: missing'],
    [{ object: 'vault/x' }, 'object.bucket: missing; object.key: missing'],
  ];
  for (const [changes, problem] of malformed) {
    it(`reports a record in words: ${problem}`, async () => {
      const db = freshDb({ ignoreUndefined: true });
      await db
        .collection('logs')
        .insertOne(logDocument('log_a', changes) as object, { ignoreUndefined: true });
      const [record] = await new MetadataProbe(db).allRecords();
      expect(record).to.include({ kind: 'malformed', logId: 'log_a' });
      expect(record).to.have.property('problem').that.contains(problem);
    });
  }

  it('reports an _id that is no string', async () => {
    const db = freshDb();
    await db.collection('logs').insertOne(logDocument('x', { _id: 7 }) as object);
    expect(await new MetadataProbe(db).allRecords()).to.deep.equal([
      { kind: 'malformed', logId: '7', problem: '_id: expected string, received number' },
    ]);
  });

  it('marks an empty database and may then empty it, again and again', async () => {
    const db = freshDb();
    const probe = new MetadataProbe(db);
    await probe.ensureOwn('run-1');
    await db.collection('logs').createIndex({ job_id: 1 }, { unique: true, name: 'mine' });
    await store(db, logDocument('log_a'));
    await db.collection('jobs').insertOne({ state: 'completed' });
    await db.collection('other').insertOne({ precious: true });
    await probe.empty();
    expect(await probe.count()).to.equal(0);
    expect(await db.collection('jobs').countDocuments({})).to.equal(0);
    expect(await db.collection('other').countDocuments({})).to.equal(1);
    expect((await db.collection('logs').indexes()).map(({ name }) => name)).to.include('mine');

    await store(db, logDocument('log_b'));
    const nextRun = new MetadataProbe(db);
    await nextRun.ensureOwn('run-2');
    await nextRun.empty();
    expect(await probe.count()).to.equal(0);
    expect(await db.collection('audit_vault_suite').find({}).toArray()).to.have.length(1);
  });

  for (const collection of ['logs', 'jobs']) {
    it(`does not touch a database with ${collection} that are not its own`, async () => {
      const db = freshDb();
      await db.collection(collection).insertOne({ precious: true });
      const probe = new MetadataProbe(db);
      const outcome = await probe.ensureOwn('run-1').catch((error: unknown) => error);
      expect(outcome).to.be.instanceOf(SuiteError);
      expect((outcome as SuiteError).message).to.match(
        new RegExp(
          `"${db.databaseName}" holds documents in "${collection}".*MONGODB_DB, or empty it yourself`,
        ),
      );
      expect(await db.collection('audit_vault_suite').countDocuments({})).to.equal(0);
      expect(await probe.empty().catch((error: unknown) => error)).to.be.instanceOf(SuiteError);
      expect(await db.collection(collection).countDocuments({})).to.equal(1);
    });
  }
});
