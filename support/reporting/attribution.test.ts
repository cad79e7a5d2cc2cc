import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { type FixtureRun, fixtureRun, runNode } from './fixtures/fixture-run';
import { LEAKY_FEATURE, NARROW_FEATURE } from './fixtures/hostile';

/** Reads what a run's `conformance.json` says of requirements that had part in it. */
function resultsIn(json: string): Readonly<Record<string, string>> {
  const { requirements } = JSON.parse(json) as {
    readonly requirements: readonly { readonly id: string; readonly result: string }[];
  };
  return Object.fromEntries(
    requirements.filter(({ result }) => result !== 'not tested').map(({ id, result }) => [id, result]),
  );
}

describe('a run whose scenarios end with what they are not about', () => {
  let run: FixtureRun;
  before(async () => {
    run = await fixtureRun(LEAKY_FEATURE);
  });
  after(() => run.remove());

  it('holds it against the requirement that was named, on the console', () => {
    expect(run.output).to.contain('Verdict: does not conform: RES-3, SEC-2');
    expect(run.output).to.match(/A scenario about something else[^\n]*\n +promised, SEC-2: /);
    expect(run.output).to.contain('[SEC-2]');
  });

  it('and in conformance.json, with the scenario for a witness', () => {
    expect(resultsIn(run.read('conformance.json'))).to.deep.equal({
      'RES-1': 'held',
      'RES-3': 'broken',
      'SEC-2': 'broken',
    });
    const { requirements } = JSON.parse(run.read('conformance.json'));
    const { scenarios } = requirements.find(({ id }: { readonly id: string }) => id === 'SEC-2');
    expect(scenarios[0]).to.deep.include({ name: 'A scenario about something else', broke: ['SEC-2'] });
  });

  it('and on both pages, which say nothing of the attachment that tells it', () => {
    const page = run.read('conformance.html');
    expect(page).to.match(/id="SEC-2" data-status="broken"[\s\S]*A scenario about something else/);
    expect(page).to.contain('broke SEC-2, not this');
    expect(run.html).to.contain('broken beside what the scenario is about');
    for (const html of [page, run.html]) expect(html).to.not.contain('left out');
  });

  it('and after a merge', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'audit-vault-merge-'));
    try {
      const { output, exitCode } = await runNode(
        ['-r', 'ts-node/register', 'support/run/merge.ts', run.fileOf('messages.ndjson')],
        { AUDIT_VAULT_REPORTS: folder },
      );
      expect(output).to.contain('Verdict: does not conform: RES-3, SEC-2');
      expect(exitCode).to.equal(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is put up with only where what was found is known, too', async () => {
    const list = run.fileOf('known.yaml');
    const entries = ['- requirement: RES-3\n  reason: ticket 1', '- requirement: SEC-2\n  reason: ticket 2'];
    for (const [known, failed] of [
      [entries, 0],
      [entries.slice(0, 1), 2],
      [entries.slice(1), 1],
    ] as const) {
      writeFileSync(list, known.join('\n'));
      const again = await fixtureRun(LEAKY_FEATURE, { KNOWN_FAILURES: list });
      expect(again.read('junit.xml')).to.contain(`failures="${failed}"`);
      expect(again.output.match(/✗ A scenario/g) ?? []).to.have.length(failed);
      await again.remove();
    }
  });
});

describe('a run in which a step fails that speaks of one requirement of its scenario alone', () => {
  it('breaks that, and says of the other that it was not reached', async () => {
    const run = await fixtureRun(NARROW_FEATURE);
    try {
      expect(run.output).to.contain('Verdict: does not conform: RES-33');
      expect(resultsIn(run.read('conformance.json'))).to.deep.equal({ 'RES-33': 'broken' });
      expect(run.read('conformance.json')).to.contain('not reached: a scenario of it failed');
    } finally {
      await run.remove();
    }
  });
});
