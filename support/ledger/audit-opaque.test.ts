import { beforeEach, describe, it } from 'node:test';
import { expect } from 'chai';
import { checksumOf } from '../bytes/checksum';
import type { MetadataRecord } from '../profile/metadata-shape';
import { profileIn } from '../profile/read-profile';
import { ProviderScript } from '../provider/provider-script';
import { Audit } from './audit';
import { FakeVault, jobThat, KEY, LISTING, LOG, REQUEST } from './audit-fixture';
import { Ledger } from './ledger';
import { LogFinder } from './log-finder';

const OTHER = { ...LOG, sourceId: 'evt-2', payload: Buffer.from('{"b":2.0}') };

describe('the audit of a vault whose ids and keys are opaque', () => {
  const profile = profileIn(
    'log_id: opaque\nobjects: { key: opaque, manifest: "blobs/{job_id}" }',
    'opaque.yaml',
    [],
  );
  let vault: FakeVault;
  let ledger: Ledger;
  let provider: ProviderScript;
  let finder: LogFinder;

  const damage = async (): Promise<readonly string[]> => {
    const metadata = { allRecords: async () => vault.records };
    const stores = { ...vault, metadata, provider, bucketName: 'vault', profile, finder };
    const findings = await new Audit(ledger, stores).findings([jobThat('completed')]);
    return [...new Set(findings.map((finding) => `${finding.damage} ${finding.subject}`))];
  };
  const change = (at: number, members: Partial<MetadataRecord>): void => {
    const record = vault.records[at];
    if (record?.kind === 'record') vault.records[at] = { ...record, ...members };
  };
  const keyOf = (at: number): string => {
    const record = vault.records[at];
    return record?.kind === 'record' ? record.object.key : '';
  };

  beforeEach(async () => {
    vault = new FakeVault();
    provider = new ProviderScript(KEY);
    ledger = new Ledger(provider, profile.ids);
    finder = new LogFinder({
      profile,
      provider,
      metadata: { allRecords: async () => vault.records, recordsOf: async () => [] },
    });
    const headers = { authorization: `Bearer ${KEY}` };
    for (const log of [LOG, OTHER]) provider.offer(log);
    ledger.accepted('job-1', REQUEST);
    await provider.answer({ target: LISTING, headers });
    for (const [index, log] of [LOG, OTHER].entries()) {
      await provider.answer({ target: `/okta/logs/${log.sourceId}`, headers });
      await vault.store(log);
      const logId = `id-${index}`;
      const key = `blobs/${index}`;
      await vault.objects.put(key, log.payload);
      change(index, { logId, object: { bucket: 'vault', key } });
      const found = vault.found[index];
      if (found !== undefined) vault.found[index] = { ...found, id: logId };
    }
  });

  it('finds nothing where all is well', async () => {
    expect(await damage()).to.deep.equal([]);
  });

  it('lets the object of a failed job lie where manifests do, and nothing that nobody sent', async () => {
    await vault.objects.put('blobs/left', LOG.payload);
    expect(await damage()).to.deep.equal([]);
    await vault.objects.put('blobs/made-up', Buffer.from('{"job_id":"job-9"}'));
    expect(await damage()).to.deep.equal(['invented blobs/made-up']);
  });

  it('knows the upload of a manifest from that of a log in the same place', () => {
    const sight = finder.manifestSight();
    const isManifest = (bytes: Buffer): boolean =>
      typeof sight === 'object' &&
      'has' in sight &&
      sight.has({ key: 'blobs/any', checksum: checksumOf(bytes) });
    expect(isManifest(Buffer.from('{"job_id":"job-1"}'))).to.equal(true);
    expect(isManifest(OTHER.payload)).to.equal(false);
  });

  it('sees a log that was never offered', async () => {
    change(1, { sourceId: 'evt-9' });
    expect(await damage())
      .to.include('invented okta evt-9')
      .and.to.include('lost okta evt-2');
  });

  it('sees two records for one log', async () => {
    change(1, { sourceId: LOG.sourceId });
    expect((await damage()).some((words) => words.startsWith('duplicated'))).to.equal(true);
  });

  it('sees metadata that leads to the object of another log, whatever checksum it has', async () => {
    change(0, { object: { bucket: 'vault', key: keyOf(1) } });
    expect(await damage()).to.include('altered okta evt-1');
    change(0, { checksum: checksumOf(OTHER.payload) });
    expect(await damage()).to.include('altered okta evt-1');
  });

  it('sees a checksum of other bytes', async () => {
    change(0, { checksum: checksumOf(OTHER.payload) });
    expect(await damage()).to.include('altered okta evt-1');
  });

  it('sees an id that changes', async () => {
    await finder.noteIds();
    change(0, { logId: 'id-new' });
    const found = vault.found[0];
    if (found !== undefined) vault.found[0] = { ...found, id: 'id-new' };
    expect(await damage()).to.deep.equal(['altered okta evt-1']);
  });
});
