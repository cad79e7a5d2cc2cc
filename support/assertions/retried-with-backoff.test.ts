import { describe, it } from 'node:test';
import { AssertionError, expect, use } from 'chai';
import type { ObjectAttempt } from '../object-store/bucket-script';
import { leastWaitMs, retryAssertions, waitsBetween } from './retried-with-backoff';

use(retryAssertions);

/** Attempts that take 5 ms each, with these waits between them. */
function attempts(...waitsMs: readonly number[]): readonly ObjectAttempt[] {
  let atMs = 1000;
  return [0, ...waitsMs].map((waitMs, index) => {
    atMs += waitMs;
    const arrivedMs = atMs;
    atMs += 5;
    return {
      operation: 'PutObject',
      class: 'upload',
      key: 'k',
      arrivedMs,
      answeredMs: atMs,
      checksum: `sha256:${index === 9 ? 'b' : 'a'}`,
      bytes: 9,
      fault: undefined,
      answer: '503 SlowDown',
      performed: false,
      givenUp: false,
    };
  });
}

function messageOf(assertion: () => unknown): string {
  try {
    assertion();
  } catch (error) {
    if (error instanceof AssertionError) return error.message;
    throw error;
  }
  return 'it holds';
}

describe('waits between attempts', () => {
  const policy = { retryBaseMs: 100 };

  it('double from half the base', () => {
    expect([1, 2, 3, 4].map((failure) => leastWaitMs(100, failure))).to.deep.equal([50, 100, 200, 400]);
  });

  it('are measured from an answer to the next arrival', () => {
    expect(waitsBetween(attempts(50, 100))).to.deep.equal([50, 100]);
    expect(waitsBetween(attempts())).to.deep.equal([]);
  });

  it('are long enough when each is, and may be as long as they like', () => {
    expect(attempts(50, 100, 200)).to.be.retriedWithBackoff(policy);
    expect(attempts(48.5, 5000)).to.be.retriedWithBackoff(policy);
  });

  it('are told of with what they had to be, when one is too short', () => {
    const said = messageOf(() => expect(attempts(50, 60)).to.be.retriedWithBackoff(policy));
    expect(said).to.equal(
      'expected the vault to back off between attempts, but it waited after failure 1: 50.0 ms (at least 50 ms); after failure 2: 60.0 ms (at least 100 ms); in all 110.0 ms (at least 150 ms)',
    );
  });

  it('are judged by their sum too: what the tolerance forgives once it does not forgive each time', () => {
    expect(messageOf(() => expect(attempts(48.5, 98.5, 198.5)).to.be.retriedWithBackoff(policy))).to.match(
      /in all 345.5 ms \(at least 350 ms\)/,
    );
  });

  it('have to be there', () => {
    expect(messageOf(() => expect(attempts()).to.be.retriedWithBackoff(policy))).to.equal(
      'expected a retry, but there was only one attempt',
    );
  });
});

describe('the bytes of uploads', () => {
  it('are the same each time', () => {
    expect(attempts(1, 1)).to.be.uploadsOfTheSameBytes();
    const said = messageOf(() => expect(attempts(...Array(9).fill(1))).to.be.uploadsOfTheSameBytes());
    expect(said).to.match(
      /carry the same bytes, but they carried, in order: sha256:a \(9 bytes\), .*sha256:b/,
    );
  });

  it('are not judged where an upload was broken off, but there has to be a whole one', () => {
    const [whole] = attempts();
    if (whole === undefined) throw new Error('there is no attempt');
    const brokenOff = { ...whole, checksum: undefined, bytes: undefined };
    expect([brokenOff, whole]).to.be.uploadsOfTheSameBytes();
    expect(messageOf(() => expect([brokenOff]).to.be.uploadsOfTheSameBytes())).to.equal(
      'expected uploads, but there was none',
    );
  });
});
