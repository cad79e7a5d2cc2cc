import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Envelope } from '@cucumber/messages';
import { expect } from 'chai';
import { type FixtureRun, fixtureRun, runNode } from '../../support/reporting/fixtures/fixture-run';
import { GREEN_FEATURE } from '../../support/reporting/fixtures/hostile';
import { wrongClaims } from './report-claims';

const KILLS = ['-r', 'ts-node/register', path.join('proving', 'steady', 'kills.ts')];

describe('what the reports of a run claim', () => {
  let run: FixtureRun;
  let envelopes: readonly Envelope[];
  before(async () => {
    run = await fixtureRun(GREEN_FEATURE);
    const lines = readFileSync(run.fileOf('messages.ndjson'), 'utf8').trim().split('\n');
    envelopes = lines.map((line) => JSON.parse(line) as Envelope);
  });
  after(() => run.remove());

  it('is true of one that came to its end', () => {
    expect(wrongClaims(run.fileOf(''), envelopes, 0)).to.deep.equal([]);
  });

  it('is wrong where they are green and the run has no end', () => {
    const problems = wrongClaims(run.fileOf(''), envelopes.slice(0, -1), 0);
    expect(problems.map((problem) => problem.split(';')[0])).to.deep.equal([
      'exit code 0 of a run without its end',
      'verdict conforms as far as tested',
      'index.html is green',
      'junit.xml is green',
      'rerun.txt says that nothing is left',
    ]);
  });

  it('is wrong where more passed than was told', () => {
    const unfinished = envelopes.filter(({ testCaseFinished }) => testCaseFinished === undefined);
    expect(wrongClaims(run.fileOf(''), unfinished, 0)).to.include.members([
      'junit.xml has 2 that passed, of 0',
      'index.html has 2 that passed, of 0',
      'conformance.json has 2 that passed, of 0',
      'cucumber.json has 2 that passed, of 0',
    ]);
  });

  it('is true of runs that are killed at random moments', async () => {
    const { output, exitCode } = await runNode(
      [...KILLS, '--runs', '2', '--seed', '3', 'features/search.feature:8'],
      { AUDIT_VAULT_REPORTS: run.fileOf('kills') },
    );
    expect(exitCode, output).to.equal(0);
    expect(output).to.match(/\n\d runs? killed, 0 of them with a report that is not true\n$/);
  });
});
