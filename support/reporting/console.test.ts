import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { type FixtureRun, fixtureRun } from './fixtures/fixture-run';
import { GREEN_FEATURE, RED_FEATURE } from './fixtures/hostile';

const UNPRINTABLE = /[^\P{C}\n]|[\u2028\u2029]/u;

describe('ConsoleReport, for a red run', () => {
  let run: FixtureRun;
  before(async () => {
    run = await fixtureRun(RED_FEATURE);
  });
  after(() => run.remove());

  it('sends nothing to a terminal that the terminal would obey', () => {
    expect(run.output).to.not.match(UNPRINTABLE);
    expect(run.output.length).to.be.below(60_000);
  });

  it('tells what failed, in words and with its place', () => {
    expect(run.output).to.contain('    ✗ Hostile attachments <script>');
    expect(run.output).to.match(
      /✗ Then the vault altered it\n +the raw log is not what the provider served:/,
    );
    expect(run.output).to.match(
      /at \S+fixture\.feature:13, support\/reporting\/fixtures\/hostile\.steps\.ts:\d+\n/,
    );
    expect(run.output).to.contain('in the report:').and.contain('Questions to the vault and its answers');
    expect(run.output).to.not.contain('node_modules');
  });

  it('keeps what chai says beside the difference', () => {
    expect(run.output).to.contain("expected { state: 'completed' } to deeply equal { state: 'failed' }");
    expect(run.output).to.match(/- {2}"state": "completed"\n +\+ {2}"state": "failed"/);
  });

  it('tells of a hook that failed, and where its scenario is', () => {
    expect(run.output).to.match(/✗ \(after the scenario\) settle, judge the ledger\n +1 log is lost/);
  });

  it('offers a definition for an undefined step', () => {
    expect(run.output).to.contain(
      "When('the auditor\\'s clerk asks {int} times for {string}:', async function (this: VaultWorld, int: number, string: string, docString: string) {",
    );
  });

  it('says why a scenario was skipped, and which row of an outline ran', () => {
    expect(run.output).to.match(
      /- Two vaults on one store .*\n +skipped: needs a real MongoDB <b>here<\/b>\n/,
    );
    expect(run.output).to.match(/✓ The same name for each row \[empty\]/);
  });

  it('ends with what to look at, the counts, the time, the report and the verdict, and no word of the reporter', () => {
    expect(run.output).to.match(
      /To look at[^\n]*\n {2}✗ the raw log is not what the provider served: at a fake frame[^\n]*\n {6}\S+fixture\.feature:7 {2}Hostile[\s\S]*\n3 of 9 scenarios failed; 3 could not be judged, 1 was skipped, 2 passed\. \([^)]+\)\nReport: \S+\/index\.html\n\nConformance\n[\s\S]*\nVerdict: \S[^\n]*\n$/,
    );
    expect(run.output).to.not.contain('generated successfully');
  });
});

describe('ConsoleReport, for a green run', () => {
  const escapes = async (env: NodeJS.ProcessEnv): Promise<boolean> => {
    const run = await fixtureRun(GREEN_FEATURE, env);
    await run.remove();
    expect(run.output).to.contain('✓').and.contain('All 2 scenarios passed.');
    return run.output.includes('\u001b[');
  };

  it('is plain where no terminal is, coloured where that is forced', async () => {
    expect(await escapes({})).to.equal(false);
    expect(await escapes({ FORCE_COLOR: '1' })).to.equal(true);
  });

  it('prints each feature once and in its order with --parallel', async () => {
    const run = await fixtureRun(GREEN_FEATURE, { FIXTURE_PARALLEL: '2' });
    await run.remove();
    expect(run.output.match(/^Fidelity /gm)).to.have.length(1);
    expect(run.output).to.match(/ {4}✓ A payload comes back .*\n {4}✓ Another payload comes back /);
  });
});
