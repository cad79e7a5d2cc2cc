import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { SuiteError } from '../bytes/errors';
import { lastFailures } from '../reporting/last-failures';
import { runArguments } from './arguments';

const IN_PROCESS = { cores: 2, startsVault: false };

describe('runArguments', () => {
  it("takes the suite's own arguments out, and leaves Cucumber's as they are", () => {
    const args = [
      '--tags',
      '@FID-1',
      '--quiet',
      '--known-failures',
      'known.yaml',
      'features/a.feature:12',
      '--name=x',
    ];
    expect(runArguments(args, IN_PROCESS)).to.deep.equal({
      cucumber: ['--tags', '@FID-1', 'features/a.feature:12', '--name=x'],
      environment: { AUDIT_VAULT_QUIET: '1', KNOWN_FAILURES: 'known.yaml' },
    });
    expect(runArguments(['--known-failures=a=b.yaml'], IN_PROCESS).environment).to.deep.equal({
      KNOWN_FAILURES: 'a=b.yaml',
    });
  });

  it('shares a run of everything out among workers, and leaves a part to one', () => {
    const workers = (args: readonly string[], cores: number, startsVault = false): readonly string[] =>
      runArguments(args, { cores, startsVault }).cucumber.slice(args.length);
    expect(workers([], 2)).to.deep.equal(['--parallel', '3']);
    expect(workers([], 64)).to.deep.equal(['--parallel', '4']);
    expect(workers(['--order', 'random'], 2)).to.deep.equal(['--parallel', '3']);
    expect(workers([], 1)).to.deep.equal([]);
    for (const part of [
      '--tags=@FID-1',
      '-t',
      '--name',
      '--shard=1/2',
      '--dry-run',
      'features',
      'package.json:12:14',
    ]) {
      expect(workers([part], 2), part).to.deep.equal([]);
    }
    expect(workers(['--parallel', '3'], 2)).to.deep.equal([]);
  });

  it('gives each worker a vault of its own, or has only one', () => {
    for (const wire of [['--profile', 'wire'], ['--profile=wire'], ['-p', 'wire'], ['-pwire']]) {
      const workers = (startsVault: boolean): readonly string[] =>
        runArguments(wire, { cores: 2, startsVault }).cucumber.slice(wire.length);
      expect(workers(true)).to.deep.equal(['--parallel', '3']);
      expect(workers(false), wire.join(' ')).to.deep.equal([]);
    }
  });

  it('hands a seed on, and refuses one that is none', () => {
    for (const args of [['--seed', '42'], ['--seed=42']]) {
      expect(runArguments(args, IN_PROCESS).environment).to.deep.equal({ AUDIT_VAULT_SEED: '42' });
    }
    for (const args of [['--seed'], ['--seed=', '7'], ['--seed', '--quiet'], ['--seed', '0x7']]) {
      expect(() => runArguments(args, IN_PROCESS)).to.throw(SuiteError, '--seed names no seed');
    }
  });

  it('leaves programs out on request, and shares the rest out as before', () => {
    expect(runArguments(['--no-explore'], IN_PROCESS).cucumber).to.deep.equal([
      '--parallel',
      '3',
      '--tags',
      'not @programs',
    ]);
  });

  it('refuses a list that is not named', () => {
    for (const args of [['--known-failures'], ['--known-failures='], ['--known-failures', '--quiet']]) {
      expect(() => runArguments(args, IN_PROCESS)).to.throw(SuiteError, '--known-failures names no file');
    }
  });
});

describe('lastFailures', () => {
  const left = (files: Readonly<Record<string, string>>): ReturnType<typeof lastFailures> => {
    const folder = mkdtempSync(path.join(tmpdir(), 'audit-vault-rerun-'));
    try {
      for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
      return lastFailures(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it('names what the last run left, and where that was', () => {
    const report = JSON.stringify({ run: { mode: 'over the wire', seed: '42' } });
    expect(left({ 'rerun.txt': 'a.feature:1\nb.feature:2\n', 'conformance.json': report })).to.deep.equal({
      places: ['a.feature:1', 'b.feature:2'],
      wasOnTheWire: true,
      seed: '42',
    });
    expect(left({ 'rerun.txt': '\n' })).to.deep.equal({
      places: [],
      wasOnTheWire: false,
      seed: undefined,
    });
  });

  it('tells a green run from none, and from one that was broken off', () => {
    expect(() => left({})).to.throw(SuiteError, 'run npm run bdd first');
    expect(() => left({ 'rerun.txt': '', 'conformance.json': '' })).to.throw(
      SuiteError,
      'run npm run bdd first',
    );
  });
});
