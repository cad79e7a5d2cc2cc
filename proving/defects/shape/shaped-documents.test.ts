import { describe, it } from 'node:test';
import { expect } from 'chai';
import { checksumOf } from '../../../support/bytes/checksum';
import { OPAQUE_IDS } from '../../../support/profile/log-shape';
import { MetadataShape } from '../../../support/profile/metadata-shape';
import { ChecksumWriter } from './checksum-writer';
import { type IdKind, LogIdWriter } from './log-id-writer';
import { ShapedDocuments } from './shaped-documents';

const ID = 'log_0123456789abcdef01234567';
const PATHS = {
  logId: 'logId',
  providerId: 'source.provider',
  sourceId: 'source.event',
  jobId: 'importedBy',
  timestamp: 'occurredAt',
  checksum: 'content.sha256',
  bytes: 'content.size',
  object: 'content.uri',
};

function shaped(kind: IdKind) {
  const ids = new LogIdWriter(kind);
  const parts = { paths: PATHS, checksums: new ChecksumWriter('base64'), ids };
  const logId = ids.write(ID);
  const record = {
    _id: logId,
    provider_id: 'okta',
    source_id: 'evt-1',
    job_id: 'job-1',
    timestamp: '2026-01-01T12:00:00Z',
    instant: 'sorts',
    checksum: checksumOf(Buffer.from('{}')),
    bytes: 2,
    object: { bucket: 'vault', key: 'blobs/1' },
  };
  return { documents: new ShapedDocuments(parts), record };
}

describe('documents in another shape', () => {
  for (const kind of ['text', 'object id', 'uuid', 'number'] as const) {
    it(`are read by the suite as the records that they were, and by the vault, with ids of the kind ${kind}`, () => {
      const { documents, record } = shaped(kind);
      const document = documents.document(record);
      const shape = new MetadataShape({
        collection: 'evidence',
        paths: PATHS,
        ids: OPAQUE_IDS,
        checksumForm: 'base64',
      });
      const { _id, provider_id, source_id, job_id, instant, ...members } = record;
      expect(shape.record(document)).to.deep.equal({
        kind: 'record',
        logId: _id,
        providerId: provider_id,
        sourceId: source_id,
        jobId: job_id,
        ...(kind === 'number' ? { idNumber: Number(_id) } : {}),
        ...members,
      });
      expect(documents.record(document)).to.deep.equal(record);
    });
  }

  it('are asked for, sorted and changed by the names that they have', () => {
    const { documents, record } = shaped('text');
    expect(documents.filter({ $or: [{ _id: { $in: [record._id] } }, { job_id: 'job-1' }] })).to.deep.equal({
      $or: [{ logId: { $in: [record._id] } }, { importedBy: 'job-1' }],
    });
    expect(documents.order({ instant: 1, _id: 1 })).to.deep.equal({
      'reference_vault.instant': 1,
      logId: 1,
    });
    expect(documents.change({ $set: { bytes: 3, instant: 'x' } })).to.deep.equal({
      $set: { 'content.size': 3, 'reference_vault.instant': 'x' },
    });
    expect(documents.stage({ $group: { _id: '$bytes', logs: { $sum: 1 } } })).to.deep.equal({
      $group: { _id: '$content.size', logs: { $sum: 1 } },
    });
  });

  it('have no right checksum where the record has none', () => {
    const { documents, record } = shaped('text');
    const { content } = documents.document({ ...record, checksum: record.checksum.slice(7) });
    expect(content.sha256).to.match(/^no checksum/);
  });
});
