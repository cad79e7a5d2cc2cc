import fc from 'fast-check';
import { describeObjectFault, type ObjectFault } from '../object-store/object-faults';
import { describeProviderFault, type ProviderFault } from '../provider/provider-faults';
import { judgeAftermath } from './aftermath';
import { staysAsItEnded } from './ended-job';
import { offerMany } from './offer-steps';
import type { ProgramLog, ProgramRun } from './program-run';
import { healAll } from './provider-steps';
import { SLOTS } from './slots';
import { stepKind } from './step';
import { armFor } from './storage-steps';
import { ingestion } from './vault-steps';

/** So much longer than what is held up is watched whether anything goes on. */
const WATCHED_AFTER_MS = 120;

const refusals = fc.oneof(
  fc.record({ to: fc.constant('payload' as const), status: fc.constantFrom(401, 403, 404, 410) }),
  fc.record({
    to: fc.constant('upload' as const),
    fault: fc.constantFrom<ObjectFault>(
      { kind: 'answer', status: 403, code: 'AccessDenied' },
      { kind: 'answer', status: 404, code: 'NoSuchBucket' },
    ),
  }),
);

/** What holds up the logs that are not refused, so that they are under way when the job fails. */
const holdUps = fc.record({
  of: fc.constantFrom('payload' as const, 'upload' as const),
  delayMs: fc.constantFrom(150, 250),
});

/** One log of many is refused, so that the job fails while others are under way; it is left alone from then on. */
export const earlyEnds = stepKind(
  fc.record({
    provider: fc.nat({ max: 1 }),
    slot: fc.nat({ max: SLOTS - 1 }),
    logs: fc.integer({ min: 3, max: 16 }),
    refused: fc.nat({ max: 15 }),
    refusal: refusals,
    holdUp: holdUps,
  }),
  async ({ provider, slot, logs, refused, refusal, holdUp }, run, checker) => {
    await checker.untilAllEnded();
    const providerId = run.provider(provider);
    const all = offerMany(run, providerId, slot, logs);
    const culprit = all[refused % all.length];
    if (culprit === undefined) return;
    const others = all.filter((log) => log !== culprit);
    const how = await refuse(run, culprit, refusal);
    for (const log of others) await holdUpOne(run, log, holdUp);
    run.transcript.given(
      `"${providerId}" offers "${all[0]?.name}" and ${logs - 1} logs after it, of which "${culprit.name}" is refused with ${how}, and the ${holdUp.of}s of the others take ${holdUp.delayMs} ms`,
    );
    const { request, words } = ingestion(run, {
      range: { provider, from: slot, slots: 1 },
      which: 0,
      askers: 1,
    });
    run.transcript.when(`${words}, and nothing is done for the job after its end`);
    const job = await checker.ingest(request);
    if (job === undefined) return;
    await checker.untilEnded(job, false);
    const ended = run.jobs.find(({ jobId }) => jobId === job.jobId);
    if (ended === undefined) return;
    await staysAsItEnded(run, ended, holdUp.delayMs + WATCHED_AFTER_MS);
    await judgeAftermath(run, ended);
    healAll(run);
  },
  {
    'refused by storage': ({ refusal }) => refusal.to === 'upload',
    'with uploads under way': ({ holdUp }) => holdUp.of === 'upload',
  },
);

async function refuse(
  run: ProgramRun,
  log: ProgramLog,
  refusal:
    | { readonly to: 'payload'; readonly status: number }
    | { readonly to: 'upload'; readonly fault: ObjectFault },
): Promise<string> {
  if (refusal.to === 'upload') {
    await armFor(run, 'upload', log, { fault: refusal.fault, times: 1, taking: 'refused' });
    return describeObjectFault(refusal.fault);
  }
  const { providerId, sourceId } = log.now;
  const fault: ProviderFault = { kind: 'status', status: refusal.status };
  const armed = run.shared.environment.provider.arm({ kind: 'payload', providerId, sourceId }, fault, 1);
  const code =
    refusal.status === 401 || refusal.status === 403 ? 'provider_unauthorized' : 'provider_rejected';
  run.faults.armed(armed, { to: 'provider', how: 'refused', code }, log);
  return describeProviderFault(fault);
}

async function holdUpOne(
  run: ProgramRun,
  log: ProgramLog,
  { of, delayMs }: { readonly of: 'payload' | 'upload'; readonly delayMs: number },
): Promise<void> {
  const fault = { kind: 'latency' as const, delayMs };
  const times = Number.POSITIVE_INFINITY;
  if (of === 'upload') {
    await armFor(run, 'upload', log, { fault, times, taking: 'may be tried again' });
    return;
  }
  const { providerId, sourceId } = log.now;
  run.faults.armed(
    run.shared.environment.provider.arm({ kind: 'payload', providerId, sourceId }, fault, times),
    // On a busy machine the vault may not wait for so long.
    { to: 'provider', how: 'may be tried again' },
    log,
  );
}
