import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { describeRun, gitCommit, runDescription } from './run-description';

describe('runDescription', () => {
  it('knows what it can find out, and says unknown of the rest', () => {
    const { suite, vault, node, startedAt } = runDescription();
    expect([suite, vault, node]).to.deep.equal(['Audit Vault acceptance suite', 'unknown', process.version]);
    expect(startedAt.getTime()).to.be.at.most(Date.now());
  });

  it('takes in what it is told, piece by piece', () => {
    describeRun({ vault: 'reference vault, in-process' });
    describeRun({ s3: 'in memory', gitCommit: 'abc' });
    const { vault, s3, gitCommit: commit } = runDescription();
    expect([vault, s3, commit]).to.deep.equal(['reference vault, in-process', 'in memory', 'abc']);
  });
});

describe('gitCommit', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'audit-vault-git-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is unknown where there is no repository, and is found with loose and packed references', () => {
    expect(gitCommit(folder)).to.equal('unknown');
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@y', ...args], {
        cwd: folder,
        encoding: 'utf8',
      });
    git('init', '--quiet');
    expect(gitCommit(folder)).to.equal('unknown');
    git('commit', '--quiet', '--allow-empty', '-m', 'first');
    const commit = git('rev-parse', 'HEAD').slice(0, 12);
    expect(gitCommit(folder)).to.equal(commit);
    git('pack-refs', '--all');
    expect(gitCommit(folder)).to.equal(commit);
  });
});
