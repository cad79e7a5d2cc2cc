import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { expect } from 'chai';
import { MongoClient } from 'mongodb';
import { SuiteError } from '../bytes/errors';
import { openOwnGround } from './own-ground';

describe('what a command stands on that runs scenarios by itself', () => {
  const folders: string[] = [];
  const ends: (() => Promise<void>)[] = [];
  const guard = {
    ownFolder: (folder: string) => void folders.push(folder),
    onEnd: (end: () => Promise<void>) => {
      ends.push(end);
      return () => undefined;
    },
  };

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });

  it('is a folder and a MongoDB, both left to the guard', async () => {
    const { temporaryFolder, mongo } = await openOwnGround(guard, 'ground-test', undefined);
    expect(folders).to.deep.equal([temporaryFolder]);
    expect(path.basename(temporaryFolder)).to.match(/^audit-vault-ground-test-/);
    expect(existsSync(temporaryFolder)).to.equal(true);
    const client = new MongoClient(mongo.uri, { serverSelectionTimeoutMS: 2_000 });
    try {
      expect((await client.db('admin').command({ ping: 1 })).ok).to.equal(1);
    } finally {
      await client.close();
    }
    expect(ends, "the MongoDB's").to.have.length(1);
  });

  it('leaves its folder to the guard even where there is no MongoDB to be had', async () => {
    const outcome = await openOwnGround(guard, 'ground-test', 'mongodb://127.0.0.1:9/').catch(
      (error: unknown) => error,
    );
    expect(outcome).to.be.instanceOf(SuiteError);
    expect(folders).to.have.length(1);
    expect(ends).to.deep.equal([]);
  });
});
