import { beforeEach, describe, it } from 'node:test';
import { expect } from 'chai';
import type { Job } from '../../services/job-service';
import type { FoundLog } from '../../services/log-service';
import { withOneByteChanged } from '../bytes/audit-event';
import { checksumOf } from '../bytes/checksum';
import type { MetadataRecord } from '../profile/metadata-shape';
import { CONTRACT_PROFILE } from '../profile/profile';
import { ProviderScript } from '../provider/provider-script';
import { Audit } from './audit';
import {
  FakeVault,
  jobThat,
  KEY,
  LISTING,
  LOG,
  LOG_ID,
  logIdOf,
  OBJECT_KEY,
  PAYLOAD,
  REQUEST,
} from './audit-fixture';
import { Ledger, type LogFinding } from './ledger';
import { LogFinder } from './log-finder';

describe('the audit after a scenario', () => {
  let provider: ProviderScript;
  let ledger: Ledger;
  let vault: FakeVault;
  const ask = async (target: string): Promise<void> => {
    await provider.answer({ target, headers: { authorization: `Bearer ${KEY}` } });
  };
  const findings = async (ended: readonly Job[] = [jobThat('completed')]): Promise<readonly LogFinding[]> => {
    const metadata = { allRecords: async () => vault.records };
    const profile = CONTRACT_PROFILE;
    const finder = new LogFinder({ profile, provider, metadata: { ...metadata, recordsOf: async () => [] } });
    const stores = {
      logs: vault.logs,
      metadata,
      objects: vault.objects,
      provider,
      bucketName: 'vault',
      profile,
      finder,
    };
    return await new Audit(ledger, stores).findings(ended);
  };
  /** In short, for the tests that expect one kind of damage. */
  const damage = async (ended?: readonly Job[]): Promise<readonly string[]> => [
    ...new Set((await findings(ended)).map(({ damage: kind, subject }) => `${kind} ${subject}`)),
  ];

  beforeEach(async () => {
    provider = new ProviderScript(KEY);
    ledger = new Ledger(provider);
    vault = new FakeVault();
    provider.offer(LOG);
    ledger.accepted('job-1', REQUEST);
    await ask(LISTING);
    await ask('/okta/logs/evt-1');
    await vault.store(LOG);
    await vault.objects.put('2026/01/01/job-1/logs.json', Buffer.from('{}'));
  });

  it('finds nothing where all is well', async () => {
    expect(await findings()).to.deep.equal([]);
  });

  describe('finds a log lost', () => {
    it('that a completed job had to store, in words that name the job', async () => {
      vault.records.length = 0;
      vault.found.length = 0;
      expect(await findings()).to.deep.equal([
        {
          damage: 'lost',
          subject: LOG_ID,
          words: 'it was listed to job job-1, which completed, but reading it answers 404',
          requirement: 'API-2',
        },
      ]);
      expect(await findings([jobThat('failed')]), 'a failed job owes nothing').to.deep.equal([]);
    });

    it('that was listed though it was offered only after the job was accepted', async () => {
      const late = { ...LOG, sourceId: 'evt-2' };
      provider.offer(late);
      expect(await damage(), 'nobody listed it').to.deep.equal([]);
      await ask(LISTING);
      expect(await damage()).to.deep.equal([`lost ${logIdOf('okta', 'evt-2')}`]);
    });

    it('that search does not show', async () => {
      vault.found.length = 0;
      expect(await damage()).to.deep.equal([`lost ${LOG_ID}`]);
    });
  });

  it('finds a log duplicated: in metadata, and in search', async () => {
    vault.records.push({ ...(vault.records[0] as MetadataRecord), jobId: 'job-2' });
    expect(await damage()).to.deep.equal([`duplicated ${LOG_ID}`]);
    vault.records.pop();
    vault.found.push(vault.found[0] as FoundLog);
    expect(await damage()).to.deep.equal([`duplicated ${LOG_ID}`]);
  });

  it('finds metadata orphaned', async () => {
    await vault.objects.delete(OBJECT_KEY);
    expect(await damage()).to.deep.equal([`orphaned ${LOG_ID}`]);
  });

  describe('finds a log altered', () => {
    it('when its object is not what was recorded', async () => {
      await vault.objects.put(OBJECT_KEY, withOneByteChanged(PAYLOAD));
      expect(await damage()).to.deep.equal([`altered ${LOG_ID}`]);
    });

    it('when what is stored and recorded is nothing the provider ever served', async () => {
      vault = new FakeVault();
      await vault.store(LOG, Buffer.from('{"a":1}'));
      expect((await findings()).map(({ words }) => words)).to.deep.equal([
        `its 7 bytes (${checksumOf(Buffer.from('{"a":1}'))}) are none the provider served`,
        `it was listed to job job-1, which completed, but what is read (${checksumOf(Buffer.from('{"a":1}'))}) is no version the provider served`,
      ]);
    });

    it('when something else is read than is stored', async () => {
      vault.reads.set(LOG_ID, { status: 200, body: Buffer.from('{"a":1}') });
      expect(await damage()).to.deep.equal([`altered ${LOG_ID}`]);
    });

    const wrong: Readonly<Record<string, Partial<MetadataRecord>>> = {
      'the wrong size': { bytes: 8 },
      'the wrong checksum': { checksum: checksumOf(Buffer.from('other')) },
      'another key': { object: { bucket: 'vault', key: 'elsewhere' } },
      'another bucket': { object: { bucket: 'other', key: OBJECT_KEY } },
      'another log': { sourceId: 'evt-2' },
      'a timestamp that was tidied up': { timestamp: '2026-01-02T01:30:00Z' },
    };
    for (const [what, change] of Object.entries(wrong)) {
      it(`when its metadata has ${what}`, async () => {
        if (what === 'another key') await vault.objects.put('elsewhere', PAYLOAD);
        vault.spoilRecord(change);
        expect(new Set(await damage())).to.include(`altered ${LOG_ID}`);
      });
    }

    it('when its metadata has not the shape it must have', async () => {
      vault.records[0] = { kind: 'malformed', logId: LOG_ID, problem: 'bytes: missing' };
      vault.reads.set(LOG_ID, { status: 200, body: PAYLOAD });
      expect(await damage()).to.deep.equal([`altered ${LOG_ID}`]);
    });

    it('when search shows another checksum or another instant, but not another spelling', async () => {
      const found = vault.found[0] as FoundLog;
      vault.found[0] = { ...found, timestamp: '2026-01-02T01:30:00Z' };
      expect(await damage()).to.deep.equal([]);
      vault.found[0] = { ...found, timestamp: '2026-01-02T01:30:01Z' };
      expect(await damage()).to.deep.equal([`altered ${LOG_ID}`]);
      vault.found[0] = { ...found, checksum: checksumOf(Buffer.alloc(0)) };
      expect(await damage()).to.deep.equal([`altered ${LOG_ID}`]);
    });
  });

  describe('finds invented', () => {
    it('a log that nobody offered', async () => {
      const stranger = { ...LOG, sourceId: 'evt-9' };
      await vault.store(stranger);
      const logId = logIdOf('okta', 'evt-9');
      expect(await damage()).to.include(`invented ${logId}`);
    });

    it('what only search shows', async () => {
      vault.found.push({ id: 'log_x', checksum: checksumOf(PAYLOAD), timestamp: LOG.timestamp });
      expect(await damage()).to.deep.equal(['invented log_x']);
    });

    it('an object that belongs to no log and no job, but not what lies beside the paths of the contract', async () => {
      await vault.objects.put('2026/01/01/job-9/logs.json', PAYLOAD);
      await vault.objects.put('locks/okta', PAYLOAD);
      expect(await damage()).to.deep.equal(['invented 2026/01/01/job-9/logs.json']);
    });

    it('what lies under a wrong day, and says where it has to lie', async () => {
      await vault.objects.put('2027/02/03/job-1/logs.json', PAYLOAD);
      await vault.objects.put(`2027/02/03/okta/${LOG_ID}.json`, PAYLOAD);
      expect((await findings()).map(({ words }) => words)).to.have.members([
        "the manifest of job job-1 has to lie under the day of its range's start: 2026/01/01/job-1/logs.json",
        `the object of log ${LOG_ID} has to lie under its day in UTC: ${OBJECT_KEY}`,
      ]);
    });
  });

  describe('names the requirement', () => {
    const broken = async (): Promise<readonly string[]> => [
      ...new Set((await findings([])).map(({ requirement }) => requirement)),
    ];

    it('that a manifest of nobody breaks, and an object of nobody', async () => {
      await vault.objects.put('2026/01/01/job-9/logs.json', PAYLOAD);
      expect(await broken()).to.deep.equal(['API-17']);
      await vault.objects.delete('2026/01/01/job-9/logs.json');
      await vault.objects.put('2026/01/01/okta/log_x.json', PAYLOAD);
      expect(await broken()).to.deep.equal(['API-22']);
    });

    it('that bytes break which nobody served, and a checksum that is not theirs', async () => {
      vault = new FakeVault();
      await vault.store(LOG, Buffer.from('{"a":1}'));
      expect(await broken()).to.deep.equal(['FID-1']);
      vault.spoilRecord({ checksum: checksumOf(PAYLOAD) });
      expect(await broken()).to.have.members(['FID-2']);
    });

    it('that metadata breaks which describes another log, or nothing that is stored', async () => {
      vault.spoilRecord({ sourceId: 'evt-2' });
      expect(await broken()).to.deep.equal(['CON-12']);
      vault.spoilRecord({ sourceId: 'evt-1', timestamp: '2026-01-02T01:30:00Z' });
      expect(await broken()).to.deep.equal(['API-22']);
      await vault.objects.delete(OBJECT_KEY);
      expect(await broken()).to.have.members(['API-22', 'CON-5']);
    });
  });

  describe('takes for legal', () => {
    it('an object without metadata', async () => {
      vault.records.length = 0;
      vault.found.length = 0;
      expect(await damage([jobThat('failed')])).to.deep.equal([]);
    });

    it('any version of a log that was served whole, or planted', async () => {
      const changed = { ...LOG, payload: Buffer.from('new') };
      provider.offer(changed);
      vault = new FakeVault();
      await vault.store(changed);
      expect(await damage(), 'offered, but not served yet').to.deep.equal([`altered ${LOG_ID}`]);
      await ask('/okta/logs/evt-1');
      expect(await damage()).to.deep.equal([]);
      vault = new FakeVault();
      await vault.store(LOG, Buffer.from('planted'));
      ledger.plant(LOG, checksumOf(Buffer.from('planted')));
      expect(await damage()).to.deep.equal([]);
    });

    it('the key and the timestamp of any version of a log', async () => {
      provider.offer({ ...LOG, timestamp: '2026-01-02T12:00:00Z' });
      expect(await damage()).to.deep.equal([]);
    });

    it('the manifest of a job that should have been refused, and of no other', async () => {
      await vault.objects.put('2026/01/01/job-7/logs.json', PAYLOAD);
      await vault.objects.put('2026/01/01/job-8/logs.json', PAYLOAD);
      ledger.acceptedWrongly('job-7');
      expect(await damage()).to.deep.equal(['invented 2026/01/01/job-8/logs.json']);
    });

    it('the manifest of a job that the vault could not tell of', async () => {
      await vault.objects.put('2026/01/01/job-7/logs.json', PAYLOAD);
      expect(await damage()).to.deep.equal(['invented 2026/01/01/job-7/logs.json']);
      ledger.unanswered(REQUEST);
      expect(await damage()).to.deep.equal([]);
      expect(ledger.takeUnanswered()).to.deep.equal([REQUEST]);
      expect(ledger.takeUnanswered()).to.deep.equal([]);
      expect(await damage()).to.deep.equal([]);
    });
  });

  it('is told what damage a step did itself', async () => {
    await vault.objects.delete(OBJECT_KEY);
    ledger.expect(LOG, 'orphaned');
    const found = await findings();
    expect(found.every((finding) => ledger.isExpected(finding))).to.equal(true);
    expect(ledger.isExpected({ damage: 'lost', subject: LOG_ID })).to.equal(false);
    ledger.expectStable(LOG);
    expect(found.some((finding) => ledger.isExpected(finding))).to.equal(false);
  });
});
