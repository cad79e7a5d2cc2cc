import { describe, it } from 'node:test';
import { expect } from 'chai';
import { BadRequest, ZodRequestValidation } from './request-validation';

const validation = new ZodRequestValidation(['known']);
const RANGE = { start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z' };
const ingest = (changes: object = {}) =>
  validation.ingest({ provider_id: 'known', range: RANGE, ...changes });

describe('an ingest request', () => {
  it('is normal unless it says otherwise, and keeps its timestamps as they are', () => {
    expect(ingest()).to.deep.include({ providerId: 'known', range: RANGE, priority: 'normal' });
    expect(ingest({ priority: 'high', more: 1 }).priority).to.equal('high');
  });

  it('coalesces by instants', () => {
    const other = { start: '2026-01-01T00:00:00.000+00:00', end: '2026-01-02t00:00:00z' };
    expect(ingest({ range: other }).coalescingKey).to.equal(ingest().coalescingKey);
    const later = { ...RANGE, start: '2026-01-01T00:00:00.000000001Z' };
    expect(ingest({ range: later }).coalescingKey).to.not.equal(ingest().coalescingKey);
  });

  it('is refused when a member is wrong', () => {
    for (const changes of [
      { provider_id: 'unknown' },
      { provider_id: 1 },
      { range: undefined },
      { range: { ...RANGE, end: RANGE.start } },
      { range: { start: RANGE.end, end: RANGE.start } },
      { range: { ...RANGE, end: '2026-01-02T00:00:00+01:00' } },
      { priority: 'urgent' },
      { priority: null },
    ]) {
      expect(() => ingest(changes), JSON.stringify(changes)).to.throw(BadRequest);
    }
    for (const body of [undefined, null, [], 'text', 1]) {
      expect(() => validation.ingest(body)).to.throw(BadRequest, /^The body/);
    }
  });
});

describe('a page request', () => {
  it('has defaults', () => {
    expect(validation.page({})).to.deep.equal({ limit: 50, offset: 0 });
    expect(validation.page({ limit: '1000', offset: '7', x: 'y' })).to.deep.equal({ limit: 1000, offset: 7 });
  });

  it('is refused when it is not in whole numbers', () => {
    for (const query of [
      ...['0', '1001', '-1', '1.5', '1e2', '', ' 5', 'x'].map((limit) => ({ limit })),
      ...['-1', '0.5', 'x', '99999999999999999999'].map((offset) => ({ offset })),
      { limit: ['1', '2'] },
    ]) {
      expect(() => validation.page(query), JSON.stringify(query)).to.throw(BadRequest);
    }
  });
});

describe('credentials', () => {
  it('are of the one known type and fit into a header', () => {
    expect(validation.credentials({ provider_type: 'rest', api_key: 'k' })).to.deep.equal({ apiKey: 'k' });
    for (const body of [
      { provider_type: 'soap', api_key: 'k' },
      { provider_type: 'rest', api_key: '' },
      { provider_type: 'rest', api_key: ' ' },
      { provider_type: 'rest' },
      { provider_type: 'rest', api_key: 'a\r\nb' },
    ]) {
      expect(() => validation.credentials(body)).to.throw(BadRequest);
    }
  });

  it('are never quoted', () => {
    expect(() => validation.credentials({ provider_type: 'x', api_key: 'hunter2\n' })).to.throw(
      BadRequest,
      /^(?!.*hunter2)/,
    );
  });
});
