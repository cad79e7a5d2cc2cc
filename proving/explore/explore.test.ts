import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { expect } from 'chai';

const reports = mkdtempSync(path.join(tmpdir(), 'audit-vault-explore-'));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of the commands as npm does, on the reference vault with a defect where one is named. */
async function run(command: 'explore' | 'fuzz' | 'recall', args: string, defect?: string): Promise<Ended> {
  const { VAULT_COMMAND: _command, VAULT_BASE_URL: _baseUrl, ...environment } = process.env;
  const child = spawn(
    process.execPath,
    ['-r', 'ts-node/register', path.join(__dirname, `${command}.ts`), ...args.split(' ')],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...environment,
        AUDIT_VAULT_REPORTS: reports,
        ...(defect === undefined ? {} : { AUDIT_VAULT_DEFECT: defect }),
      },
    },
  );
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      texts[name] += chunk.toString();
    });
  }
  const [code]: (number | null)[] = await once(child, 'close');
  return { code: code ?? null, ...texts };
}

describe('npm run explore', () => {
  after(() => rmSync(reports, { recursive: true, force: true }));

  it('prints the shortest program that breaks a promise, and how to see it again', async () => {
    const { code, stdout } = await run(
      'explore',
      '--runs 20 --seed 9 --only waits',
      'log-lost-at-page-boundary',
    );
    expect(code, stdout).to.equal(1);
    expect(stdout).to.match(
      /The vault broke a promise in this program \(seed (?:9|1[0-2])(?:, made shorter from \d+ steps to \d)?\)/,
    );
    expect(stdout).to.match(/\n {2}(?:Given|And) "[^"]+" offers "log 1"/);
    const [, finding = ''] = /\n {2}(?:Then|And) (LOST: "log \d")/.exec(stdout) ?? [];
    const [, again = ''] = /See it again: npm run explore -- (.+)/.exec(stdout) ?? [];
    const second = await run('explore', again, 'log-lost-at-page-boundary');
    expect(second.code, second.stdout).to.equal(1);
    expect(second.stdout).to.contain(finding).and.to.contain(`See it again: npm run explore -- ${again}`);
    const mended = await run('explore', again);
    expect(mended.code, mended.stdout).to.equal(0);
    expect(mended.stdout).to.contain('1 program replayed, 0 broke a promise');
  });

  it('says in one sentence what it does not understand', async () => {
    const { code, stdout, stderr } = await run('explore', '--runs some');
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    expect(stderr).to.match(/^The suite could not judge: --runs needs a whole number [^\n]+\n$/);
  });
});

describe('npm run recall', () => {
  it('says of each defect whether programs find something, and what it is held against', async () => {
    const { code, stdout } = await run(
      'recall',
      '--only log-lost-at-page-boundary --duration 60 --workers 1 --seed 9',
    );
    expect(code, stdout).to.equal(0);
    expect(stdout).to.match(/\nlog-lost-at-page-boundary +FID-4 +after \d+\.\d s [A-Z]+-\d/);
    expect(stdout).to.contain('Something was found in 1 of 1.');
  });
});

describe('npm run fuzz', () => {
  it('prints the smallest payload that does not come back, explained, and how to see it again', async () => {
    const { code, stdout } = await run('fuzz', '--runs 250 --seed 1', 'byte-order-mark-stripped');
    expect(code, stdout).to.equal(1);
    expect(stdout).to.match(/the payload, \d bytes: <BOM>\S+\n/);
    expect(stdout).to.contain('byte order mark (removed)');
    const [, again = ''] = /See it again: npm run fuzz -- (.+)/.exec(stdout) ?? [];
    const second = await run('fuzz', again, 'byte-order-mark-stripped');
    expect(second.code, second.stdout).to.equal(1);
  });
});
