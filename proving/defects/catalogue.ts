import { distance } from 'fastest-levenshtein';
import { SuiteError } from '../../support/bytes/errors';
import { bodyDefects } from './bodies';
import { checksumDefects } from './checksums';
import { collectionDefects } from './collection';
import { completenessDefects } from './completeness';
import { conditionDefects } from './conditions';
import { connectionTestDefects } from './connection-test';
import { crashDefects } from './crashes';
import { dayAndIdDefects } from './days-and-ids';
import type { Alteration, Defect } from './defect';
import { fidelityDefects } from './fidelity';
import { ingestionDefects } from './ingestion';
import { jobLifeDefects } from './job-life';
import { jobResultDefects } from './job-results';
import { lenientRequestDefects } from './lenient-requests';
import { lookUpDefects } from './look-ups';
import { manifestDefects } from './manifests';
import { metadataOutageDefects } from './metadata-outage';
import { namesAndTimesDefects } from './names-and-times';
import { needlessRefusalDefects } from './needless-refusals';
import { opaqueBytesDefects, servedBytesDefects } from './opaque-bytes';
import { orphanDefects } from './orphans';
import { outageDefects } from './outages';
import { pageDefects } from './pages';
import { providerTroubleDefects } from './provider-trouble';
import { providerWaitDefects } from './provider-waits';
import { queueDefects } from './queue';
import { raceDefects } from './races';
import { readerDefects } from './readers';
import { refusalDefects } from './refusals';
import { resumingDefects } from './resuming';
import { retrievalDefects } from './retrieval';
import { retryDefects } from './retrying';
import { searchDefects } from './search';
import { sharedAnswerDefects } from './shared-answers';
import { startAndStopDefects } from './starts-and-stops';
import { transportDefects } from './transport';
import { variations } from './variations';
import { writeOrderDefects } from './write-order';

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
  ...providerTroubleDefects,
  ...providerWaitDefects,
  ...transportDefects,
  ...searchDefects,
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
