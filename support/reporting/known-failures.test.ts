import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { SuiteError } from '../bytes/errors';
import type { BrokenRequirements } from './broken-requirements';
import { type FixtureRun, fixtureRun } from './fixtures/fixture-run';
import { GREEN_FEATURE, RED_FEATURE } from './fixtures/hostile';
import { KnownFailures, readKnownFailures, refuseUnknownScenarios, scenarioNames } from './known-failures';

let folder = '';
const fileOf = (text: string): string => {
  const file = path.join(folder, 'known.yaml');
  writeFileSync(file, text);
  return file;
};

before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'audit-vault-known-'));
});
after(() => rmSync(folder, { recursive: true }));

describe('readKnownFailures', () => {
  it('reads requirements and scenarios, with their reasons', () => {
    const file = fileOf(
      '- requirement: FID-1\n  reason: ticket 7\n- scenario: A comparison\n  reason: later\n',
    );
    expect(readKnownFailures(file).entries).to.deep.equal([
      { about: 'FID-1', reason: 'ticket 7' },
      { about: 'A comparison', reason: 'later' },
    ]);
  });

  it('takes an empty file for an empty list', () => {
    expect(readKnownFailures(fileOf('# nothing any more\n')).entries).to.deep.equal([]);
  });

  for (const [what, text, words] of [
    ['no YAML', '- [', /line \d+ is not valid YAML/],
    ['no list', 'FID-1: why', /is not a list/],
    ['an entry without a reason', '\n- requirement: FID-1\n', /line 2 is no known failure/],
    ['an entry of another kind', '- tag: FID-1\n  reason: why\n', /line 1 is no known failure/],
    ['an unknown requirement', '- requirement: FID-999\n  reason: why\n', /line 1 names FID-999/],
  ] as const) {
    it(`refuses ${what} in one sentence that names the place`, () => {
      expect(() => readKnownFailures(fileOf(text))).to.throw(SuiteError, words);
    });
  }

  it('refuses a file that is not there', () => {
    expect(() => readKnownFailures(path.join(folder, 'none.yaml'))).to.throw(
      SuiteError,
      /cannot be read \(ENOENT\)/,
    );
  });
});

const OWN: BrokenRequirements = { own: true, found: [] };

describe('KnownFailures', () => {
  const known = new KnownFailures([{ about: 'FID-1', reason: 'ticket 7' }]);
  const scenario = { name: 'a', tags: ['@core', '@FID-1'], broken: OWN };
  const other = { name: 'b', tags: ['@FID-1'], broken: OWN };

  it('knows a scenario by the id of its requirement', () => {
    expect(known.reasonFor(scenario)).to.equal('ticket 7');
    expect(known.reasonFor({ name: 'c', tags: ['@FID-10'], broken: OWN })).to.equal(undefined);
  });

  it('knows what was found beside the point of a scenario by its own id alone', () => {
    const list = new KnownFailures([
      { about: 'RES-1', reason: 'ticket 1' },
      { about: 'SEC-2', reason: 'ticket 2' },
    ]);
    const reason = (own: boolean, ...found: readonly string[]): string | undefined =>
      list.reasonFor({ name: 'c', tags: ['@RES-1', '@RES-3'], broken: { own, found } });
    expect(reason(true)).to.equal('ticket 1');
    expect(reason(false, 'SEC-2')).to.equal('ticket 2');
    expect(reason(true, 'SEC-2')).to.equal('ticket 1; ticket 2');
    expect(reason(true, 'RES-3'), 'what the scenario is about').to.equal('ticket 1');
    expect(reason(false, 'RES-3')).to.equal(undefined);
    expect(reason(true, 'API-2')).to.equal(undefined);
    expect(reason(false, 'SEC-2', 'API-2')).to.equal(undefined);
  });

  it('does not take one for held that any scenario might still break', () => {
    const list = new KnownFailures([{ about: 'SEC-2', reason: 'ticket 2' }]);
    const about = { name: 'a', tags: ['@SEC-2'], broken: { own: false, found: [] }, status: 'passed' };
    const another = { ...other, broken: { own: false, found: ['SEC-2'] }, status: 'failed' };
    expect(list.thatHold([about], [])).to.have.length(1);
    expect(list.thatHold([about], [other])).to.have.length(0);
    expect(list.thatHold([about, another], [])).to.have.length(0);
  });

  it('says that one holds only when all of its scenarios ran, and none failed', () => {
    const passed = { ...scenario, status: 'passed' };
    expect(known.thatHold([passed], [])).to.have.length(1);
    expect(known.thatHold([passed], [other])).to.have.length(0);
    expect(known.thatHold([passed, { ...other, status: 'failed' }], [])).to.have.length(0);
    expect(known.thatHold([passed, { ...other, status: 'error' }], [])).to.have.length(0);
    expect(known.thatHold([passed, { ...other, status: 'skipped' }], [])).to.have.length(1);
    expect(known.thatHold([{ ...scenario, status: 'skipped' }], [])).to.have.length(0);
  });
});

