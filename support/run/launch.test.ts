import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { runNode } from '../reporting/fixtures/fixture-run';

const SUITE = ['-r', 'ts-node/register', path.join('support', 'run', 'bdd.ts')];
const ONE_FILE = ['features/brownout.feature', '--parallel', '0'];

describe('npm run bdd', { concurrency: 2 }, () => {
  let base: string;
  before(() => {
    base = mkdtempSync(path.join(tmpdir(), 'launch-test-'));
  });
  after(() => rmSync(base, { recursive: true }));

  const MISTAKES: readonly (readonly [readonly string[], RegExp])[] = [
    [['--paralel', '0'], /unknown option '--paralel' \(Did you mean --parallel\?\): correct it/],
    [['--parallel', 'x'], /--parallel must be a non negative integer: correct it/],
    [['--tags', '@core and'], /Tag expression "\(@core and\)" could not be parsed/],
    [['--name', '('], /Invalid regular expression: \/\(\/: Unterminated group: correct it/],
    [['--shard', '9'], /the shard option must be in the format/],
    [['features/brownout.feature', 'features/none.feature:3'], /features\/none\.feature:3 does not exist/],
    [['--known-failures', 'none.yaml'], /The known failures in none\.yaml cannot be read \(ENOENT\)/],
    [['--known-failures'], /--known-failures names no file/],
  ];
  for (const [args, words] of MISTAKES) {
    it(`says in every report what is wrong with ${args.join(' ')}`, async () => {
      const reports = path.join(base, args.join('-').replaceAll('/', '-'));
      const { output, exitCode } = await runNode([...SUITE, ...args], { AUDIT_VAULT_REPORTS: reports });
      expect(exitCode, output).to.equal(2);
      expect(output).to.match(words);
      expect(output.match(/\nVerdict: not judged: [^\n]*\n$/), output).to.have.length(1);
      const { verdict, reason } = JSON.parse(readFileSync(path.join(reports, 'conformance.json'), 'utf8'));
      expect(verdict).to.equal('not judged');
      expect(reason).to.match(words);
      expect(readFileSync(path.join(reports, 'junit.xml'), 'utf8')).to.contain('errors="1"');
    });
  }

  it('says that its reports cannot be written', async () => {
    const file = path.join(base, 'a-file');
    writeFileSync(file, '');
    const { output, exitCode } = await runNode([...SUITE, ...ONE_FILE], { AUDIT_VAULT_REPORTS: file });
    expect(exitCode, output).to.equal(2);
    expect(output).to.match(/\nVerdict: not judged: The reports cannot be written to [^\n]*\n$/);
    expect(output.match(/cannot be written/g)).to.have.length(1);
  });

  it('goes on to its reports where nobody reads its output any more', async () => {
    const reports = path.join(base, 'closed');
    const child = spawn(process.execPath, [...SUITE, ...ONE_FILE, '--dry-run'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, AUDIT_VAULT_REPORTS: reports },
    });
    child.stdout.destroy();
    let complaints = '';
    child.stderr.on('data', (chunk: Buffer) => {
      complaints += chunk;
    });
    const [code] = await once(child, 'exit');
    expect(code).to.equal(0);
    expect(complaints).not.to.contain('EPIPE');
    expect(readFileSync(path.join(reports, 'junit.xml'), 'utf8')).to.match(/tests="[1-9]/);
    expect(readFileSync(path.join(reports, 'cucumber.html'), 'utf8')).to.match(/<\/html>\s*$/);
  });
});
