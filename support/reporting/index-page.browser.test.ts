import { existsSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { type FixtureRun, fixtureRun } from './fixtures/fixture-run';
import { GREEN_FEATURE, LEAKY_FEATURE, RED_FEATURE } from './fixtures/hostile';

const CHROMIUM = [
  process.env.CHROMIUM_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((file) => file !== '' && existsSync(file));
const skip =
  CHROMIUM === undefined ? 'no Chromium is installed; set CHROMIUM_PATH or install chromium' : false;
const PAGES = [
  ['red', 'index.html'],
  ['green', 'index.html'],
  ['leaky', 'index.html'],
  ['red', 'conformance.html'],
  ['green', 'conformance.html'],
] as const;
const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 900 };

describe('the report in a browser', { skip }, () => {
  let browser: Browser;
  const runs = new Map<string, FixtureRun>();
  before(async () => {
    const { chromium } = await import('playwright-core');
    browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox'] });
    runs.set('red', await fixtureRun(RED_FEATURE));
    runs.set('green', await fixtureRun(GREEN_FEATURE));
    runs.set('leaky', await fixtureRun([GREEN_FEATURE, LEAKY_FEATURE]));
  });
  after(async () => {
    await browser.close();
    for (const run of runs.values()) await run.remove();
  });

  const open = async (
    name: string,
    options: Parameters<Browser['newPage']>[0],
    { hash = '', file = 'index.html' } = {},
  ): Promise<Opened> => {
    const page = await browser.newPage(options);
    const noise: string[] = [];
    page.on('console', (message) => noise.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => noise.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => noise.push(`dialog: ${dialog.message()}`));
    const url = pathToFileURL(runs.get(name)?.fileOf(file) ?? '').href;
    page.on('request', (request) => {
      if (request.url() !== url + hash && !request.url().startsWith('data:'))
        noise.push(`request: ${request.url()}`);
    });
    await page.goto(url + hash);
    return { page, noise };
  };

  for (const viewport of [PHONE, DESKTOP]) {
    for (const [name, file] of PAGES) {
      it(`runs nothing, asks for nothing and fits: ${name} ${file}, ${viewport.width} wide`, async () => {
        const { page, noise } = await open(name, { viewport }, { file });
        await page.locator('#open-all').click();
        await page.evaluate(
          `document.querySelectorAll('details').forEach((details) => { details.open = true; })`,
        );
        await page.mouse.move(200, 300);
        expect(noise).to.deep.equal([]);
        expect(await page.title()).to.match(
          /^[✓✗] (?:Audit Vault acceptance suite|Conformance of an audit vault)$/,
        );
        const [scroll, client] = (await page.evaluate(
          '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
        )) as [number, number];
        expect(scroll, 'width of the document').to.be.at.most(client);
        await page.close();
      });
    }
  }

  for (const [colorScheme, file] of [
    ['light', 'index.html'],
    ['dark', 'index.html'],
    ['light', 'conformance.html'],
    ['dark', 'conformance.html'],
  ] as const) {
    it(`has no accessibility violation: ${file}, ${colorScheme}`, async () => {
      // Our policy keeps axe out as well, so it is lifted for this one.
      const { page } = await open('red', { colorScheme, viewport: PHONE, bypassCSP: true }, { file });
      await page.addScriptTag({ path: require.resolve('axe-core/axe.min.js') });
      const violations = await page.evaluate(
        `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 200)))`,
      );
      expect(violations).to.deep.equal([]);
      await page.close();
    });
  }

  it('filters by status and by words, and says how many are left', async () => {
    const { page } = await open('red', { viewport: DESKTOP });
    const visible = page.locator('details.scenario:visible');
    expect(await visible.count()).to.equal(9);
    await page.getByLabel(/^passed/).check();
    expect(await visible.count()).to.equal(2);
    await page.getByRole('searchbox').fill('NULL');
    expect(await visible.count()).to.equal(1);
    expect(await page.getByRole('status').textContent()).to.equal('1 of 9 scenarios shown');
    expect(await page.locator('.rule:visible').count()).to.equal(1);
    await page.getByRole('searchbox').fill('nothing at all');
    expect(await page.getByText('No scenario matches.').isVisible()).to.equal(true);
    await page.close();
  });

  it('opens the scenario that a link names', async () => {
    const [first = '', second = ''] = [
      ...(runs.get('green')?.html ?? '').matchAll(/<details[^>]* id="([^"]+)"/g),
    ].map(([, id]) => id ?? '');
    const { page } = await open('green', { viewport: DESKTOP }, { hash: `#${second}` });
    expect(await page.locator(`#${second}[open]`).count()).to.equal(1);
    expect(await page.locator(`#${first}[open]`).count()).to.equal(0);
    await page.close();
  });

  it('leads from a broken requirement to what was seen, and back', async () => {
    const { page } = await open('red', { viewport: DESKTOP }, { file: 'conformance.html' });
    await page.getByLabel(/^broken/).check();
    expect(await page.locator('details.scenario:visible').count()).to.equal(2);
    await page.getByLabel('extended').check();
    expect(await page.getByRole('status').textContent()).to.match(/^1 of \d+ requirements shown$/);
    await page
      .locator('#FID-3')
      .getByRole('link', { name: /^what was seen/ })
      .click();
    expect(page.url()).to.contain('/index.html#s-');
    expect(await page.locator('details.scenario[open]:target').count()).to.equal(1);
    await page.locator('details.scenario:target').getByRole('link', { name: 'FID-3' }).click();
    expect(page.url()).to.contain('/conformance.html#FID-3');
    await page.close();
  });
});

interface Opened {
  readonly page: Page;
  readonly noise: readonly string[];
}
