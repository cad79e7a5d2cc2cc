import { overlaps } from '../ledger/ledger';
import { isAimedAt } from '../provider/provider-request';
import type { ProgramJob, ProgramRun } from './program-run';
import { toldUploadsOf } from './told-uploads';

/** A call that was begun before the end may arrive after it. */
const GRACE_MS = 100;
/** Logs of a job whose uploads are looked for. */
const MOST_LOOKED_FOR = 100;

/**
 * Judges whether a vault left a job alone once it was seen ended: nothing more is asked or stored for it (contract, sections 1
 * and 4). Where somebody else may have gone on with it in the vault's stead, nothing is judged.
 * @throws FindingError
 */
export async function judgeAftermath(run: ProgramRun, job: ProgramJob): Promise<void> {
  const { disturbances, services } = run.shared;
  const { ended, request } = job;
  if (ended === undefined || disturbances.wasDisturbed(job.askedMs) || run.shared.vaults > 1) return;
  if (services.ledger.indeterminate.some(({ provider_id: id }) => id === request.provider_id)) return;
  if (isInSomebodysRange(run, request.provider_id)) return;
  const sinceMs = ended.atMs + GRACE_MS;
  const late = [...lateProviderCalls(run, job, sinceMs), ...(await lateUploads(run, job, sinceMs))].filter(
    ({ arrivedMs }) => !hasOtherReason(run, job, arrivedMs),
  );
  const [first] = late;
  run.judge(
    ['API-1', 'API-15'],
    first &&
      `job ${job.jobId} was seen ${ended.job.state}, but the vault went on with it: ${first.words}, ${(first.arrivedMs - ended.atMs).toFixed(0)} ms later${late.length > 1 ? `, and ${late.length - 1} calls more` : ''}`,
  );
}

interface LateCall {
  readonly arrivedMs: number;
  readonly words: string;
}

function lateProviderCalls(
  { logs, scope, shared }: ProgramRun,
  { request }: ProgramJob,
  sinceMs: number,
): readonly LateCall[] {
  const names = new Map(logs.map(({ now, name }) => [now.sourceId, name]));
  const listing = { kind: 'listing', providerId: request.provider_id, within: scope.range } as const;
  return shared.environment.provider.requests
    .filter(({ arrivedMs, providerId }) => arrivedMs > sinceMs && providerId === request.provider_id)
    .flatMap((call) => {
      const { arrivedMs, kind, sourceId = '' } = call;
      if (isAimedAt(listing, call)) return [{ arrivedMs, words: 'it asked for the listing' }];
      const name = kind === 'payload' ? names.get(sourceId) : undefined;
      return name === undefined ? [] : [{ arrivedMs, words: `it fetched "${name}"` }];
    });
}

async function lateUploads(
  run: ProgramRun,
  { request }: ProgramJob,
  sinceMs: number,
): Promise<readonly LateCall[]> {
  const { bucket } = run.shared.environment;
  const isLate = ({ arrivedMs }: { readonly arrivedMs: number }): boolean => arrivedMs > sinceMs;
  if (!bucket.attempts.some((attempt) => attempt.class === 'upload' && isLate(attempt))) return [];
  const calls: LateCall[] = [];
  for (const log of run.logsIn(request).slice(0, MOST_LOOKED_FOR)) {
    for (const { arrivedMs } of (await toldUploadsOf(run, log)).filter(isLate)) {
      calls.push({ arrivedMs, words: `it uploaded "${log.name}"` });
    }
  }
  return calls;
}

/** Whether a job of another program, whose range begins before its own day, reaches into the day of this one. */
function isInSomebodysRange({ jobs, scope, shared }: ProgramRun, providerId: string): boolean {
  const day = { provider_id: providerId, range: scope.range };
  return shared.services.ledger.jobs.some(
    ({ jobId, request }) => !jobs.some((own) => own.jobId === jobId) && overlaps(request, day),
  );
}

/** Whether another job can have made a call that arrived then. */
function hasOtherReason(run: ProgramRun, { jobId, request }: ProgramJob, arrivedMs: number): boolean {
  return run.jobs.some(
    (other) =>
      other.jobId !== jobId &&
      other.request.provider_id === request.provider_id &&
      other.askedMs <= arrivedMs &&
      (other.ended?.atMs ?? Number.POSITIVE_INFINITY) + GRACE_MS >= arrivedMs,
  );
}

/**
 * Judges whether an object was overwritten with other bytes (contract, section 3), where nobody had deleted it and no vault was
 * killed with an upload under way.
 * @throws FindingError
 */
export async function judgeOverwriting(run: ProgramRun): Promise<void> {
  if (run.shared.disturbances.times('the vault is down') > 0) return;
  for (const log of run.logs.filter(({ wasDamaged }) => !wasDamaged).slice(0, MOST_LOOKED_FOR)) {
    const stored = (await toldUploadsOf(run, log)).filter(
      ({ operation, performed }) => operation === 'PutObject' && performed,
    );
    const [first] = stored;
    const other = stored.find(({ key, checksum }) => key === first?.key && checksum !== first?.checksum);
    run.judge(
      ['CON-7'],
      other &&
        `the object of "${log.name}" held ${first?.checksum}, and was overwritten with ${other.checksum}`,
    );
  }
}
