import { describe, it } from 'node:test';
import type { World } from '@cucumber/cucumber';
import { expect } from 'chai';
import { boundedAttach } from './bounded-attach';

/** What reaches Cucumber of what is attached. */
function attached(attach: (bounded: World['attach']) => void): readonly unknown[] {
  const calls: unknown[][] = [];
  const cucumber = (...call: unknown[]): unknown => calls.push(call);
  attach(boundedAttach(cucumber as World['attach']));
  return calls[0] ?? [];
}

describe('what is attached', () => {
  it('goes as it is, as long as it is of a size that is read', () => {
    const picture = Buffer.from('<svg/>');
    const options = { mediaType: 'image/svg+xml', fileName: 'uploads' };
    expect(attached((attach) => attach(picture, options))).to.deep.equal([picture, options]);
    expect(attached((attach) => attach('text'))).to.deep.equal(['text', undefined]);
  });

  it('is cut where it is a longer text, and says how long it was', () => {
    const [text, type] = attached((attach) => attach(`{${'x'.repeat(2_000_000)}}`, 'application/json'));
    expect(type).to.equal('text/plain');
    expect(text).to.have.length.below(101_000);
    expect(text).to.match(/x\n… cut here: the whole has 2,000,002 characters$/);
  });

  it('is left out where it is a larger picture, with its size in its place', () => {
    const large = Buffer.alloc(3_000_000);
    expect(attached((attach) => attach(large, 'image/png'))).to.deep.equal([
      'image/png left out: it has 3,000,000 bytes',
      'text/plain',
    ]);
    expect(attached((attach) => attach(large.toString('base64'), 'base64:image/png'))[0]).to.equal(
      'image/png left out: it has 3,000,000 bytes',
    );
  });
});
