import { describe, it } from 'node:test';
import { expect } from 'chai';
import type { FoundLog, LogPage } from '../../services/log-service';
import { checksumOf } from '../bytes/checksum';
import type { StoredRecord } from '../profile/metadata-shape';
import { findingText } from './finding';
import { walkFindings } from './search-findings';

const CHECKSUM = checksumOf(Buffer.from('x'));

function stored(logId: string, timestamp: string): StoredRecord {
  return {
    kind: 'record',
    logId,
    providerId: 'p',
    sourceId: logId,
    jobId: 'j',
    timestamp,
    checksum: CHECKSUM,
    bytes: 1,
    object: { bucket: 'vault', key: logId },
  };
}

const [a, b, c] = [
  stored('a', '2026-01-01T00:00:00Z'),
  stored('b', '2026-01-01T02:00:00.000000001+02:00'),
  stored('c', '2026-01-01T00:00:01Z'),
];
const records = [a, b, c];

const found = (record: StoredRecord): FoundLog => ({
  id: record.logId,
  checksum: CHECKSUM,
  timestamp: record.kind === 'record' ? record.timestamp : '',
});
const page = (logs: readonly StoredRecord[], totalCount: number, hasMore: boolean): LogPage => ({
  logs: logs.map(found),
  totalCount,
  hasMore,
});

function search(pages: readonly LogPage[], limit = 2, before = records, after = records): string | undefined {
  return walkFindings({ limit, pages, before, after }).map(findingText)[0];
}

describe('walkFindings', () => {
  it('takes the whole list in order, page by page', () => {
    expect(search([page([a, b], 3, true), page([c], 3, false)])).to.equal(undefined);
    expect(search([page([], 0, false)], 2, [], [])).to.equal(undefined);
  });

  it('wants each log once, and in its place to the nanosecond', () => {
    expect(search([page([b, a], 3, true), page([c], 3, false)])).to.match(/at place 1 b .*where a/);
    expect(search([page([a, b], 3, true), page([b], 3, false)])).to.match(/more than once/);
    expect(search([page([a, b], 3, false)])).to.match(/does not show it/);
  });

  it('wants pages as long as they can be, the total, and whether there is more', () => {
    expect(search([page([a], 3, true), page([b], 3, true), page([c], 3, false)])).to.match(
      /page 1 .* has 1 logs/,
    );
    expect(search([page([a, b], 2, true), page([c], 2, false)])).to.match(
      /there are 2 logs in all, there are 3/,
    );
    expect(search([page([a, b, c], 3, true)], 3)).to.match(/says that there are more/);
  });

  it('wants no strangers, and the recorded checksums and instants', () => {
    expect(search([page([a, b, c, stored('d', '2026-01-01T00:00:02Z')], 4, false)], 50)).to.match(
      /metadata does not have it/,
    );
    const other = {
      ...page([a, b, c], 3, false),
      logs: [{ ...found(a), checksum: checksumOf(Buffer.from('y')) }],
    };
    expect(search([other], 50)).to.match(/its metadata says/);
    const late = { ...page([a, b, c], 3, false), logs: [{ ...found(a), timestamp: '2026-01-02T00:00:00Z' }] };
    expect(search([late], 50)).to.match(/its metadata says/);
    const long = stored('d', '2026-01-01T00:00:00.078890941433+00:00');
    const short = { ...found(long), timestamp: '2026-01-01T00:00:00.078890941Z' };
    expect(search([{ ...page([long], 1, false), logs: [short] }], 50, [long], [long])).to.equal(undefined);
  });

  it('forgives pages that shift while logs are added, but not a page that is disordered', () => {
    expect(search([page([b, c], 2, true), page([c], 3, false)], 2, [b, c])).to.equal(undefined);
    expect(search([page([c, b], 2, false)], 2, [b, c])).to.match(/at place 1/);
    expect(search([page([a, c], 2, false)], 2, [b, c])).to.match(/does not show it/);
  });
});
