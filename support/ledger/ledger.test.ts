import { describe, it } from 'node:test';
import { expect } from 'chai';
import type { IngestRequest } from '../../services/ingestion-service';
import type { OfferedLog } from '../provider/offered-log';
import { ProviderScript } from '../provider/provider-script';
import { Ledger, overlaps } from './ledger';

const LOG: OfferedLog = {
  providerId: 'okta',
  sourceId: 'evt-1',
  timestamp: '2026-01-01T12:00:00Z',
  payload: Buffer.from('{}'),
};
const REQUEST: IngestRequest = {
  provider_id: 'okta',
  range: { start: '2026-01-01T00:00:00Z', end: '2026-01-03T00:00:00Z' },
};

describe('what a job owes', () => {
  const owed = (ledger: Ledger, jobId: string): readonly string[] => {
    const job = ledger.jobs.find((candidate) => candidate.jobId === jobId);
    return job === undefined ? [] : ledger.listedFor(job).map(({ sourceId }) => sourceId);
  };

  it('is what was offered when it was accepted, not what came before its answer named it again', () => {
    const provider = new ProviderScript('a-key');
    const ledger = new Ledger(provider);
    provider.offer(LOG);
    ledger.accepted('job-1', REQUEST);
    provider.offer({ ...LOG, sourceId: 'evt-2' });
    ledger.accepted('job-1', REQUEST);
    expect(owed(ledger, 'job-1')).to.deep.equal(['evt-1']);
    ledger.accepted('job-2', REQUEST);
    expect(owed(ledger, 'job-2')).to.have.length(2);
  });
});

describe('overlaps', () => {
  const request = (start: string, end: string, id = 'github_audit') => ({
    provider_id: id,
    range: { start, end },
  });
  const first = request('2026-01-01T00:00:00.000000100Z', '2026-01-01T00:00:00.000000300Z');

  it('tells ranges apart that lie in one millisecond', () => {
    expect(
      overlaps(first, request('2026-01-01T00:00:00.000000200Z', '2026-01-01T00:00:00.000000400Z')),
    ).to.equal(true);
    expect(
      overlaps(first, request('2026-01-01T00:00:00.000000300Z', '2026-01-01T00:00:00.000000400Z')),
    ).to.equal(false);
  });

  it('is about one provider', () => {
    expect(overlaps(first, { ...first, provider_id: 'okta_system_log' })).to.equal(false);
  });
});
