import { describe, it } from 'node:test';
import { expect } from 'chai';
import { archiveVault, goVault, pythonVault } from './vaults';

describe('a vault in another language', () => {
  it('in Python is started by the interpreter that has what it needs', () => {
    const vault = pythonVault(() => '', '/usr/bin/python3');
    expect(vault).to.include({ start: '/usr/bin/python3 proving/foreign-vault/python/vault.py' });
  });

  it('in Python has a second shape, which its profile tells', () => {
    expect(archiveVault(() => '', '/usr/bin/python3')).to.deep.include({
      start: 'sh proving/foreign-vault/python/archive.sh',
      environment: {
        VAULT_PROFILE: 'proving/foreign-vault/python/archive.yaml',
        PYTHON: '/usr/bin/python3',
      },
    });
    expect(archiveVault(() => undefined)).to.have.property('missing');
  });

  it('in Python is missing where the interpreter lacks a package', () => {
    expect(pythonVault(() => undefined))
      .to.have.property('missing')
      .that.matches(/^python3 with boto3/);
  });

  it('in Go is built by the toolchain that is here, then started', () => {
    const vault = goVault(() => 'go version go1.26.8 linux/amd64', '/scratch');
    expect(vault).to.deep.include({
      build: ['go', '-C', 'proving/foreign-vault/go', 'build', '-o', '/scratch/vault', '.'],
      start: '/scratch/vault',
      environment: { GOTOOLCHAIN: 'local' },
    });
  });

  for (const [here, version] of [
    ['no Go', undefined],
    ['an older one', 'go version go1.24.13 linux/amd64'],
    ['something else by that name', 'Usage: go'],
  ]) {
    it(`in Go is missing where ${here} is here`, () => {
      expect(goVault(() => version, '/scratch')).to.include({ missing: 'Go 1.25 or newer is not here' });
    });
  }
});
