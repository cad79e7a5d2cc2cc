import fc from 'fast-check';
import type { RunSettings } from '../environments/vault-under-test';
import { describeProviderFault, type ProviderFault } from '../provider/provider-faults';
import type { ProviderTarget } from '../provider/provider-request';
import { noListings } from './no-listing-arbitraries';
import { offerAnother } from './offer-steps';
import type { FaultEffect } from './program-faults';
import type { ProgramLog, ProgramRun } from './program-run';
import { cutBodies, spoiltPayloads, transientFaults } from './provider-fault-arbitraries';
import { calls } from './provider-steps';
import { stepKind } from './step';
import { passingUploadFaults } from './storage-faults';
import { armFor, inWords } from './storage-steps';
import { ingestion } from './vault-steps';

const FURTHER_LOGS = 2;
/** More pages of one log each would only take long. */
const MOST_PAGES = 50;

/** Many tries, few with waits that grow long, or a single one; all of them take a second at the most. */
const policies: fc.Arbitrary<Pick<RunSettings, 'retryMaxAttempts' | 'retryBaseMs'>> = fc.oneof(
  fc.record({ retryMaxAttempts: fc.constantFrom(10, 11), retryBaseMs: fc.constant(1) }),
  fc.record({ retryMaxAttempts: fc.constantFrom(6, 7), retryBaseMs: fc.constantFrom(5, 8) }),
  fc.record({ retryMaxAttempts: fc.constantFrom(1, 1, 2, 3), retryBaseMs: fc.constantFrom(60, 120) }),
);

/** As many as a vault makes tries at the most; each try of a call meets another one. */
const MOST_FAULTS = 11;
const faultsOf = (arbitrary: fc.Arbitrary<ProviderFault>) =>
  fc.array(arbitrary, { minLength: MOST_FAULTS, maxLength: MOST_FAULTS });
const noListing: fc.Arbitrary<ProviderFault> = noListings.map((text) => ({ kind: 'listing-text', text }));
const listingFaults = faultsOf(
  fc.oneof(
    { weight: 5, arbitrary: noListing },
    { weight: 2, arbitrary: transientFaults },
    { weight: 2, arbitrary: cutBodies },
  ),
);
const payloadFaults = faultsOf(
  fc.oneof({ weight: 2, arbitrary: transientFaults }, { weight: 3, arbitrary: spoiltPayloads }),
);

/** A call fails as often as a vault tries it, or once less: then the last try has what it was made for. */
export const lastTries = stepKind(
  fc.record({
    which: fc.nat({ max: 11 }),
    policy: policies,
    call: fc.constantFrom('listing', 'further page', 'payload', 'upload'),
    listingFaults,
    payloadFaults,
    uploadFault: passingUploadFaults,
    isSurvived: fc.constantFrom(true, true, false),
  }),
  async ({ which, policy, call, uploadFault, isSurvived, ...faults }, run, checker) => {
    await checker.untilAllEnded();
    await keepTo(run, policy);
    const { retryMaxAttempts } = run.shared.environment.vault.settings;
    // Of a single try there is none before the last.
    const times = isSurvived ? Math.max(1, retryMaxAttempts - 1) : retryMaxAttempts;
    const { providerId } = run.pick(which).now;
    const { request, words } = ingestion(run, { range: undefined, which, askers: 1 });
    // One that is stored already is neither fetched nor uploaded again.
    const log = isAboutListing(call) ? undefined : offerAnother(run, providerId);
    if (log !== undefined && call === 'upload') {
      await armFor(run, 'upload', log, { fault: uploadFault, times, taking: 'may be tried again' });
      run.transcript.given(inWords('upload', `"${log.name}"`, { fault: uploadFault, times }));
    } else {
      if (call === 'further page') paged(run, providerId);
      const drawn = isAboutListing(call) ? faults.listingFaults : faults.payloadFaults;
      armProvider(run, log ?? providerId, drawn.slice(0, times), call === 'further page');
    }
    run.transcript.when(`${words}, and the job has ended`);
    const job = await checker.ingest(request);
    if (job !== undefined && job.ended === undefined) await checker.untilEnded(job);
  },
  {
    'of ten and more': ({ policy }) => policy.retryMaxAttempts >= 10,
    'that succeed': ({ isSurvived, policy }) => isSurvived && policy.retryMaxAttempts > 1,
    'of a single one': ({ policy }) => policy.retryMaxAttempts === 1,
    'of uploads': ({ call }) => call === 'upload',
    'of further pages': ({ call }) => call === 'further page',
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

const isAboutListing = (call: string): boolean => call === 'listing' || call === 'further page';

/** More logs than a page has room for. */
function paged(run: ProgramRun, providerId: string): void {
  const { provider } = run.shared.environment;
  for (let more = 0; more < FURTHER_LOGS; more += 1) offerAnother(run, providerId);
  if (run.logs.length > MOST_PAGES) return;
  provider.pageLogs = 1;
  run.transcript.given('listings have one log a page');
}

/** @param about the log whose payload is asked for, or the provider whose listing is */
function armProvider(
  run: ProgramRun,
  about: ProgramLog | string,
  faults: readonly ProviderFault[],
  furtherPages: boolean,
): void {
  const { provider } = run.shared.environment;
  const isListing = typeof about === 'string';
  const providerId = isListing ? about : about.now.providerId;
  const target: ProviderTarget = isListing
    ? { kind: 'listing', providerId, within: run.scope.range, ...(furtherPages ? { furtherPages } : {}) }
    : { kind: 'payload', providerId, sourceId: about.now.sourceId };
  for (const fault of faults) {
    const effect: FaultEffect =
      fault.kind === 'latency' ? { to: 'nothing' } : { to: 'provider', how: 'may be tried again' };
    run.faults.armed(provider.arm(target, fault, 1), effect, about);
  }
  const listing = furtherPages ? 'further pages of its listing' : 'its listing';
  run.transcript.given(
    `"${providerId}" answers ${calls(faults.length)} for ${isListing ? listing : `the payload of "${about.name}"`} with ${faults.map(describeProviderFault).join(', then ')}`,
  );
}
