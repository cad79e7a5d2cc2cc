import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { type FixtureRun, fixtureRun } from './fixtures/fixture-run';
import { DEADLY_FEATURE } from './fixtures/hostile';

describe('the reports of a run in which every worker died', () => {
  let run: FixtureRun;
  before(async () => {
    run = await fixtureRun(DEADLY_FEATURE, { FIXTURE_PARALLEL: '1' });
  });
  after(() => run.remove());

  it('name the scenario that was running as one that could not be judged', () => {
    expect(run.output).to.match(/\? A worker dies in the middle/);
    expect(run.output).to.contain('The run ended in the middle of it.');
    expect(run.html).to.match(/data-status="error" open>\s*<summary>[\s\S]*A worker dies in the middle/);
    expect(run.read('junit.xml')).to.match(
      /name="A worker dies in the middle"[^>]*>\s*<error message="Then the worker dies /,
    );
    expect(run.read('rerun.txt').trim().split('\n')).to.have.length(3);
  });

  it('say of those that never began that they did not run', () => {
    expect(run.html.match(/data-status="not-run"/g)).to.have.length(2);
    expect(run.read('junit.xml')).to.contain('tests="4" skipped="2" failures="0" errors="1"');
    expect(run.read('conformance.html')).to.match(/id="FID-3" data-status="not tested"/);
  });

  it('give no verdict, and no stack trace of a formatter', () => {
    expect(run.output).to.match(/\nVerdict: not judged: 1 scenario could not be judged[^\n]*\n$/);
    expect(run.output).to.not.contain('node_modules');
    const { verdict, requirements } = JSON.parse(run.read('conformance.json'));
    expect(verdict).to.equal('not judged');
    const held = requirements.filter(({ result }: { readonly result: string }) => result === 'held');
    expect(held).to.have.length(1);
    expect(JSON.parse(run.read('cucumber.json'))).to.have.length(1);
  });
});
