import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { type FixtureRun, fixtureRun, runNode } from './fixtures/fixture-run';
import { DEADLY_FEATURE } from './fixtures/hostile';

const MERGE = ['-r', 'ts-node/register', path.join('support', 'run', 'merge.ts')];

/** A step calls `process.exit`: that ends the whole run, or one worker of it. */
const RUNS = [
  { processes: 'the one process', parallel: '0', ran: 1 },
  { processes: 'the one worker', parallel: '1', ran: 1 },
  { processes: 'one of two workers', parallel: '2', ran: 3 },
] as const;

for (const { processes, parallel, ran } of RUNS) {
  describe(`the reports of a run in which a step ends ${processes}`, () => {
    let run: FixtureRun;
    before(async () => {
      run = await fixtureRun(DEADLY_FEATURE, { FIXTURE_PARALLEL: parallel });
    });
    after(() => run.remove());
    const notRun = 4 - 1 - ran;

    it('name the scenario that was running as one that could not be judged', () => {
      expect(run.output).to.match(/\? A worker dies in the middle/);
      expect(run.output).to.contain('The run ended in the middle of it.');
      expect(run.html).to.match(/data-status="error" open>\s*<summary>[\s\S]*A worker dies in the middle/);
      expect(run.read('junit.xml')).to.match(
        /name="A worker dies in the middle"[^>]*>\s*<error message="The run ended in the middle of it\.">Then the worker dies /,
      );
      expect(run.read('rerun.txt').trim().split('\n')).to.have.length(1 + notRun);
    });

    it('say of those that never began that they did not run', () => {
      expect(run.html.match(/data-status="not-run"/g) ?? []).to.have.length(notRun);
      expect(run.read('junit.xml')).to.contain(`tests="4" skipped="${notRun}" failures="0" errors="1"`);
      expect(run.read('conformance.html')).to.match(/id="FID-2" data-status="not tested"/);
    });

    it('give no verdict, and no stack trace of a formatter', () => {
      expect(run.output).to.match(/\nVerdict: not judged: [^\n]*\n$/);
      expect(run.output).to.not.contain('node_modules');
      const { verdict, requirements } = JSON.parse(run.read('conformance.json'));
      expect(verdict).to.equal('not judged');
      const held = requirements.filter(({ result }: { readonly result: string }) => result === 'held');
      expect(held).to.have.length(ran === 1 ? 1 : 2);
      expect(JSON.parse(run.read('cucumber.json'))).to.have.length(1);
      expect(run.read('cucumber.html')).to.match(/<\/html>\s*$/);
    });

    it('are told again by their messages', async () => {
      const { output, exitCode } = await runNode([...MERGE, run.fileOf('')], {
        AUDIT_VAULT_REPORTS: run.fileOf('merged'),
      });
      expect(output).to.match(/\nVerdict: not judged: [^\n]*\n$/);
      expect(exitCode).to.equal(2);
      expect(run.read('merged/index.html')).to.match(/data-status="error" open>/);
    });
  });
}