describe('reports of a run with known failures', () => {
  let run: FixtureRun;
  before(async () => {
    const list = [
      '- requirement: FID-1\n  reason: "ticket 7 <b>\u202E"',
      '- scenario: Only the ledger notices\n  reason: ticket 8',
      '- scenario: The same name for each row\n  reason: ticket 9',
    ];
    run = await fixtureRun(RED_FEATURE, { KNOWN_FAILURES: fileOf(list.join('\n')) });
  });
  after(() => run.remove());

  it('tell them apart from failures, with the reason', () => {
    expect(run.output).to.match(/! Only the ledger notices .*\n +known to fail: ticket 8\n +1 log is lost/);
    expect(run.output).to.contain(
      '1 of 9 scenarios failed; 3 could not be judged, 2 failed as known, 1 was skipped',
    );
    expect(run.html).to.contain('known to fail: ticket 7 &lt;b&gt;&lt;U+202E&gt;');
    expect(run.read('conformance.html')).to.match(/id="FID-1" data-status="known failure"/);
    expect(JSON.parse(run.read('conformance.json')).verdict).to.contain('FID-1 (known)');
    expect(run.read('rerun.txt').trim().split('\n')).to.have.length(4);
  });

  it('tell a CI server that they were skipped, and why, like those that need another target', () => {
    const junit = run.read('junit.xml');
    expect(junit).to.match(/tests="10" skipped="3" failures="2" errors="3"/);
    expect(junit).to.match(
      /<skipped message="known to fail: ticket 8">known to fail: ticket 8\s+[^<]*1 log is lost/,
    );
    expect(junit).to.contain('known to fail: ticket 7 &lt;b&gt;&lt;U+202E&gt;');
    expect(junit).to.contain('>skipped: needs a real MongoDB &lt;b&gt;here&lt;/b&gt;</skipped>');
  });

  it('say which of them held', () => {
    expect(run.output).to.match(
      /1 known failure held: take what holds off the list\.\n +The same name for each row \(ticket 9\)/,
    );
    expect(run.html).to.contain('The same name for each row (ticket 9)');
    expect(run.read('junit.xml')).to.match(
      /name="Known failure: The same name for each row"[^>]*>\s*<failure message="It held, and was known/,
    );
  });
});

describe('reports of a run in which nothing failed, and what is known to fail held', () => {
  it('all tell that, and are red', async () => {
    const list = fileOf('- requirement: FID-1\n  reason: ticket 7');
    const run = await fixtureRun(GREEN_FEATURE, { KNOWN_FAILURES: list });
    expect(run.output).to.match(/\nVerdict: 1 known failure held: FID-1\n$/);
    expect(run.html).to.match(/<p class="verdict failed">[^\n]*1 known failure held/);
    expect(run.read('conformance.html')).to.match(/<p class="verdict failed">[^\n]*1 known failure held: /);
    const { verdict, knownThatHold } = JSON.parse(run.read('conformance.json'));
    expect(verdict).to.equal('1 known failure held: FID-1');
    expect(knownThatHold).to.deep.equal([{ about: 'FID-1', reason: 'ticket 7' }]);
    expect(run.read('junit.xml')).to.match(/tests="3" skipped="0" failures="1" errors="0"/);
    await run.remove();
  });
});

describe('a list of known failures', () => {
  const names = ['A log comes back', 'A log of <size> bytes (<unit>) is lost'];
  const refusal = (about: string): unknown => {
    try {
      refuseUnknownScenarios(new KnownFailures([{ about, reason: 'later' }]), names);
      return 'nothing';
    } catch (error) {
      return error instanceof SuiteError ? error.message : error;
    }
  };

  it('may name requirements, scenarios and rows of outlines', () => {
    for (const about of ['FID-1', 'A log comes back', 'A log of 7 bytes (all) is lost']) {
      expect(refusal(about), about).to.equal('nothing');
    }
  });

  it('is refused where it names a scenario that is nowhere', () => {
    expect(refusal('A log come back')).to.equal(
      'The known failures name the scenario "A log come back", which no feature has: did you mean "A log comes back"?',
    );
  });

  it('may name every scenario that the features have', () => {
    expect(scenarioNames()).to.include('The object is put back').and.to.have.length.above(150);
  });
});
