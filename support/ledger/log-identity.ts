import { createHash } from 'node:crypto';

/** The vault's id for a provider's log: a function of provider and source id alone (contract, section 3). */
export function logIdOf(providerId: string, sourceId: string): string {
  return `log_${createHash('sha256').update(`${providerId}\n${sourceId}`).digest('hex').slice(0, 24)}`;
}

/** Where a log's object lies: the date is the log's own, in UTC (contract, section 3). */
export function objectKeyOf(providerId: string, sourceId: string, timestamp: string): string {
  return `${datePathOf(timestamp)}/${providerId}/${logIdOf(providerId, sourceId)}.json`;
}

/** Where a completed job's manifest lies: the date is that of the range's start (contract, section 3). */
export function manifestKeyOf(jobId: string, rangeStart: string): string {
  return `${datePathOf(rangeStart)}/${jobId}/logs.json`;
}

/** Matches the keys of manifests; a job's id is not known before its manifest is on its way. */
export const MANIFEST_KEY: RegExp = /\/logs\.json$/;

function datePathOf(timestamp: string): string {
  return new Date(timestamp).toISOString().slice(0, 10).replaceAll('-', '/');
}
