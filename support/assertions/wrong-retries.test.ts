import { describe, it } from 'node:test';
import { expect } from 'chai';
import type { ProviderRequest } from '../provider/provider-request';
import { providerTry, type Try, wrongRetries } from './wrong-retries';

const RULE = { retryBaseMs: 100, retryMaxAttempts: 3, grows: true };

/** Tries of no duration; each waits so long after the one before. */
function tries(
  ...all: readonly (readonly [waitMs: number, ending: Try['ending'], askedMs?: number])[]
): Try[] {
  let atMs = 0;
  return all.map(([waitMs, ending, askedMs = 0]) => {
    atMs += waitMs;
    return { arrivedMs: atMs, answeredMs: atMs, ending, answer: ending, askedMs };
  });
}

describe('wrong retries', () => {
  it('keep to the policy as long as they wait half of what doubles', () => {
    const kept = tries([0, 'transient'], [50, 'transient'], [100, 'well']);
    expect(wrongRetries(kept, RULE)).to.equal(undefined);
  });

  it('are too many where there is one more than was told', () => {
    const all = tries([0, 'transient'], [90, 'transient'], [200, 'transient'], [400, 'transient']);
    expect(wrongRetries(all, RULE)).to.match(
      /^it was tried 4 times or more, where VAULT_RETRY_MAX_ATTEMPTS is 3$/,
    );
    expect(wrongRetries(all.slice(0, 3), RULE)).to.equal(undefined);
    expect(wrongRetries(all.slice(0, 2), { ...RULE, retryMaxAttempts: 1 })).to.match(/tried 2 times/);
  });

  it('begin anew after a call that went well', () => {
    const twice = tries([0, 'transient'], [90, 'well'], [0, 'transient'], [90, 'transient'], [200, 'well']);
    expect(wrongRetries(twice, RULE)).to.equal(undefined);
  });

  it('come too early after the second failure where waits have to grow', () => {
    const constant = tries([0, 'transient'], [60, 'transient'], [60, 'well']);
    expect(wrongRetries(constant, RULE)).to.match(
      /^it was tried again 60\.0 ms after its failure 2 .*100 ms at least$/,
    );
    expect(wrongRetries(constant, { ...RULE, grows: false })).to.equal(undefined);
  });

  it('wait as long as they were asked to', () => {
    expect(wrongRetries(tries([0, 'transient', 1_000], [900, 'well']), RULE)).to.match(/1000 ms at least$/);
    expect(wrongRetries(tries([0, 'transient', 1_000], [1_000, 'well']), RULE)).to.equal(undefined);
  });

  it('come at all after a refusal', () => {
    expect(wrongRetries(tries([0, 'refused'], [900, 'well']), RULE)).to.match(
      /^it was tried again after refused/,
    );
  });

  it('may come at once after a call whose end is not known', () => {
    expect(wrongRetries(tries([0, 'not known'], [0, 'well']), RULE)).to.equal(undefined);
  });
});

describe('the end of a call to a provider', () => {
  const endings: readonly (readonly [string, Try['ending']])[] = [
    ['200', 'well'],
    ['200 (an answer delayed by 20 ms)', 'not known'],
    ['200 (a body shorter than its Content-Length)', 'transient'],
    ['0 (connection reset)', 'transient'],
    ['0 (no answer at all)', 'not known'],
    ['429 (429 with Retry-After 2)', 'transient'],
    ['599 (599)', 'transient'],
    ['404', 'refused'],
    ['302 (302)', 'refused'],
    ['none: the vault had hung up', 'not known'],
    ['pending', 'not known'],
  ];
  for (const [answer, ending] of endings) {
    it(`is "${ending}" by "${answer}"`, () => {
      expect(providerTry({ answer } as ProviderRequest).ending).to.equal(ending);
    });
  }

  it('tells the seconds that it asks for', () => {
    expect(providerTry({ answer: '429 (429 with Retry-After 2)' } as ProviderRequest).askedMs).to.equal(
      2_000,
    );
    expect(providerTry({ answer: '503 (503 with Retry-After soon)' } as ProviderRequest).askedMs).to.equal(0);
  });
});
