import type { IngestRequest } from '../../services/ingestion-service';
import type { Job } from '../../services/job-service';
import type { FoundLog } from '../../services/log-service';
import { checksumOf } from '../bytes/checksum';
import { MemoryBucket } from '../object-store/memory-bucket';
import type { MetadataRecord, StoredRecord } from '../profile/metadata-shape';
import { CONTRACT_PROFILE } from '../profile/profile';
import type { OfferedLog } from '../provider/offered-log';

/** Ids and keys as the contract has them. */
export function logIdOf(providerId: string, sourceId: string): string {
  return CONTRACT_PROFILE.ids.mark({ providerId, sourceId });
}

function objectKeyOf(providerId: string, sourceId: string, timestamp: string): string {
  return CONTRACT_PROFILE.keys.of({ providerId, sourceId, timestamp })[0] ?? '';
}

export const KEY = 'a-key';
export const PAYLOAD = Buffer.from('{"a":1.0}');
export const LOG: OfferedLog = {
  providerId: 'okta',
  sourceId: 'evt-1',
  timestamp: '2026-01-01T23:30:00-02:00',
  payload: PAYLOAD,
};
export const LOG_ID = logIdOf('okta', 'evt-1');
export const OBJECT_KEY = objectKeyOf('okta', 'evt-1', LOG.timestamp);
export const REQUEST: IngestRequest = {
  provider_id: 'okta',
  range: { start: '2026-01-01T00:00:00Z', end: '2026-01-03T00:00:00Z' },
};
export const LISTING = `/okta/logs?start=${REQUEST.range.start}&end=${REQUEST.range.end}`;

/** A vault that has ingested one log; each test spoils it in one way. */
export class FakeVault {
  readonly records: StoredRecord[] = [];
  readonly found: FoundLog[] = [];
  readonly objects = new MemoryBucket();
  /** Answers the reading of a log, where that is not the stored object. */
  readonly reads = new Map<string, { readonly status: number; readonly body: Buffer }>();

  async store(log: OfferedLog, payload = log.payload): Promise<void> {
    const logId = logIdOf(log.providerId, log.sourceId);
    const key = objectKeyOf(log.providerId, log.sourceId, log.timestamp);
    await this.objects.put(key, payload);
    this.records.push({
      kind: 'record',
      logId,
      providerId: log.providerId,
      sourceId: log.sourceId,
      jobId: 'job-1',
      timestamp: log.timestamp,
      checksum: checksumOf(payload),
      bytes: payload.byteLength,
      object: { bucket: 'vault', key },
    });
    this.found.push({ id: logId, checksum: checksumOf(payload), timestamp: log.timestamp });
  }

  spoilRecord(change: Partial<MetadataRecord>): void {
    const record = this.records[0];
    if (record?.kind === 'record') this.records[0] = { ...record, ...change };
  }

  readonly logs = {
    all: async () => this.found,
    raw: async (logId: string) => {
      const record = this.records.find((candidate) => candidate.logId === logId);
      const bytes = record?.kind === 'record' ? await this.objects.get(record.object.key) : undefined;
      const answer = this.reads.get(logId) ?? {
        status: record === undefined ? 404 : bytes === undefined ? 410 : 200,
        body: bytes ?? Buffer.alloc(0),
      };
      return { ...answer, headers: {} };
    },
  };
}

export function jobThat(state: Job['state'], jobId = 'job-1'): Job {
  return { jobId, state, recordsSynced: 1, bytesWritten: 9, s3Path: undefined, error: undefined };
}
