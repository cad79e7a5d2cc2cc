import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { announceEnd, isEnding } from './run-end';

describe('the word that a run ends', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'run-end-test-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is heard once it is said, and where the folder is gone', () => {
    expect(isEnding(folder)).to.equal(false);
    announceEnd(folder);
    expect(isEnding(folder)).to.equal(true);
    rmSync(folder, { recursive: true });
    expect(isEnding(folder)).to.equal(true);
  });
});
