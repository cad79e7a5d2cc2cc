import { uploadTry, wrongRetries } from '../assertions/wrong-retries';
import { isAimedAt } from '../provider/provider-request';
import type { ProgramJob, ProgramRun } from './program-run';
import { wrongBeginning, wrongProviderCalls } from './provider-verdict';
import { expectRightUploads, uploadPromises } from './upload-verdict';

/**
 * Judges what was asked of provider and storage since a job was asked for: its own work, where no other job ran.
 * @throws FindingError
 */
export async function judgeCalls(run: ProgramRun, job: ProgramJob): Promise<void> {
  judgeProviderCalls(run, job);
  await judgeUploads(run, job);
  judgeManifestUploads(run, job);
}

function judgeProviderCalls(run: ProgramRun, { request, askedMs }: ProgramJob): void {
  const { provider, vault } = run.shared.environment;
  const names = new Map(run.logsIn(request).map(({ now, name }) => [now.sourceId, name]));
  const listing = { kind: 'listing', within: request.range } as const;
  const calls = provider.requests.filter(
    (call) =>
      call.arrivedMs >= askedMs &&
      call.providerId === request.provider_id &&
      // Another program's logs are its own affair.
      (isAimedAt(listing, call) || (call.kind === 'payload' && names.has(call.sourceId ?? ''))),
  );
  const nameOf = (id: string): string => names.get(id) ?? id;
  run.judge(['RES-10', 'RES-11'], wrongProviderCalls({ calls, nameOf, settings: vault.settings }));
  run.judge(['OPS-13'], wrongBeginning(calls, request.range, vault.settings.callTimeoutMs));
}

async function judgeUploads(run: ProgramRun, { request, askedMs }: ProgramJob): Promise<void> {
  const { environment, services } = run.shared;
  for (const { name, now } of run.logsIn(request)) {
    const { sight } = await services.finder.locate(now);
    const uploads = {
      name,
      attempts: environment.bucket.uploadsOf(sight()).filter(({ arrivedMs }) => arrivedMs >= askedMs),
      versions: services.ledger.versionsOf(now),
      settings: environment.vault.settings,
    };
    await run.judging(uploadPromises(uploads), () => expectRightUploads(uploads));
  }
}

function judgeManifestUploads(run: ProgramRun, { jobId, request }: ProgramJob): void {
  const { profile, bucket, vault } = run.shared.environment;
  const key = profile.manifests.ofAny({
    jobId,
    providerId: request.provider_id,
    rangeStart: request.range.start,
  });
  if (key === undefined) return;
  const wrong = wrongRetries(bucket.uploadsOf(key).map(uploadTry), { ...vault.settings, grows: true });
  run.judge(['RES-2'], wrong && `the upload of the manifest of job ${jobId}: ${wrong}`);
}
