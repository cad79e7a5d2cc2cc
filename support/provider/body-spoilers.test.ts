import { describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { beginningOf, encodedIn, withDigest, wrongDigest } from './body-spoilers';
import { whole } from './provider-answer';

const BODY = Buffer.from('{"a":1}');

describe('spoilt bodies', () => {
  it('are in every coding that their header lists, in its order', () => {
    expect(gunzipSync(brotliDecompressSync(encodedIn('gzip, br', BODY)))).to.deep.equal(BODY);
    expect(gunzipSync(encodedIn('x-other,gzip', BODY))).not.to.deep.equal(BODY);
  });

  it('lack a byte at least', () => {
    expect([0, 0.5, 1].map((share) => beginningOf(BODY, share).byteLength)).to.deep.equal([0, 3, 6]);
  });

  it('have digests that are wrong in a part alone', () => {
    const right = Buffer.alloc(32);
    const [none = '', last = '', first = '', all = ''] = (
      ['none', 'its last characters', 'its first characters', 'all'] as const
    ).map((wrong) => wrongDigest(wrong, right));
    expect(none).to.equal('');
    expect([last.slice(0, 20), first.slice(-20)]).to.deep.equal([
      right.toString('base64').slice(0, 20),
      right.toString('base64').slice(-20),
    ]);
    expect(all.slice(0, 20)).not.to.equal(last.slice(0, 20));
  });

  it('have that digest alone, however the right one was named', () => {
    const answer = { status: 200, headers: { 'Content-Digest': 'right' }, body: BODY, delivery: whole };
    expect(withDigest(answer, 'wrong').headers).to.deep.equal({ 'content-digest': 'wrong' });
  });
});
