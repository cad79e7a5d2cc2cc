import { uploadTry, wrongRetries } from '../assertions/wrong-retries';
import { doOverlap, instantRangeOf, liesIn } from '../bytes/instant';
import { isAimedAt } from '../provider/provider-request';
import { isListedOnce, type ProgramJob, type ProgramRun } from './program-run';
import { wrongBeginning, wrongProviderCalls, wrongRanges } from './provider-verdict';
import { toldUploadsOf } from './told-uploads';
import { expectRightUploads, uploadPromises } from './upload-verdict';

/** Logs of a job whose uploads are looked at: faults strike the first ones of a program. */
const MOST_LOOKED_FOR = 100;

/**
 * Judges what was asked of provider and storage since a job was asked for: its own work, where no other job ran.
 * @throws FindingError
 */
export async function judgeCalls(run: ProgramRun, job: ProgramJob): Promise<void> {
  judgeProviderCalls(run, job);
  await judgeUploads(run, job);
  judgeManifestUploads(run, job);
}

function judgeProviderCalls(run: ProgramRun, job: ProgramJob): void {
  const { request, askedMs, ended } = job;
  const { provider, vault } = run.shared.environment;
  const names = new Map(
    run
      .logsIn(request)
      .filter(isListedOnce)
      .map(({ now, name }) => [now.sourceId, name]),
  );
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
  const asked = rangesAskedFor(run, job);
  run.judge(['API-24'], wrongRanges(asked, request.range, ended?.job.state === 'completed'));
}

/** The ranges that were asked for on behalf of a job: those that have to do with its own, and with no other job's. */
function rangesAskedFor({ shared }: ProgramRun, { jobId, request, askedMs }: ProgramJob) {
  const { environment, services } = shared;
  const others = services.ledger.jobs.filter(
    (other) => other.jobId !== jobId && other.request.provider_id === request.provider_id,
  );
  const own = instantRangeOf(request.range);
  return environment.provider.requests
    .filter(
      ({ kind, arrivedMs, providerId, cursor }) =>
        kind === 'listing' &&
        arrivedMs >= askedMs &&
        providerId === request.provider_id &&
        cursor === undefined,
    )
    .flatMap(({ range }) => (range === undefined ? [] : [range]))
    .filter((range) => {
      const asked = instantRangeOf(range);
      if (liesIn(asked, own)) return true;
      return (
        doOverlap(asked, own) && !others.some((other) => liesIn(asked, instantRangeOf(other.request.range)))
      );
    });
}

async function judgeUploads(run: ProgramRun, { request, askedMs }: ProgramJob): Promise<void> {
  const { environment, services } = run.shared;
  for (const log of run.logsIn(request).slice(0, MOST_LOOKED_FOR)) {
    const { name, now } = log;
    const uploads = {
      name,
      attempts: (await toldUploadsOf(run, log)).filter(({ arrivedMs }) => arrivedMs >= askedMs),
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
