import { beforeEach, describe, it } from 'node:test';
import { expect } from 'chai';
import { AnswerError } from './answer';
import { IngestionService, type IngestRequest } from './ingestion-service';
import { JobService } from './job-service';
import { LogService } from './log-service';
import { errorOf, JSON_TYPE, StubVault } from './stub-vault';

describe('a service', () => {
  const vault = StubVault.forTests();

  describe('an ingestion', () => {
    const request: IngestRequest = { provider_id: 'okta', range: { start: 'a', end: 'b' } };
    let journal: string[];
    let ingestion: IngestionService;
    beforeEach(() => {
      journal = [];
      ingestion = new IngestionService(vault.client, {
        accepted: (jobId, { provider_id: providerId }) => journal.push(`accepted ${jobId} of ${providerId}`),
        unanswered: ({ provider_id: providerId }) => journal.push(`unanswered of ${providerId}`),
      });
    });

    it('is noted when it is accepted, even if the answer is not quite right', async () => {
      vault.answersJson(202, { job_id: 'job-1', status: 'queued', estimated_completion_ms: 0 });
      expect(await ingestion.ingest(request)).to.deep.equal({ jobId: 'job-1', estimatedCompletionMs: 0 });
      vault.answersJson(202, { job_id: 'job-2', status: 'pending' });
      expect(await errorOf(ingestion.ingest(request))).to.be.instanceOf(AnswerError);
      expect(journal).to.deep.equal(['accepted job-1 of okta', 'accepted job-2 of okta']);
    });

    it('is not noted when it is refused', async () => {
      for (const status of [400, 413, 429]) {
        vault.answersJson(status, { error: 'no' });
        expect((await ingestion.ask(request)).status).to.equal(status);
      }
      expect(journal).to.deep.equal([]);
    });

    it('is to be asked again when nothing was learnt', async () => {
      vault.handle = (incoming) => incoming.socket.destroy();
      await errorOf(ingestion.ask(request));
      vault.answersJson(503, { error: 'no MongoDB' });
      await ingestion.ask(request);
      vault.handle = (_, response) => response.writeHead(202).end('accepted');
      await ingestion.ask(request);
      expect(journal).to.deep.equal(Array(3).fill('unanswered of okta'));
    });
  });

  describe('a job', () => {
    it('is read as the contract shows it', async () => {
      const metrics = { records_synced: 1, bytes_written: 9 };
      vault.answersJson(200, { job_id: 'job/1', state: 'processing', metrics, artifacts: {} });
      const running = await new JobService(vault.client).get('job/1');
      expect(running).to.deep.equal({
        jobId: 'job/1',
        state: 'processing',
        recordsSynced: 1,
        bytesWritten: 9,
        s3Path: undefined,
        error: undefined,
      });
      expect(vault.asked).to.deep.equal(['GET /v1/jobs/job%2F1']);
      vault.answersJson(200, { job_id: 'job/1', state: 'queued', metrics });
      expect(await errorOf(new JobService(vault.client).get('job/1'))).to.be.instanceOf(AnswerError);
    });
  });

  describe('the search', () => {
    const log = { id: 'log_1', checksum: `sha256:${'0'.repeat(64)}`, timestamp: '2026-01-01T00:00:00Z' };

    const showOneAPage = (shown: number, total: number): void => {
      vault.handle = (request, response) => {
        const offset = Number(new URL(request.url ?? '', 'http://x').searchParams.get('offset'));
        const data = offset < shown ? [{ ...log, id: `log_${offset}` }] : [];
        const meta = { total_count: total, has_more: offset < shown - 1 };
        response.writeHead(200, JSON_TYPE).end(JSON.stringify({ data, meta }));
      };
    };

    it('is read page after page', async () => {
      showOneAPage(3, 3);
      const found = await new LogService(vault.client).all();
      expect(found.map(({ id }) => id)).to.deep.equal(['log_0', 'log_1', 'log_2']);
      expect(vault.asked[1]).to.equal('GET /v1/logs?limit=1000&offset=1');
    });

    it('is read to its end, however many logs there are', async () => {
      showOneAPage(60, 20_000);
      expect(await new LogService(vault.client).all()).to.have.length(60);
    });

    it('comes to an end even if the vault says that there is always more', async () => {
      vault.answersJson(200, { data: [log], meta: { total_count: 1, has_more: true } });
      expect((await errorOf(new LogService(vault.client).all())).message).to.match(
        /says has_more after 51 logs/,
      );
      vault.answersJson(200, { data: [], meta: { total_count: 1, has_more: true } });
      expect(await new LogService(vault.client).all()).to.deep.equal([]);
    });

    it('shows checksums in the one form that there is', async () => {
      const meta = { total_count: 1, has_more: false };
      vault.answersJson(200, { data: [{ ...log, checksum: log.checksum.toUpperCase() }], meta });
      expect((await errorOf(new LogService(vault.client).page())).message).to.match(
        /data.0.checksum: not "sha256:" and 64/,
      );
    });
  });
});
