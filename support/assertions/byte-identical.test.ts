import { describe, it } from 'node:test';
import { AssertionError, expect, use } from 'chai';
import chaiAsPromised from 'chai-as-promised';
import { payload } from '../bytes/payloads';
import { byteIdentical } from './byte-identical';

use(byteIdentical);
use(chaiAsPromised);

function failureOf(assertion: () => void): Error & { readonly actual: unknown; readonly expected: unknown } {
  try {
    assertion();
  } catch (error) {
    if (error instanceof AssertionError) return error as never;
    throw error;
  }
  throw new Error('the assertion held');
}

describe('byteIdenticalTo', () => {
  it('holds for the same bytes, in whatever they are wrapped', () => {
    expect(Buffer.from('abc')).to.be.byteIdenticalTo(new Uint8Array([97, 98, 99]));
    expect(new Uint8Array()).to.be.byteIdenticalTo(Buffer.alloc(0));
    expect(payload('5 MiB')).to.be.byteIdenticalTo(payload('5 MiB'));
  });

  it('fails with the explanation', () => {
    const failure = failureOf(() =>
      expect(Buffer.from('{"a":1}')).to.be.byteIdenticalTo(Buffer.from('{"a":1.0}')),
    );
    expect(failure.message.split('\n').slice(0, 2)).to.deep.equal([
      'the vault returned 7 bytes, the provider served 9: first difference at byte 6 ($.a)',
      '  same structure, different bytes: number format (1 number: 1.0 became 1)',
    ]);
    expect(failure.stack).to.include('byte-identical.test.ts');
  });

  it('carries a label and other words for the two sides', () => {
    const wording = { expected: 'the vault stored', actual: 'storage holds' };
    const failure = failureOf(() =>
      expect(Buffer.from('1'), 'the object').to.be.byteIdenticalTo(Buffer.from('2'), wording),
    );
    expect(failure.message).to.match(
      /^the object: storage holds 1 byte, the vault stored 1: first difference at byte 0/,
    );
  });

  it('does not carry megabytes about, nor spend time on inspecting them', () => {
    const other = payload('5 MiB');
    other[5_000_000] = 0;
    const began = performance.now();
    const failure = failureOf(() => expect(other).to.be.byteIdenticalTo(payload('5 MiB')));
    expect(performance.now() - began).to.be.lessThan(60_000);
    expect(JSON.stringify({ ...failure, message: failure.message }).length).to.be.lessThan(8_000);
    expect(failure.actual).to.match(/^5,242,880 bytes, sha256:[0-9a-f]{64}$/);
    expect(failure).to.include({ showDiff: false });
  });

  it('knows its negation', () => {
    expect(Buffer.from('a')).not.to.be.byteIdenticalTo(Buffer.from('b'));
    const failure = failureOf(() => expect(Buffer.from('a')).not.to.be.byteIdenticalTo(Buffer.from('a')));
    expect(failure.message).to.match(/^expected other bytes, but both are the same 1 byte, sha256:/);
  });

  it('takes nothing but bytes, negated or not', () => {
    for (const value of [undefined, null, 'abc', [97], { length: 3 }]) {
      const failure = failureOf(() => expect(value).to.be.byteIdenticalTo(Buffer.from('abc')));
      expect(failure.message).to.match(/^expected bytes, but there is only /);
      failureOf(() => expect(value).not.to.be.byteIdenticalTo(Buffer.from('abc')));
    }
    const failure = failureOf(() => expect(Buffer.from('a')).to.be.byteIdenticalTo(undefined as never));
    expect(failure.message).to.equal('there is nothing to compare with but undefined');
  });

  it('is known to chai-as-promised', async () => {
    await expect(Promise.resolve(Buffer.from('a'))).to.eventually.be.byteIdenticalTo(Buffer.from('a'));
    const failing = expect(Promise.resolve(Buffer.from('a'))).to.eventually.be.byteIdenticalTo(
      Buffer.from('b'),
    );
    await expect(Promise.resolve(failing)).to.be.rejectedWith(AssertionError, 'the vault returned 1 byte');
  });
});
