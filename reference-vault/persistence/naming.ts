import { createHash } from 'node:crypto';

/** The names of logs and objects (contract section 3). */
export interface Naming {
  /** The same log of the same provider has the same id however often it is ingested. */
  logId(providerId: string, sourceId: string): string;
  /** @param dayPath the UTC day of the log's timestamp, `YYYY/MM/DD` */
  objectKey(dayPath: string, providerId: string, logId: string): string;
  /** @param dayPath the UTC day of the range's start, `YYYY/MM/DD` */
  manifestKey(dayPath: string, jobId: string): string;
}

export const contractNaming: Naming = {
  logId: (providerId, sourceId) =>
    `log_${createHash('sha256').update(`${providerId}\n${sourceId}`).digest('hex').slice(0, 24)}`,
  objectKey: (dayPath, providerId, logId) => `${dayPath}/${providerId}/${logId}.json`,
  manifestKey: (dayPath, jobId) => `${dayPath}/${jobId}/logs.json`,
};
