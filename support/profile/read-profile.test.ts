import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { describeProfile } from './describe-profile';
import { CONTRACT_PROFILE, type VaultProfile } from './profile';
import { profileIn } from './read-profile';
import { requirementIds } from './requirement-ids';

const WHOLE = `vault: Acme Vault 4.2
not_claimed:
  API-17: keeps no manifest
log_id: opaque
objects:
  key: opaque
  manifest: "imports/{job_id}.json"
metadata:
  collection: evidence
  log_id: logId
  provider_id: source.provider
  source_id: source.event
  job_id: importedBy
  timestamp: occurredAt
  checksum: content.sha256
  bytes: content.size
  object: content.uri
checksum:
  header: X-Content-SHA256
  form: hex
answers:
  missing_object: 424
job_errors:
  storage_unavailable: STORAGE_DOWN
settings:
  retry_base_ms: 500
  retry_max_attempts: 3
provider:
  authorization: { header: X-Api-Key, value: "{key}" }
  listing:
    path: "/api/v2/{provider_id}/events?since={start}&until={end}&after={cursor}"
    logs: events
    id: eventId
    timestamp: eventTime
    next: paging.next
  payload: "/api/v2/{provider_id}/events/{id}/raw"
  health: { path: /api/v2/ping, ok: 204 }
`;

const read = (text: string): VaultProfile => profileIn(text, 'acme.yaml', requirementIds());

describe('a profile', () => {
  it('is read whole', () => {
    const { vault, unclaimed, answers, settings, metadata, provider } = read(WHOLE);
    expect(vault).to.equal('Acme Vault 4.2');
    expect([...unclaimed]).to.deep.equal([['API-17', 'keeps no manifest']]);
    expect(answers).to.include({ checksumHeader: 'x-content-sha256', missingObject: 424 });
    expect(settings).to.deep.equal({ retryBaseMs: 500, retryMaxAttempts: 3 });
    expect(metadata.collection).to.equal('evidence');
    expect(provider.health.ok).to.equal(204);
  });

  it('has its name and its reasons on one line', () => {
    const { vault, unclaimed } = read(
      'vault: "Acme\\n\\e[31mVault "\nnot_claimed:\n  API-17: |\n    keeps no\n    manifest\n',
    );
    expect([vault, ...unclaimed.values()]).to.deep.equal(['Acme [31mVault', 'keeps no manifest']);
  });

  it('is the contract in whatever it leaves out', () => {
    expect(describeProfile(read('vault: Acme'))).to.deep.equal(
      describeProfile({ ...CONTRACT_PROFILE, vault: 'Acme' }),
    );
  });

  it('says in words what will be looked for', () => {
    const words = describeProfile(read(WHOLE)).join('\n');
    for (const part of [
      '"evidence"',
      'content.sha256',
      'x-content-sha256',
      '424',
      'STORAGE_DOWN',
      'retry_base_ms is 500',
      'X-Api',
      'API-17',
    ])
      expect(words.toLowerCase()).to.contain(part.toLowerCase());
  });

  it('calls the members of a document as it writes them', () => {
    const { metadata } = read('metadata: { object: { bucket: where.b, key: where.k } }');
    const names = metadata.members({}).map(({ name }) => name);
    expect(names).to.include.members(['log_id', 'source_id', 'bytes', 'object.bucket', 'object.key']);
  });

  it('tells the words of a vault for its errors from those of the contract', () => {
    const { readErrorCode } = read(WHOLE).answers;
    expect(readErrorCode('STORAGE_DOWN')).to.equal('storage_unavailable');
    expect(readErrorCode('storage_rejected')).to.equal('storage_rejected');
    expect(readErrorCode('storage_unavailable')).to.match(/^storage_unavailable \(.*STORAGE_DOWN\)$/);
  });

  it('reads a checksum in a header whose values HTTP writes in a way of its own', () => {
    const digest = createHash('sha256').digest();
    const [hex, base64] = [digest.toString('hex'), digest.toString('base64')];
    for (const [header, form, value] of [
      ['ETag', 'hex', `"${hex}"`],
      ['ETag', 'hex', hex],
      ['Digest', 'base64', `MD5=x,SHA-256=${base64}`],
      ['Repr-Digest', 'base64', `sha-512=:x:, sha-256=:${base64}:`],
      ['Content-Digest', 'base64', `sha-256=:${base64}:`],
      ['X-Digest', 'base64', base64],
    ] as const) {
      const { readChecksum, readHeader } = read(`checksum: { header: ${header}, form: ${form} }`).answers;
      expect(readChecksum(readHeader(value)), header).to.equal(`sha256:${hex}`);
    }
    const { readChecksum, readHeader } = read('checksum: { header: X-Digest, form: hex }').answers;
    expect(readChecksum(readHeader(`"${hex}"`))).to.equal(undefined);
  });

  it('does not claim manifests that the vault does not keep', () => {
    expect([...read('objects: { manifest: none }').unclaimed.keys()]).to.deep.equal(['API-17']);
  });
  it('knows the manifest of a job that nobody told, whatever is beside the id of the job', () => {
    const { manifests } = read('objects: { manifest: "imports/{job_id}-{provider_id}.json" }');
    const job = { providerId: 'okta', rangeStart: '2026-01-01T00:00:00Z' };
    expect(manifests.isOfUntold('imports/0b-12-okta.json', job)).to.equal(true);
    expect(manifests.isOfUntold('imports/0b-12-github.json', job)).to.equal(false);
  });
});
