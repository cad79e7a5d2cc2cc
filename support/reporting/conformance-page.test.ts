import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { type FixtureRun, fixtureRun } from './fixtures/fixture-run';
import { GREEN_FEATURE, RED_FEATURE } from './fixtures/hostile';

const UNPRINTABLE = /[^\P{C}\n\t]|[\u2028\u2029]/u;

describe('ConformancePage, for a run with hostile payloads', () => {
  let run: FixtureRun;
  let html = '';
  before(async () => {
    run = await fixtureRun(RED_FEATURE);
    html = run.read('conformance.html');
  });
  after(() => run.remove());

  it('holds no script but its own, and no tag that a payload brought', () => {
    expect(html.match(/<script/gi)).to.have.length(1);
    const bare = html.replace(/<script>[\s\S]*?<\/script>/, '').replace(/"[^"]*"/g, '""');
    expect(bare).to.not.match(/<(?:svg|img|object|iframe|base)\b/i);
    expect(bare).to.not.match(/<[^>]*\son\w+=/i);
    expect(html).to.not.match(UNPRINTABLE);
  });

  it('says of each requirement what came of it, in the words of its scenarios', () => {
    expect(html).to.match(
      /<details class="scenario failed" id="FID-1" data-status="broken" data-level="core" open>/,
    );
    expect(html).to.match(/id="FID-2" data-status="not tested"/);
    expect(html).to.contain('no scenario of it was part of this run');
    expect(html).to.match(/<b>When<\/b> the payload is/);
    expect(html).to.match(/<pre class="error">1 log is lost/);
  });
});

describe('ConformancePage, for a run without a fault', () => {
  it('says so, and shows what held', async () => {
    const run = await fixtureRun(GREEN_FEATURE);
    const html = run.read('conformance.html');
    await run.remove();
    expect(html).to.match(/id="FID-1" data-status="held"/);
    expect(html).to.contain('Conforms as far as tested');
    expect(html).to.not.contain('data-status="broken"');
  });
});

describe('RerunList', () => {
  it('names what failed or could not be judged, and nothing that was skipped', async () => {
    const red = await fixtureRun(RED_FEATURE);
    const lines = red.read('rerun.txt').trim().split('\n');
    await red.remove();
    expect(lines).to.have.length(6);
    for (const line of lines) expect(line).to.match(/fixture\.feature:\d+$/);
  });

  it('is an empty line after a run in which nothing did', async () => {
    const green = await fixtureRun(GREEN_FEATURE);
    expect(green.read('rerun.txt')).to.equal('\n');
    await green.remove();
  });
});
