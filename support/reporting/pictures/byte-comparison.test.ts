import { describe, it } from 'node:test';
import { expect } from 'chai';
import { explainDifference } from '../../bytes/byte-difference';
import { withoutCounterpart } from './byte-alignment';
import { byteComparison } from './byte-comparison';

const whole = (text: string) => ({
  bytes: Buffer.from(text),
  changed: [0, Buffer.byteLength(text)] as const,
});

describe('withoutCounterpart', () => {
  it('marks what was taken out, not all that moved up behind it', () => {
    const marked = withoutCounterpart(whole('{"a": 1, "b": 2}'), whole('{"a":1,"b":2}'));
    expect([...marked.expected]).to.deep.equal([5, 8, 13]);
    expect([...marked.actual]).to.deep.equal([]);
  });

  it('marks both sides of an exchange', () => {
    const marked = withoutCounterpart(whole('1.0'), whole('1.5'));
    expect([[...marked.expected], [...marked.actual]]).to.deep.equal([[2], [2]]);
  });

  it('looks no further than a picture shows', () => {
    const marked = withoutCounterpart(whole('a'.repeat(1_000_000)), whole('b'.repeat(1_000_000)));
    expect(marked.expected.size).to.equal(192);
  });
});

describe('byteComparison', () => {
  const draw = (expected: Buffer, actual: Buffer, subject = 'the raw log "login"'): string => {
    const difference = explainDifference(expected, actual);
    if (difference === undefined) return '';
    return byteComparison({
      expected,
      actual,
      subject,
      wording: { expected: 'the provider served', actual: 'the vault returned' },
      offset: difference.offset,
      path: difference.path,
      changed: { expected: difference.expected.changed, actual: difference.actual.changed },
    }).svg;
  };

  it('shows offset, hex and text of both sides around the first difference', () => {
    const svg = draw(Buffer.from('{"amount": 1.0}'), Buffer.from('{"amount": 1}'));
    expect(svg).to.contain('first difference at byte 12').and.contain('at $.amount');
    expect(svg).to.contain('>0000008<').and.contain('15 bytes').and.contain('13 bytes');
    expect(svg.match(/stroke="var\(--bad\)"/g)).to.have.length(3);
  });

  it('shows an empty side', () => {
    expect(draw(Buffer.from('{}'), Buffer.alloc(0))).to.contain('0 bytes');
  });

  it('is small and harmless whatever the payloads hold', () => {
    const hostile = Buffer.from(`<script>alert(1)</script>]]>\u001b\u202E\0${'x'.repeat(5_000_000)}`);
    const svg = draw(
      hostile,
      Buffer.concat([Buffer.from([0xff]), hostile]),
      `<b>\u202E${'y'.repeat(100_000)}`,
    );
    expect(svg)
      .to.not.contain('<script')
      .and.not.contain('<b>')
      .and.not.match(/[^\P{C}\n]/u);
    expect(svg.length).to.be.below(60_000);
  });
});
