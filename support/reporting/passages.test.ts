import { describe, it } from 'node:test';
import { expect } from 'chai';
import { explainDifference } from '../bytes/byte-difference';
import { renderDifference } from '../bytes/render-difference';
import { passagesOf } from './passages';

describe('passagesOf', () => {
  it('takes the lines of bytes out of a difference, and nothing else', () => {
    const difference = explainDifference(
      Buffer.from('{"a":1.0,"b":"two"}'),
      Buffer.from('{"a":1,"b":"two"}'),
    );
    const words = difference === undefined ? '' : renderDifference(difference);
    const passages = passagesOf(words);
    expect(passages.map(({ text }) => text).join('\n')).to.equal(words);
    const [bytes, ...others] = passages.filter(({ isOfBytes }) => isOfBytes);
    expect(others).to.deep.equal([]);
    expect(bytes?.text.split('\n')).to.have.length(4);
    expect(bytes?.text)
      .to.match(/ {2}7b 22 61 22 3a 31 \[2e\] 30/)
      .and.contain('| ');
  });

  it('leaves words without bytes in one piece, quickly even where a vault means ill', () => {
    expect(passagesOf('no answer\n  to GET /v1/logs')).to.deep.equal([
      { text: 'no answer\n  to GET /v1/logs', isOfBytes: false },
    ]);
    const before = performance.now();
    passagesOf(`  ${'a  '.repeat(200_000)}`);
    expect(performance.now() - before).to.be.below(60_000);
  });
});
