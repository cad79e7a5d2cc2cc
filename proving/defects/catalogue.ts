import { distance } from 'fastest-levenshtein';
import { SuiteError } from '../../support/bytes/errors';
import { bodyDefects } from './body-defects';
import { checksumDefects } from './checksum-defects';
import { collectionDefects } from './collection-defects';
import { completenessDefects } from './completeness-defects';
import { conditionDefects } from './condition-defects';
import { connectionTestDefects } from './connection-test-defects';
import { crashDefects } from './crash-defects';
import { dayAndIdDefects } from './day-and-id-defects';
import type { Alteration, Defect } from './defect';
import { fidelityDefects } from './fidelity-defects';
import { ingestionDefects } from './ingestion-defects';
import { jobLifeDefects } from './job-life-defects';
import { jobResultDefects } from './job-result-defects';
import { lenientRequestDefects } from './lenient-request-defects';
import { lookUpDefects } from './look-up-defects';
import { manifestDefects } from './manifest-defects';
import { metadataOutageDefects } from './metadata-outage-defects';
import { namesAndTimesDefects } from './names-and-times-defects';
import { needlessRefusalDefects } from './needless-refusal-defects';
import { opaqueBytesDefects, servedBytesDefects } from './opaque-bytes-defects';
import { orphanDefects } from './orphan-defects';
import { outageDefects } from './outage-defects';
import { pageDefects } from './page-defects';
import { providerFaultDefects } from './provider-fault-defects';
import { providerWaitDefects } from './provider-wait-defects';
import { queueDefects } from './queue-defects';
import { raceDefects } from './race-defects';
import { readerDefects } from './reader-defects';
import { recordDefects } from './record-defects';
import { refusalDefects } from './refusal-defects';
import { resumingDefects } from './resuming-defects';
import { retrievalDefects } from './retrieval-defects';
import { retryDefects } from './retry-defects';
import { searchDefects } from './search-defects';
import { sharedAnswerDefects } from './shared-answer-defects';
import { startAndStopDefects } from './start-and-stop-defects';
import { transportDefects } from './transport-defects';
import { variations } from './variations';
import { writeOrderDefects } from './write-order-defects';

/** Every defect the suite has to catch. */
export const catalogue: readonly Defect[] = [
  ...fidelityDefects,
  ...opaqueBytesDefects,
  ...servedBytesDefects,
  ...checksumDefects,
  ...completenessDefects,
  ...retryDefects,
  ...outageDefects,
  ...orphanDefects,
  ...writeOrderDefects,
  ...jobLifeDefects,
  ...ingestionDefects,
  ...lenientRequestDefects,
  ...bodyDefects,
  ...refusalDefects,
  ...connectionTestDefects,
  ...crashDefects,
  ...resumingDefects,
  ...startAndStopDefects,
  ...metadataOutageDefects,
  ...jobResultDefects,
  ...manifestDefects,
  ...collectionDefects,
  ...namesAndTimesDefects,
  ...providerFaultDefects,
  ...providerWaitDefects,
  ...transportDefects,
  ...searchDefects,
  ...recordDefects,
  ...raceDefects,
  ...queueDefects,
  ...retrievalDefects,
  ...readerDefects,
  ...conditionDefects,
  ...lookUpDefects,
  ...pageDefects,
  ...dayAndIdDefects,
  ...needlessRefusalDefects,
  ...sharedAnswerDefects,
];

/** Those that `npm test` tries: between them they touch every area of the requirements. */
export const smoke: readonly Defect[] = [
  'prototype-polluted',
  'checksum-recomputed-on-read',
  'listing-ends-at-an-empty-page',
  'late-logs-passed-over',
  'payload-reserialised',
  'ingest-answered-after-its-job',
  'state-flaps-back-once',
  'completed-before-metadata',
  'failed-job-counts-nothing',
  'unknown-job-pending',
  'byte-order-mark-stripped',
  'orphan-answered-empty',
  'orphan-answered-as-unknown',
  'strange-listing-taken-for-empty',
  'missing-payload-passed-over',
  'retry-after-ignored',
  'queue-refuses-after-it-is-joined',
  'job-looked-for-and-then-made',
  'reader-confused-with-the-next',
  'broken-off-read-ended',
  'request-queued-before-it-is-checked',
  'error-with-stack-trace',
  'no-retry',
  'retry-without-wait',
  'retry-with-empty-body',
  'short-body-kept',
  'key-told-in-failures',
  'chunks-decoded-one-by-one',
  'metadata-before-object',
  're-ingest-overwrites',
].map((name) => oneNamed(catalogue, name));

/** @throws SuiteError that names the likeliest, where there is no such defect and no such variation either */
export function alterationNamed(name: string): Alteration {
  return oneNamed([...catalogue, ...variations], name);
}

/** @throws SuiteError that names the likeliest, where there is none of this name */
export function oneNamed<Kind extends Alteration>(all: readonly Kind[], name: string): Kind {
  const found = all.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  const [first, second, third] = all
    .map((known) => known.name)
    .sort((one, other) => distance(name, one) - distance(name, other));
  throw new SuiteError(`There is no defect "${name}": did you mean ${first}, ${second} or ${third}?`);
}
