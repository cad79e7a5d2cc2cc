import { describe, it } from 'node:test';
import { expect } from 'chai';
import { matrixPage } from './page';

const row = {
  name: 'no-retry',
  sentence: 'gives up',
  requirement: 'RES-1',
  verdict: 'killed',
  isGood: true,
  why: '',
  by: [],
  seconds: 1,
};

describe('matrixPage', () => {
  it('escapes everything: failures quote payloads, and payloads are hostile', () => {
    const words = '</pre><script>alert(1)</script>';
    const by = [
      {
        uri: 'features/a.feature',
        line: 1,
        name: '<b>',
        tags: [],
        broke: [],
        status: 'failed' as const,
        words,
      },
    ];
    const page = matrixPage({ title: '<i>', sentences: ['"&"'], rows: [{ ...row, by, why: words }] });
    expect(page).not.to.match(/<script|<b>|<i>/);
    expect(page)
      .to.include('&lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;')
      .and.to.include('&quot;&amp;&quot;');
  });

  it('fetches nothing', () => {
    expect(matrixPage({ title: 'T', sentences: [], rows: [row] })).not.to.match(
      /(?:src|href)=|@import|url\(/,
    );
  });

  it('shows first what is amiss', () => {
    const page = matrixPage({
      title: 'T',
      sentences: [],
      rows: [row, { ...row, name: 'hot-retry', verdict: 'survived', isGood: false }],
    });
    expect(page.indexOf('hot-retry')).to.be.lessThan(page.indexOf('no-retry'));
  });
});
