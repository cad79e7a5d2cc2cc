import type { IngestRequest } from '../../services/ingestion-service';
import { isTerminal } from '../../services/job-service';
import type { ArmedFault } from '../faults/fault-board';
import type { Checker } from './checker';
import type { FaultEffect } from './program-faults';
import type { ProgramJob, ProgramLog, ProgramRun } from './program-run';

/** How far a job can be brought, and held there. */
export const MOMENTS = [
  'at once',
  'while the provider lists',
  'while a payload is fetched',
  'while a log is uploaded',
  'between object and metadata',
  'while the manifest is uploaded',
  'between the manifest and the end',
] as const;
export type Moment = (typeof MOMENTS)[number];

const TO_UPLOAD: FaultEffect = { to: 'upload', how: 'may be tried again' };
const TO_PROVIDER: FaultEffect = { to: 'provider', how: 'may be tried again' };

/** A job that was brought to a moment. */
export interface HeldJob {
  /** `undefined` where the vault did not take it on. */
  readonly job: ProgramJob | undefined;
  /** Lets it go on. */
  release(): void;
}

/**
 * Has a range ingested, and waits until the job is at a moment, or over.
 * @throws whatever asking throws; NotOfThisShape for a moment that this vault has not
 */
export async function beginHeld(
  run: ProgramRun,
  checker: Checker,
  about: { readonly log: ProgramLog; readonly request: IngestRequest; readonly moment: Moment },
): Promise<HeldJob> {
  const { request, moment } = about;
  const isAboutManifest = moment.includes('manifest');
  const first = await hold(run, about.log, isAboutManifest ? 'while the provider lists' : moment);
  const job = await checker.ingest(request);
  await untilMet(run, job, first, moment);
  if (!isAboutManifest || job === undefined) return { job, release: () => first?.release() };
  try {
    const second = holdManifest(run, job, moment === 'while the manifest is uploaded');
    first?.release();
    await untilMet(run, job, second, moment);
    return { job, release: () => second.release() };
  } finally {
    first?.release();
  }
}

async function hold(
  run: ProgramRun,
  log: ProgramLog,
  moment: Moment,
): Promise<ArmedFault<unknown> | undefined> {
  const { provider, bucket } = run.shared.environment;
  const { providerId, sourceId, sight } = await run.shared.services.finder.locate(log.now);
  const upload = { class: 'upload', key: sight() } as const;
  switch (moment) {
    case 'while the provider lists': {
      const listing = { kind: 'listing', providerId, within: run.scope.range } as const;
      return noted(run, provider.arm(listing, { kind: 'hold' }, 1), TO_PROVIDER, providerId);
    }
    case 'while a payload is fetched': {
      const payload = { kind: 'payload', providerId, sourceId } as const;
      return noted(run, provider.arm(payload, { kind: 'hold' }, 1), TO_PROVIDER, log);
    }
    case 'while a log is uploaded':
      return noted(run, bucket.arm(upload, { kind: 'hang' }, 1), TO_UPLOAD, log);
    case 'between object and metadata':
      return noted(run, bucket.arm(upload, { kind: 'withhold' }, 1), TO_UPLOAD, log);
    default:
      return undefined;
  }
}

/** Its key is known only once the job has its id. */
function holdManifest(run: ProgramRun, { jobId, request }: ProgramJob, isHung: boolean): ArmedFault<unknown> {
  const { profile, bucket } = run.shared.environment;
  const providerId = request.provider_id;
  const key = profile.manifests.of({ jobId, providerId, rangeStart: request.range.start });
  const kind = isHung ? 'hang' : 'withhold';
  return noted(run, bucket.arm({ class: 'upload', key }, { kind }, 1), TO_UPLOAD, providerId);
}

function noted(
  run: ProgramRun,
  armed: ArmedFault<unknown>,
  effect: FaultEffect,
  about: ProgramLog | string,
): ArmedFault<unknown> {
  run.faults.armed(armed, effect, about);
  return armed;
}

async function untilMet(
  { shared }: ProgramRun,
  job: ProgramJob | undefined,
  held: ArmedFault<unknown> | undefined,
  moment: Moment,
): Promise<void> {
  if (held === undefined || job === undefined) return;
  await shared.environment.patience.eventually(
    async () => held.hits > 0 || isTerminal((await shared.services.watcher.look(job.jobId)).state),
    (there) => there,
    { everyMs: 5, what: `the vault to be ${moment}` },
  );
}
