import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { type FixtureRun, fixtureRun, runNode } from '../reporting/fixtures/fixture-run';
import { GREEN_FEATURE, RED_FEATURE } from '../reporting/fixtures/hostile';

const MERGE = ['-r', 'ts-node/register', path.join('support', 'run', 'merge.ts')];

/** Everything a set of reports says of each scenario and each requirement. */
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
          FIXTURE_FEATURES: whole.fileOf('fixture.feature'),
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

  it('lists what is missing when a shard is, and is not judged', async () => {
    const green = await fixtureRun(GREEN_FEATURE, { FIXTURE_SHARD: '1/2' });
    const { output, exitCode } = await merge([green.fileOf('')]);
    await green.remove();
    expect(output).to.match(/\nVerdict: not judged: 1 scenario ran in none of these files\n$/);
    expect(exitCode).to.equal(2);
    const html = runs[0]?.read('merged/index.html') ?? '';
    expect(html)
      .to.contain('<p class="verdict error">')
      .and.match(/data-status="not-run"/);
    expect(runs[0]?.read('merged/junit.xml')).to.match(/errors="1"/);
  });

  it('says what is missing of a run that was cut short in the middle of a line', async () => {
    const green = await fixtureRun(GREEN_FEATURE);
    const messages = green.read('messages.ndjson');
    const end = messages.lastIndexOf('testStepFinished');
    writeFileSync(green.fileOf('messages.ndjson'), messages.slice(0, end));
    const { output, exitCode } = await merge([green.fileOf('messages.ndjson')]);
    await green.remove();
    expect(output).to.match(/\nVerdict: not judged: the run of \S+ ended before its last scenario\n$/);
    expect(exitCode).to.equal(2);
    expect(runs[0]?.read('merged/index.html')).to.match(/data-status="error"/);
  });

  it('is broken where a shard that is there broke a promise', async () => {
    const { exitCode } = await merge([runs[1]?.fileOf('') ?? '']);
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
