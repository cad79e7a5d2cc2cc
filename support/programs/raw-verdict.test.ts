import { describe, it } from 'node:test';
import { expect } from 'chai';
import { CONTRACT_WORDS } from '../../services/answer-words';
import type { VaultAnswer } from '../../services/vault-client';
import { checksumOf } from '../bytes/checksum';
import type { StoredRecord } from '../profile/metadata-shape';
import { type RawRead, wrongRead } from './raw-verdict';

const LOG_ID = 'log_1';
const BYTES = Buffer.from('{"a": 1.0}');
const record: StoredRecord = {
  kind: 'record',
  logId: LOG_ID,
  providerId: 'p',
  sourceId: 's',
  jobId: 'j',
  timestamp: '2026-01-01T00:00:00Z',
  checksum: checksumOf(BYTES),
  bytes: BYTES.byteLength,
  object: { bucket: 'vault', key: 'k' },
};
const kept = { record, object: BYTES };
const lost = { record, object: undefined };
const unknown = { record: undefined, object: undefined };

const answered = (
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: string | Buffer = '{"error":"x"}',
): VaultAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: Buffer.from(body),
});
const whole = answered(200, { 'x-vault-checksum': record.checksum }, BYTES);
const missing = answered(
  410,
  { 'cache-control': 'no-store' },
  JSON.stringify({ error: 'Raw Content Missing', log_id: LOG_ID, checksum: record.checksum }),
);

function read(changes: Partial<RawRead>): string | undefined {
  return wrongRead({
    logId: LOG_ID,
    before: kept,
    after: kept,
    answer: whole,
    storageFailed: false,
    metadataAway: false,
    tookLong: false,
    vaultDown: false,
    promised: false,
    words: CONTRACT_WORDS,
    ...changes,
  });
}

describe('wrongRead, of a log that is kept', () => {
  it('wants the stored bytes and the recorded checksum', () => {
    expect(read({})).to.equal(undefined);
    expect(read({ answer: answered(200, { 'x-vault-checksum': record.checksum }, '{"a":1}') })).to.match(
      /the vault returned 7 bytes, storage holds 10/,
    );
    expect(
      read({ answer: answered(200, { 'x-vault-checksum': checksumOf(Buffer.from('x')) }, BYTES) }),
    ).to.match(/x-vault-checksum is/);
    expect(read({ answer: answered(200, { 'content-type': 'text/plain' }, BYTES) })).to.match(/Content-Type/);
  });

  it('takes neither a loss nor an unknown log for an answer', () => {
    expect(read({ answer: missing })).to.match(/its object is in storage/);
    expect(read({ answer: missing, storageFailed: true })).to.match(/an outage is not a loss/);
    expect(read({ answer: answered(404) })).to.match(/metadata describes it/);
    expect(read({ answer: answered(500) })).to.match(/answered with 500/);
  });

  it('takes a 503 for an answer only where something failed, and with Retry-After', () => {
    const unavailable = answered(503, { 'retry-after': '1' });
    expect(read({ answer: unavailable })).to.match(/everything the vault needs was there/);
    expect(read({ answer: unavailable, storageFailed: true })).to.equal(undefined);
    expect(read({ answer: unavailable, metadataAway: true })).to.equal(undefined);
    expect(read({ answer: unavailable, tookLong: true })).to.equal(undefined);
    expect(read({ answer: answered(503), storageFailed: true })).to.match(/without Retry-After/);
  });

  it('forgives a missing answer only of a vault that is down, or breaks off', () => {
    const broken = 'GET /v1/logs/log_1/raw: no answer (ECONNRESET: aborted)';
    expect(read({ answer: broken })).to.equal(broken);
    expect(read({ answer: broken, vaultDown: true })).to.equal(undefined);
    expect(read({ answer: broken, storageFailed: true })).to.equal(undefined);
    const silent = 'GET /v1/logs/log_1/raw: no answer (ETIMEDOUT: too long)';
    expect(read({ answer: silent, storageFailed: true })).to.equal(silent);
  });
});

describe('wrongRead, of a log whose object is gone', () => {
  const gone = { before: lost, after: lost };

  it('wants the loss told in full', () => {
    expect(read({ ...gone, answer: missing })).to.equal(undefined);
    expect(read({ ...gone, answer: whole })).to.match(/its object is gone/);
    expect(read({ ...gone, answer: answered(404) })).to.match(/metadata describes it/);
    expect(read({ ...gone, answer: answered(410) })).to.match(/does not say that the raw content/);
    const cached = { ...missing, headers: { ...missing.headers, 'cache-control': 'max-age=60' } };
    expect(read({ ...gone, answer: cached })).to.match(/may be cached/);
  });

  it('takes no loss for an answer once a job has promised the log', () => {
    expect(read({ ...gone, answer: missing, promised: true })).to.match(/has completed/);
  });

  it('takes either answer while the object comes back', () => {
    expect(read({ before: lost, after: kept, answer: missing })).to.equal(undefined);
    expect(read({ before: lost, after: kept })).to.equal(undefined);
  });
});

describe('wrongRead, of a log that nobody stored', () => {
  const never = { before: unknown, after: unknown };

  it('wants it called unknown', () => {
    expect(read({ ...never, answer: answered(404) })).to.equal(undefined);
    expect(read({ ...never, answer: answered(404), promised: true })).to.match(/has completed/);
    expect(read({ ...never, answer: whole })).to.match(/no metadata describes/);
    expect(read({ ...never, answer: missing })).to.match(/no metadata describes/);
  });

  it('takes either answer while it is being stored', () => {
    expect(read({ before: unknown, after: kept, answer: answered(404) })).to.equal(undefined);
    expect(read({ before: unknown, after: kept })).to.equal(undefined);
  });
});

describe('wrongRead, of a log that is asked for only if it has changed', () => {
  const unchanged = answered(304, {}, '');
  const changed = { record, object: Buffer.from('{"a": 2.0}') };

  it('takes it for unchanged where the reader has the bytes that are stored', () => {
    expect(read({ answer: unchanged, held: BYTES })).to.equal(undefined);
    expect(read({ answer: unchanged })).to.match(/without a condition/);
  });

  it('wants what was done to it to show', () => {
    expect(read({ before: changed, after: changed, answer: unchanged, held: BYTES })).to.match(/other bytes/);
    expect(read({ before: lost, after: lost, answer: unchanged, held: BYTES })).to.match(/is gone/);
  });
});
