import fc from 'fast-check';
import { auditEvent } from '../bytes/audit-event';
import type { RunSettings } from '../environments/vault-under-test';
import { describeProviderFault, type ProviderFault } from '../provider/provider-faults';
import type { ProgramLog, ProgramRun } from './program-run';
import { calls } from './provider-steps';
import { stepKind } from './step';
import { passingUploadFaults } from './storage-faults';
import { armFor, inWords } from './storage-steps';
import { ingestion } from './vault-steps';

/** Many tries, or waits that grow long; all of them take a second at the most. */
const policies: fc.Arbitrary<Pick<RunSettings, 'retryMaxAttempts' | 'retryBaseMs'>> = fc.oneof(
  fc.record({ retryMaxAttempts: fc.constantFrom(10, 11), retryBaseMs: fc.constant(1) }),
  fc.record({ retryMaxAttempts: fc.constantFrom(6, 7), retryBaseMs: fc.constantFrom(5, 8) }),
  fc.record({ retryMaxAttempts: fc.constantFrom(1, 2, 3), retryBaseMs: fc.constantFrom(60, 120) }),
);

const providerFaults: fc.Arbitrary<ProviderFault> = fc.oneof(
  fc.constantFrom(429, 500, 503).map((status) => ({ kind: 'status' as const, status })),
  fc.constant<ProviderFault>({ kind: 'reset' }),
);

/** A call fails as often as a vault tries it, or once less: then the last try has what it was made for. */
export const lastTries = stepKind(
  fc.record({
    which: fc.nat({ max: 11 }),
    policy: policies,
    call: fc.constantFrom('listing', 'payload', 'upload'),
    providerFault: providerFaults,
    uploadFault: passingUploadFaults,
    isSurvived: fc.constantFrom(true, true, false),
  }),
  async ({ which, policy, call, providerFault, uploadFault, isSurvived }, run, checker) => {
    await checker.untilAllEnded();
    await keepTo(run, policy);
    const { retryMaxAttempts } = run.shared.environment.vault.settings;
    const times = isSurvived ? retryMaxAttempts - 1 : retryMaxAttempts;
    if (times < 1) return;
    const { providerId } = run.pick(which).now;
    const { request, words } = ingestion(run, { range: undefined, which, askers: 1 });
    // One that is stored already is neither fetched nor uploaded again.
    const log = call === 'listing' ? undefined : offered(run, providerId);
    if (log !== undefined && call === 'upload') {
      await armFor(run, 'upload', log, { fault: uploadFault, times, taking: 'may be tried again' });
      run.transcript.given(inWords('upload', `"${log.name}"`, { fault: uploadFault, times }));
    } else {
      armProvider(run, log ?? providerId, providerFault, times);
    }
    run.transcript.when(`${words}, and the job has ended`);
    const job = await checker.ingest(request);
    if (job !== undefined && job.ended === undefined) await checker.untilEnded(job);
  },
  {
    'of ten and more': ({ policy }) => policy.retryMaxAttempts >= 10,
    'that succeed': ({ isSurvived }) => isSurvived,
    'of uploads': ({ call }) => call === 'upload',
  },
);

/** Has the vault keep to a policy from now on, where it can be told. */
async function keepTo({ shared, transcript }: ProgramRun, policy: Partial<RunSettings>): Promise<void> {
  const { disturbances, environment, settings, mayRestart } = shared;
  if (!mayRestart) return;
  const { retryMaxAttempts, retryBaseMs } = policy;
  transcript.given(
    `the vault is started again, to try ${retryMaxAttempts} times with a base wait of ${retryBaseMs} ms`,
  );
  await disturbances.disturb('the vault is down', async () => {
    await environment.vault.stop();
    await environment.vault.start({ ...settings, ...policy });
  });
}

function offered(run: ProgramRun, providerId: string): ProgramLog {
  const log = run.offer({
    providerId,
    payload: auditEvent(`log ${run.logs.length + 1}`),
    timestamp: run.scope.at(run.logs.length),
  });
  run.transcript.given(`"${providerId}" offers "${log.name}"`);
  return log;
}

/** @param about the log whose payload is asked for, or the provider whose listing is */
function armProvider(run: ProgramRun, about: ProgramLog | string, fault: ProviderFault, times: number): void {
  const { provider } = run.shared.environment;
  const isListing = typeof about === 'string';
  const providerId = isListing ? about : about.now.providerId;
  const armed = isListing
    ? provider.arm({ kind: 'listing', providerId, within: run.scope.range }, fault, times)
    : provider.arm({ kind: 'payload', providerId, sourceId: about.now.sourceId }, fault, times);
  run.armed(armed, { to: 'provider', how: 'may be tried again' }, about);
  run.transcript.given(
    `"${providerId}" answers ${calls(times)} for ${isListing ? 'its listing' : `the payload of "${about.name}"`} with ${describeProviderFault(fault)}`,
  );
}
