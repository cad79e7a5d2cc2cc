import { describe, it } from 'node:test';
import { expect } from 'chai';
import { wrongWithoutMetadata } from './outage-verdict';

const answered = (status: number, headers: Readonly<Record<string, string>>, body = '{"error":"later"}') =>
  wrongWithoutMetadata({ status, headers, body: Buffer.from(body) });

describe('wrongWithoutMetadata', () => {
  it('lets a vault say that nobody knows just now', () => {
    expect(answered(503, { 'retry-after': '1' })).to.equal(undefined);
  });

  it('says what is wrong with anything else', () => {
    for (const status of [200, 202, 404, 500]) {
      expect(answered(status, { 'retry-after': '1' })).to.contain(`answered with ${status}`);
    }
    expect(answered(503, {})).to.contain('without Retry-After');
    expect(answered(503, { 'retry-after': 'soon' })).to.contain('without Retry-After');
    for (const body of ['', 'null', '{"message":"later"}']) {
      expect(answered(503, { 'retry-after': '1' }, body)).to.contain('no "error"');
    }
    expect(wrongWithoutMetadata('no answer (ETIMEDOUT)')).to.equal('no answer (ETIMEDOUT)');
  });
});
