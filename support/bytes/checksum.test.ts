import { describe, it } from 'node:test';
import { expect } from 'chai';
import { checksumOf, isChecksum } from './checksum';

const OF_NOTHING = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

describe('checksumOf', () => {
  it('is the SHA-256 of the bytes, as the contract writes it', () => {
    expect(checksumOf(new Uint8Array())).to.equal(OF_NOTHING);
    expect(checksumOf(Buffer.from('abc'))).to.equal(
      'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('sees only its own window of a larger buffer', () => {
    expect(checksumOf(Buffer.from('xabcx').subarray(1, 4))).to.equal(checksumOf(Buffer.from('abc')));
  });
});

describe('isChecksum', () => {
  it('accepts what checksumOf makes', () => {
    expect(isChecksum(checksumOf(Buffer.from('any')))).to.equal(true);
  });

  it('refuses anything else', () => {
    const others = [
      undefined,
      null,
      42,
      '',
      OF_NOTHING.slice(7),
      OF_NOTHING.slice(0, -1),
      `${OF_NOTHING}0`,
      `${OF_NOTHING}\n`,
      OF_NOTHING.toUpperCase(),
      OF_NOTHING.replace('sha256', 'sha512'),
      ` ${OF_NOTHING}`,
    ];
    for (const other of others) expect(isChecksum(other), String(other)).to.equal(false);
  });
});
