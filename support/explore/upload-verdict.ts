import { expect, use } from 'chai';
import { retryAssertions } from '../assertions/retried-with-backoff';
import type { VaultSettings } from '../environments/environment';
import type { ObjectAttempt } from '../object-store/bucket-script';

use(retryAssertions);

/** The uploads of one key, and what decides how a vault may make them. */
export interface Uploads {
  readonly name: string;
  readonly attempts: readonly ObjectAttempt[];
  /** Jobs that can have made them, each as often as the vault was started. */
  readonly holders: number;
  /** Checksums of the bytes that the vault can have had to store. */
  readonly versions: ReadonlySet<string>;
  readonly settings: VaultSettings;
}

const PERMANENT = /^(403|404) /;

/** Asserts that the uploads keep to the retry policy (contract, section 4). @throws AssertionError */
export function expectRightUploads({ name, attempts, holders, versions, settings }: Uploads): void {
  expect(
    attempts.length,
    `uploads of "${name}", where ${holders} jobs may each make ${settings.retryMaxAttempts}`,
  ).to.be.at.most(holders * settings.retryMaxAttempts);
  const strange = attempts.find(({ checksum }) => checksum !== undefined && !versions.has(checksum));
  expect(
    strange?.checksum,
    `bytes that "${name}" was uploaded with, and that its provider never served`,
  ).to.equal(undefined);
  if (holders !== 1 || attempts.length < 2) return;
  expect(attempts, `uploads of "${name}"`).to.be.uploadsOfTheSameBytes();
  const retried = attempts.slice(0, -1);
  const refused = retried.find(({ answer }) => PERMANENT.test(answer));
  expect(refused?.answer, `the answer after which "${name}" was uploaded once more`).to.equal(undefined);
  if (retried.every(({ answer }) => answer !== 'ok')) {
    expect(attempts, `uploads of "${name}"`).to.be.retriedWithBackoff(settings);
  }
}
