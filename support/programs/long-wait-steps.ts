import fc from 'fast-check';
import { throughout } from '../assertions/eventually';
import { isAimedAt, type ProviderTarget } from '../provider/provider-request';
import { isListedOnce, type ProgramRun } from './program-run';
import { stepKind } from './step';
import { ingestion } from './vault-steps';

/** Longer than a vault that does not wait takes to ask again. */
const WATCHED_MS = 300;

/** Seconds that no program waits for: from a minute to more than a timer of 32 bits counts in milliseconds. */
const seconds = fc.oneof(
  fc.integer({ min: 60, max: 86_400 }),
  fc.constantFrom(2_147_483, 2_147_484, 4_294_967, 4_294_968),
  fc.integer({ min: 2_147_484, max: 1_000_000_000 }),
);

/** The provider asks for a long wait; the vault keeps to it until it is started again, and may have forgotten it then. */
export const longWaits = stepKind(
  fc.record({
    which: fc.nat({ max: 11 }),
    seconds,
    status: fc.constantFrom(429, 503),
    call: fc.constantFrom('listing', 'payload'),
  }),
  async ({ which, seconds, status, call }, run, checker) => {
    const { environment, disturbances, services } = run.shared;
    const { provider, vault, patience } = environment;
    if (!run.shared.mayRestart) return;
    await checker.untilAllEnded();
    const log = run.pick(which);
    const { providerId, sourceId } = log.now;
    const { request, words } = ingestion(run, { range: undefined, which, askers: 1 });
    const isListing = call === 'listing';
    if (!isListing && !isListedOnce(log)) return;
    const target: ProviderTarget = isListing
      ? { kind: 'listing', providerId, within: run.scope.range }
      : { kind: 'payload', providerId, sourceId };
    run.transcript.when(
      `${words}, "${providerId}" answers the next call for ${isListing ? 'its listing' : `the payload of "${log.name}"`} with ${status} and Retry-After ${seconds}, and the vault is started again after a while`,
    );
    const armed = provider.arm(target, { kind: 'status', status, retryAfter: String(seconds) }, 1);
    run.faults.armed(armed, { to: 'provider', how: 'may be tried again' }, isListing ? providerId : log);
    const job = await checker.ingest(request);
    const isOver = async (): Promise<boolean> =>
      job === undefined || ['completed', 'failed'].includes((await services.watcher.look(job.jobId)).state);
    await patience.eventually(
      async () => armed.hits > 0 || (await isOver()),
      (seen) => seen,
      { everyMs: 5, what: 'the vault to make the call that is answered with a long wait' },
    );
    const early = armed.hits > 0 ? await callsDuringWait(run, target, seconds) : 0;
    armed.release();
    await disturbances.disturb('the vault is down', async () => {
      await vault.kill();
      await vault.start(run.shared.settings);
    });
    run.judge(
      ['RES-11'],
      early > 0
        ? `the vault was told to wait ${seconds} s, but asked again ${early} times within ${WATCHED_MS} ms`
        : undefined,
    );
  },
  {
    'longer than a timer of 32 bits': ({ seconds }) => seconds > 2_147_483,
    'of a listing': ({ call }) => call === 'listing',
  },
);

/** How many calls of a kind arrive, within a moment, after the one that asked for a wait. */
async function callsDuringWait(
  { shared }: ProgramRun,
  target: ProviderTarget,
  waitSeconds: number,
): Promise<number> {
  const { provider } = shared.environment;
  const callsAfter = (): number => {
    const calls = provider.requests.filter((request) => isAimedAt(target, request));
    const asked = calls.findIndex(({ answer }) => answer.includes(`Retry-After ${waitSeconds}`));
    return asked < 0 ? 0 : calls.length - asked - 1;
  };
  try {
    await throughout(
      async () => callsAfter(),
      (calls) => calls === 0,
      { windowMs: WATCHED_MS, what: 'no further call' },
    );
  } catch {
    // How many there were is told by the caller.
  }
  return callsAfter();
}
