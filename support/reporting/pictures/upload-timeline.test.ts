import { describe, it } from 'node:test';
import { expect } from 'chai';
import { timedAttempts } from './upload-rounds';
import { uploadTimelines } from './upload-timeline';

const policy = { retryBaseMs: 30, retryMaxAttempts: 4 };
const upload = (arrivedMs: number, answer: string, key = 'a') => ({
  operation: 'PutObject',
  class: 'upload' as const,
  key,
  arrivedMs,
  answeredMs: arrivedMs + 1,
  answer,
  fault: answer === 'ok' ? undefined : answer,
});
const facts = { settings: policy, nameOf: () => undefined };

describe('timedAttempts', () => {
  it('sets each wait against the least that the contract asks for', () => {
    const waits = timedAttempts(
      [upload(0, '503 SlowDown'), upload(21, '503 SlowDown'), upload(30, '503 SlowDown'), upload(100, 'ok')],
      policy,
    ).map(({ wait }) => wait);
    expect(waits).to.deep.equal([
      { ms: 20, leastMs: 15, isTooShort: false },
      { ms: 8, leastMs: 30, isTooShort: true },
      { ms: 69, leastMs: 60, isTooShort: false },
      undefined,
    ]);
  });

  it('asks for nothing behind a success, a refusal, or the last retry', () => {
    const leasts = (answers: readonly string[]): readonly unknown[] =>
      timedAttempts(
        answers.map((answer, index) => upload(index * 100, answer)),
        policy,
      ).map(({ wait }) => wait?.leastMs);
    expect(leasts(['403 AccessDenied', '503 SlowDown', 'ok'])).to.deep.equal([undefined, 15, undefined]);
    expect(leasts(Array.from({ length: 6 }, () => '503 SlowDown'))).to.deep.equal([
      15,
      30,
      60,
      undefined,
      15,
      undefined,
    ]);
  });
});

describe('uploadTimelines', () => {
  it('draws each object whose uploads met a fault, and no other', () => {
    const drawn = uploadTimelines([upload(0, '503 SlowDown'), upload(20, 'ok'), upload(5, 'ok', 'b')], facts);
    expect(drawn.map(({ title }) => title)).to.deep.equal(['Uploads of a']);
    expect(drawn[0]?.svg)
      .to.contain('waited 19 ms, at least 15 ms were due')
      .and.contain('2 uploads in 21 ms');
    expect(uploadTimelines([upload(0, 'ok')], facts)).to.deep.equal([]);
  });

  it('calls a short wait short, and says when no upload followed', () => {
    const [picture] = uploadTimelines([upload(0, '503 SlowDown'), upload(2, '503 SlowDown')], facts);
    expect(picture?.svg).to.contain('waited 1 ms, too short: 15 ms were due');
    expect(picture?.svg).to.contain('no upload followed').and.contain('>wait that was too short<');
    const [patient] = uploadTimelines([upload(0, '503 SlowDown'), upload(20, 'ok')], facts);
    expect(patient?.svg).not.to.contain('too short');
  });

  it('escapes what a hostile vault makes of keys and answers, and is bounded', () => {
    const hostile = `</svg><script>alert(1)</script>\u001b\u202E${'x'.repeat(1_000_000)}`;
    const attempts = Array.from({ length: 500 }, (_, index) => upload(index * 10, hostile, hostile));
    const [picture] = uploadTimelines(attempts, facts);
    expect(picture?.svg)
      .to.not.contain('<script')
      .and.not.match(/[^\P{C}\n]/u);
    expect(picture?.svg.length).to.be.below(30_000);
    expect(picture?.svg).to.contain('488 of them not shown');
  });
});
