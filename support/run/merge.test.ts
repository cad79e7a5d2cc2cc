import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { type FixtureRun, fixtureRun, runNode } from '../reporting/fixtures/fixture-run';
import { RED_FEATURE } from '../reporting/fixtures/hostile';

const MERGE = ['-r', 'ts-node/register', path.join('support', 'run', 'merge.ts')];

/** What a set of reports says of each scenario and each requirement. */
function saidBy(read: (name: string) => string): object {
  const { verdict, requirements } = JSON.parse(read('conformance.json'));
  const html = read('index.html');
  const scenarios = [...html.matchAll(/<details class="scenario (\w+)" id="([^"]+)"/g)].map(
    ([, status, id]) => ({ status, id }),
  );
  return {
    verdict,
    requirements,
    scenarios,
    pictures: html.match(/<img /g)?.length,
    sentence: /\d+ of \d+ scenarios[^<]*/.exec(html)?.[0],
    rerun: read('rerun.txt').trim().split('\n').sort(),
  };
}

describe('npm run report:merge', () => {
  const runs: FixtureRun[] = [];
  let folder = '';
  before(async () => {
    // One feature file for all: ids and places have to be the same in the shards.
    const whole = await fixtureRun(RED_FEATURE);
    runs.push(whole);
    folder = whole.fileOf('');
    for (const shard of ['1/2', '2/2'])
      runs.push(
        await fixtureRun(RED_FEATURE, {
          FIXTURE_SHARD: shard,
          FIXTURE_FEATURE: whole.fileOf('fixture.feature'),
        }),
      );
  });
  after(async () => {
    for (const run of runs) await run.remove();
  });

  const merge = (files: readonly string[]): ReturnType<typeof runNode> =>
    runNode([...MERGE, ...files], { AUDIT_VAULT_REPORTS: path.join(folder, 'merged') });

  it('makes of shards the reports that one run of all of them would have written', async () => {
    const [whole, first, second] = runs;
    const { output, exitCode } = await merge([
      first?.fileOf('') ?? '',
      second?.fileOf('messages.ndjson') ?? '',
    ]);
    expect(exitCode).to.equal(1);
    expect(output).to.contain('3 of 9 scenarios failed');
    expect(saidBy((name) => whole?.read(path.join('merged', name)) ?? '')).to.deep.equal(
      saidBy((name) => whole?.read(name) ?? ''),
    );
    expect(whole?.read('merged/junit.xml')).to.contain('<testsuite ');
    expect(whole?.read('merged/cucumber.html')).to.contain('Only the ledger notices');
  });

  it('says how much is missing when a shard is', async () => {
    const { output, exitCode } = await merge([runs[1]?.fileOf('') ?? '']);
    expect(output).to.match(/\d scenarios of the features ran in none of these files\./);
    expect(exitCode).to.equal(1);
  });

  for (const [what, files, words] of [
    [
      'the same run twice',
      () => [runs[0]?.fileOf('messages.ndjson'), runs[1]?.fileOf('messages.ndjson')],
      /was run in .* and again in/,
    ],
    ['nothing', () => [], /There is nothing to merge/],
    ['a folder without messages', () => [path.join(__dirname, '..', 'process')], /holds no messages\.ndjson/],
    ['what is not there', () => ['/no/such/file'], /does not exist/],
    ['what are no messages', () => [__filename], /line 1 is no message of Cucumber/],
  ] as const) {
    it(`refuses ${what} in one sentence`, async () => {
      const { output, exitCode } = await merge(files().map((file) => file ?? ''));
      expect(exitCode).to.equal(2);
      expect(output).to.match(words);
      expect(output.trim().split('\n')).to.have.length(1);
    });
  }
});
