import { describe, it } from 'node:test';
import { expect } from 'chai';
import { withHostileMember } from './hostile-members';
import { padded, requestOf } from './ingest-request';

describe('an ingestion request', () => {
  it('is right in everything but the member it is about', () => {
    const { body } = requestOf('whose start is "yesterday"');
    expect(JSON.parse(body.toString())).to.deep.equal({
      provider_id: 'okta_system_log',
      range: { start: 'yesterday', end: '2999-12-31T00:00:00Z' },
      priority: 'normal',
    });
  });

  it('lacks a member that is missing', () => {
    expect(JSON.parse(requestOf('whose range is missing').body.toString())).not.to.have.property('range');
    expect(JSON.parse(requestOf('whose end is missing').body.toString()).range).not.to.have.property('end');
  });

  it('names a range as it is given', () => {
    expect(JSON.parse(requestOf('from a to b').body.toString()).range).to.deep.equal({
      start: 'a',
      end: 'b',
    });
  });

  for (const [bytes, width] of [
    [65_537, 'one byte'],
    [65_538, 'two bytes'],
    [65_539, 'two bytes'],
  ] as const) {
    it(`has exactly ${bytes} bytes of JSON in characters of ${width}`, () => {
      const { body } = requestOf(`of ${bytes} bytes, ${width} each`);
      expect(Buffer.byteLength(body)).to.equal(bytes);
      expect(() => JSON.parse(body.toString())).not.to.throw();
    });
  }

  it('is padded to a length without a change to what it says', () => {
    const document = padded({ provider_id: 'okta_system_log' }, 200);
    expect(Buffer.byteLength(JSON.stringify(document))).to.equal(200);
    expect(document.provider_id).to.equal('okta_system_log');
  });

  for (const words of [
    'without a body',
    'cut off half-way',
    'with a comment',
    'with NaN in it',
    'in UTF-16',
    'as a form',
  ]) {
    it(`is no JSON when it is sent ${words}`, () => {
      expect(() => JSON.parse(requestOf(words).body.toString())).to.throw(SyntaxError);
    });
  }

  it('goes without a media type when it has none', () => {
    expect(requestOf('declared as nothing').headers).to.deep.equal({});
    expect(requestOf('declared as text/plain').headers).to.deep.equal({ 'content-type': 'text/plain' });
  });

  it('says which words it knows', () => {
    expect(() => requestOf('nonsense')).to.throw('no request is called "nonsense"');
    expect(() => requestOf('whose colour is "red"')).to.throw('no member is called "colour"');
    expect(() => requestOf('of 100 bytes, three bytes each')).to.throw('no character takes "three bytes"');
  });
});

describe('a hostile member', () => {
  const request = { provider_id: 'p', range: { start: 'a', end: 'b' } };

  it('is sent, and does nothing to the request itself', () => {
    const sent = JSON.stringify(withHostileMember(request, '__proto__'));
    expect(sent).to.contain('"__proto__":{"provider_id"');
    expect(Object.getPrototypeOf(withHostileMember(request, '__proto__'))).to.equal(Object.prototype);
  });

  it('may lie in the range, and may go through a constructor', () => {
    expect(JSON.stringify(withHostileMember(request, '__proto__ to the range').range)).to.contain(
      '"__proto__"',
    );
    expect(JSON.stringify(withHostileMember(request, 'constructor'))).to.contain(
      '"constructor":{"prototype"',
    );
  });
});
