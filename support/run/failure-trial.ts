import { JobService } from '../../services/job-service';
import { auditEvent } from '../bytes/audit-event';
import type { Environment } from '../environments/environment';
import type { ObjectFault } from '../object-store/object-faults';
import type { VaultProfile } from '../profile/profile';
import type { LocatedLog, ScenarioScope } from '../scenario/scenario-scope';
import type { Services } from '../scenario/services';
import { look, rangeOf, type Seen, TRIED_PROVIDER } from './trial';

const ALWAYS = Number.POSITIVE_INFINITY;
/** Attempts that take longer in all, in milliseconds, are not waited for. */
const LONGEST_ATTEMPTS_MS = 30_000;

/** A way for a job to fail, and the contract's code for it. */
interface Failure {
  readonly code: string;
  /** What its cause is, in words. */
  readonly cause: string;
  readonly isRetried?: true;
  arm(environment: Environment): unknown;
}

const FAILURES: readonly Failure[] = [
  listing('provider_unauthorized', 401),
  listing('provider_rejected', 404),
  { ...listing('provider_unavailable', 503), isRetried: true },
  uploads('storage_rejected', 403, 'AccessDenied'),
  { ...uploads('storage_unavailable', 503, 'SlowDown'), isRetried: true },
];

function listing(code: string, status: number): Failure {
  return {
    code,
    cause: `whose listing is answered with ${status}`,
    arm: ({ provider }) => provider.arm({ kind: 'listing' }, { kind: 'status', status }, ALWAYS),
  };
}

function uploads(code: string, status: number, word: string): Failure {
  const fault: ObjectFault = { kind: 'answer', status, code: word };
  return {
    code,
    cause: `whose uploads are answered with ${status} ${word}`,
    arm: ({ bucket }) => bucket.arm({ class: 'upload' }, fault, ALWAYS),
  };
}

/** Has a job fail in each way that is quick, one after the other, and says in which word the vault tells it. */
export async function jobErrorsSeen(
  environment: Environment,
  services: Services,
  scope: ScenarioScope,
): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  const { retryBaseMs, retryMaxAttempts } = environment.vault.settings;
  const isSlow = retryBaseMs * 2 ** retryMaxAttempts > LONGEST_ATTEMPTS_MS;
  for (const failure of FAILURES.filter(({ isRetried }) => !(isSlow && isRetried))) {
    const member = `job_errors.${failure.code}`;
    seen.push(
      ...(await look(member, async () => await failureSeen(environment, services, { scope, failure }))),
    );
    environment.provider.heal();
    environment.bucket.heal();
  }
  const { retryMaxAttempts: said } = environment.profile.settings;
  return said === undefined || isSlow ? seen : [...seen, attemptsSeen(environment, said)];
}

/** How often the listing was asked for that was always answered with 503. */
function attemptsSeen({ provider }: Environment, said: number): Seen {
  const made = provider.requests.filter(({ answer }) => answer.startsWith('503')).length;
  const isRight = made === said;
  return {
    isRight,
    words: `settings.retry_max_attempts: a listing was asked for ${made} times${isRight ? '' : `, not ${said}`}`,
  };
}

async function failureSeen(
  environment: Environment,
  { ingestion, watcher, client }: Services,
  { scope, failure }: { readonly scope: ScenarioScope; readonly failure: Failure },
): Promise<Seen> {
  const { code, cause } = failure;
  const { timestamp } = scope.offer(code, { providerId: TRIED_PROVIDER, payload: auditEvent(code) });
  failure.arm(environment);
  const { jobId } = await ingestion.ingest({ provider_id: TRIED_PROVIDER, range: rangeOf(timestamp) });
  await watcher.untilEnded(jobId);
  // In the vault's own words.
  const { state, error } = await new JobService(client).get(jobId);
  const word = wordFor(code, environment.profile);
  const isRight = error?.code === word;
  const end = error === undefined ? `${state}, not failed` : `${state} with ${error.code}`;
  const other = isRight ? '' : error === undefined ? ` with ${word}` : `, not with ${word}`;
  return { isRight, words: `job_errors.${code}: a job ${cause} ended ${end}${other}` };
}

function wordFor(code: string, { errorWords }: VaultProfile): string {
  return errorWords.find(([known]) => known === code)?.[1] ?? code;
}

/** Takes the object of a log away behind the vault's back, and says how the vault tells the loss. */
export async function lossSeen(
  { objects }: Environment,
  { logs, client }: Services,
  { logId, objectKey, payload }: LocatedLog,
): Promise<Seen> {
  await objects.delete(objectKey);
  const answer = await logs.raw(logId);
  await objects.put(objectKey, payload);
  const isRight = answer.status === logs.missingObject;
  const said = `a log without its object: ${client.quote('GET', `/v1/logs/${logId}/raw`, answer)}`;
  return { isRight, words: `answers.missing_object: ${said}${isRight ? '' : `, not ${logs.missingObject}`}` };
}
