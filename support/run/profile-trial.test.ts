import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { runNode } from '../reporting/fixtures/fixture-run';
import { REFERENCE_VAULT } from './default-vault';

const TRIAL = ['-r', 'ts-node/register', path.join('support', 'run', 'check-profile.ts')];
const VAULT = { VAULT_COMMAND: REFERENCE_VAULT, VAULT_BASE_URL: '', VAULT_PROFILE: '' };

describe('npm run profile', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'profile-trial-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const tryOn = async (
    text: string,
  ): Promise<{ readonly output: string; readonly exitCode: number | null }> => {
    const file = path.join(folder, 'acme.yaml');
    writeFileSync(file, text);
    return await runNode([...TRIAL, file], VAULT);
  };

  it('finds all in a vault whose shape is as its profile says', async () => {
    const { output, exitCode } = await tryOn('vault: Acme');
    expect(exitCode, output).to.equal(0);
    expect(output).not.to.contain('✗');
    expect(output.match(/✓/g)?.length).to.be.above(20);
  });

  it('says which members are wrong, and of those alone', async () => {
    const { output, exitCode } = await tryOn(
      [
        'answers: { missing_object: 424 }',
        'checksum: { header: X-Other }',
        'job_errors: { provider_rejected: REFUSED, storage_unavailable: DOWN }',
        'provider: { health: { path: /ping } }',
        'objects: { manifest: "m/{job_id}" }',
      ].join('\n'),
    );
    expect(exitCode, output).to.equal(1);
    const wrong = [...output.matchAll(/✗ ([^ \n]+(?: [^ \n]+){0,3})/g)].map(([, words]) => words);
    expect(wrong, output).to.deep.equal([
      'provider.health: POST /v1/providers/validate with',
      'the manifest of the',
      'its header x-other: missing',
      'answers.missing_object: a log without',
      'job_errors.provider_rejected: a job whose',
      'job_errors.storage_unavailable: a job whose',
    ]);
  });

  it('shows the cause alone where nothing else can be looked at', async () => {
    const { output, exitCode } = await tryOn('provider: { authorization: { header: X-Api-Key } }');
    expect(exitCode, output).to.equal(1);
    expect(output).to.match(/✗ the job that was to bring one log ended failed \(provider_unauthorized/);
    expect(output).to.match(/✗ the provider turned away GET .*without the key/);
    expect(output).not.to.contain('✗ metadata');
  });
});
