import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { type FixtureRun, fixtureRun } from './fixtures/fixture-run';
import { GREEN_FEATURE, LEAKY_FEATURE, RED_FEATURE } from './fixtures/hostile';

/** Everything that moves a terminal's cursor, reorders text or hides in it; line feeds and tabs are ours. */
const UNPRINTABLE = /[^\P{C}\n\t]|[\u2028\u2029]/u;
const SCRIPT = /<script>([\s\S]*?)<\/script>/;

describe('the index page, for a run with hostile payloads', () => {
  let run: FixtureRun;
  before(async () => {
    run = await fixtureRun(RED_FEATURE);
  });
  after(() => run.remove());

  it('holds no script but its own, which its policy names', () => {
    expect(run.html.match(/<script/gi)).to.have.length(1);
    expect(run.html.match(/<\/script/gi)).to.have.length(1);
    const hash = createHash('sha256')
      .update(SCRIPT.exec(run.html)?.[1] ?? '')
      .digest('base64');
    expect(run.html).to.contain(`script-src &#39;sha256-${hash}&#39;`);
  });

  it('has no tag or attribute that a payload brought', () => {
    // Text has its quotes escaped: what is left in quotes are values of attributes.
    const bare = run.html.replace(SCRIPT, '').replace(/"[^"]*"/g, '""');
    const tags = new Set([...bare.matchAll(/<([a-z]\w*)/gi)].map(([, tag]) => tag));
    expect([...tags].filter((tag) => /^(?:svg|script|object|iframe|base)$/i.test(tag ?? ''))).to.deep.equal(
      [],
    );
    expect(bare).to.not.match(/<[^>]*\son\w+=/i);
    expect(run.html).to.not.match(/src="(?!data:)/i);
    // Beside what lies beside the page, nothing is linked to.
    expect(run.html).to.not.match(
      /href="(?!data:|#|conformance\.(?:html|json)["#]|cucumber\.html"|junit\.xml")/i,
    );
    expect(run.html.match(/<img /g)).to.have.length(1);
  });

  it('shows what cannot be seen, and never as itself', () => {
    expect(run.html).to.not.match(UNPRINTABLE);
    for (const name of ['ESC', 'NUL', 'U+202E', 'U+2066', 'U+D800', 'BOM', 'CR']) {
      expect(run.html).to.contain(`&lt;${name}&gt;`);
    }
  });

  it('cuts what is long and says so', () => {
    expect(run.html).to.contain('5,242,880 characters');
    expect(run.html.length).to.be.below(1_000_000);
  });

  it('says what it left out', () => {
    expect(run.html).to.contain('Attachment of type text/html left out');
    expect(run.html).to.contain('Attachment of type application/octet-stream left out');
  });

  it('gives the verdict in words and lists what to look at, the failed first', () => {
    expect(run.html).to.contain('3 of 9 scenarios failed; 3 could not be judged, 1 was skipped, 2 passed.');
    const listed = [...run.html.matchAll(/<li><a href="#s-[\w-]+-(\d+)">/g)].map(([, line]) => Number(line));
    expect(listed).to.have.length(6);
    expect(listed).to.deep.equal(listed.toSorted((one, other) => one - other));
  });

  it('opens what did not pass, and nothing else', () => {
    const open = [...run.html.matchAll(/data-status="(\w+)"( open)?/g)].map(
      ([, status, is]) => `${status}${is ?? ''}`,
    );
    const expected = ['failed open', 'failed open', 'failed open', 'error open', 'error open', 'error open'];
    expect(open).to.deep.equal([...expected, 'skipped', 'passed', 'passed']);
  });

  it('quotes the message without the stack, and keeps frames of our own apart', () => {
    expect(run.html).to.match(/<pre class="error">the raw log is not what the provider served:/);
    expect(run.html).to.match(/<pre>at [^<]*hostile\.steps\.ts:\d+:\d+/);
    expect(run.html).to.not.contain('node_modules/');
  });

  it('shows a scenario that only its hook failed, why another was skipped, and which row ran', () => {
    expect(run.html).to.contain('1 log is lost: &quot;login&quot; was listed by a completed job');
    expect(run.html).to.contain('skipped: needs a real MongoDB &lt;b&gt;here&lt;/b&gt;');
    expect(run.html).to.contain('[empty]');
  });

  it('marks requirements, and only those', () => {
    const requirements = [...run.html.matchAll(/class="tag requirement">([^<]*)</g)].map(([, id]) => id);
    expect(requirements).to.deep.equal(['FID-1', 'FID-22', 'FID-3']);
  });
});

describe('the index page, for a run without a fault', () => {
  it('says so, with every scenario closed', async () => {
    const run = await fixtureRun(GREEN_FEATURE);
    expect(run.exitCode).to.equal(0);
    expect(run.html).to.contain('All 2 scenarios passed.');
    expect(run.html)
      .to.not.contain('What to look at')
      .and.not.match(/ open>/);
    await run.remove();
  });
});

describe('HtmlReport, for a run of several features', () => {
  it('lists them with what came of each, and links to it', async () => {
    const run = await fixtureRun([GREEN_FEATURE, LEAKY_FEATURE]);
    await run.remove();
    const listed = [
      ...run.html.matchAll(/<li><span class="icon (\w+)"[^>]*>.<\/span> <span><a href="#([\w-]+)">([^<]*)/g),
    ];
    expect(listed.map(([, status, , name]) => [status, name])).to.deep.equal([
      ['failed', 'Brownout'],
      ['passed', 'Fidelity'],
    ]);
    for (const [, , id] of listed) expect(run.html).to.contain(`<h3 id="${id}">`);
  });

  it('names the groups of examples', async () => {
    const run = await fixtureRun(RED_FEATURE);
    await run.remove();
    expect(run.html).to.match(
      /<p class="examples">Examples: Payloads of nothing<\/p>\s*<details[^>]* data-status="passed"/,
    );
  });
});
