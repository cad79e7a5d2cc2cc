import { expect, use } from 'chai';
import { retryAssertions } from '../assertions/retried-with-backoff';
import { uploadTry, wrongRetries } from '../assertions/wrong-retries';
import type { RunSettings } from '../environments/vault-under-test';
import type { ObjectAttempt } from '../object-store/bucket-script';

use(retryAssertions);

/** The uploads of one log by one job, while one process held it. */
export interface Uploads {
  readonly name: string;
  readonly attempts: readonly ObjectAttempt[];
  /** Checksums of the bytes that the vault can have had to store. */
  readonly versions: ReadonlySet<string>;
  readonly settings: RunSettings;
}

/** Returns the requirements that are judged by the uploads of a log. */
export function uploadPromises({ attempts }: Uploads): readonly string[] {
  return attempts.length > 1 ? ['RES-2', 'RES-3'] : ['FID-1', 'RES-15'];
}

/** Asserts that the uploads keep to the retry policy (contract, section 4). @throws AssertionError */
export function expectRightUploads({ name, attempts, versions, settings }: Uploads): void {
  expect(attempts.length, `uploads of "${name}" by one job`).to.be.at.most(settings.retryMaxAttempts);
  const strange = attempts.find(({ checksum }) => checksum !== undefined && !versions.has(checksum));
  expect(
    strange?.checksum,
    `bytes that "${name}" was uploaded with, and that its provider never served`,
  ).to.equal(undefined);
  if (attempts.length < 2) return;
  expect(attempts, `uploads of "${name}"`).to.be.uploadsOfTheSameBytes();
  const wrong = wrongRetries(attempts.map(uploadTry), { ...settings, grows: true });
  if (wrong !== undefined) expect.fail(`the upload of "${name}": ${wrong}`);
}
