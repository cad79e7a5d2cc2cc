import fc from 'fast-check';
import { describeProviderFault, type ProviderFault } from '../provider/provider-faults';
import { noListings } from './no-listing-arbitraries';
import { offerAnother } from './offer-steps';
import type { FaultEffect } from './program-faults';
import type { ProgramRun } from './program-run';
import {
  cutBodies,
  KEY_OF_THE_CALL,
  NOTHING_TO_SPOIL,
  refusals,
  silences,
  spoiltPayloads,
  transientFaults,
} from './provider-fault-arbitraries';
import { stepKind } from './step';

const some = fc.nat({ max: 11 });
const providers = fc.nat({ max: 1 });

/** Mostly a call or two, now and then for good. */
const times = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 2 }) },
  { weight: 1, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
);

const noListing: fc.Arbitrary<ProviderFault> = noListings.map((text) => ({ kind: 'listing-text', text }));

function faultsFrom(
  usual: fc.Arbitrary<ProviderFault>,
): fc.Arbitrary<{ readonly fault: ProviderFault; readonly times: number; readonly isRefusal: boolean }> {
  const isRefusal = fc.constant(false);
  return fc.oneof(
    { weight: 12, arbitrary: fc.record({ fault: usual, times, isRefusal }) },
    {
      weight: 4,
      arbitrary: fc.record({ fault: refusals, times: fc.constant(1), isRefusal: fc.constant(true) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        fault: silences,
        times: fc.constant(1),
        isRefusal,
      }),
    },
  );
}

/** The provider fails calls for one log's payload. */
export const payloadFaults = stepKind(
  fc.record({
    which: some,
    /** Whether it is about a log that nobody can have fetched yet. */
    isNew: fc.boolean(),
    met: faultsFrom(
      fc.oneof({ weight: 2, arbitrary: transientFaults }, { weight: 3, arbitrary: spoiltPayloads }),
    ),
  }),
  ({ which, isNew, met: { fault, times, isRefusal } }, run) => {
    const picked = run.pick(which);
    const log = isNew ? offerAnother(run, picked.now.providerId) : picked;
    const { providerId, sourceId } = log.now;
    // Nothing of an empty body can be missing or wrong.
    if (log.now.payload.byteLength === 0 && NOTHING_TO_SPOIL.includes(fault.kind)) return;
    const armed = run.shared.environment.provider.arm(
      { kind: 'payload', providerId, sourceId },
      told(run, fault),
      times,
    );
    run.transcript.given(
      `"${providerId}" answers ${calls(times)} for the payload of "${log.name}" with ${describeProviderFault(fault)}`,
    );
    run.faults.armed(armed, effectOf(fault, isRefusal), log);
  },
  {
    'an answer after which a job has to fail': ({ met }) => met.isRefusal,
    'Retry-After': ({ met: { fault } }) => fault.kind === 'status' && fault.retryAfter !== undefined,
    'a body that ends early': ({ met: { fault } }) =>
      ['short-body', 'broken-chunks', 'cut-compression'].includes(fault.kind),
    'several codings': ({ met: { fault } }) =>
      fault.kind === 'unknown-encoding' && fault.encoding.includes(','),
    'a digest that is wrong': ({ met: { fault } }) =>
      ['wrong-digest', 'corrupt-body', 'emptied-body'].includes(fault.kind),
    'digests that are wrong, SHA-256 not the first': ({ met: { fault } }) =>
      fault.kind === 'corrupt-body' && !['sha-256', undefined].includes(fault.digestAlgorithms?.[0]),
    'a compressed body that does not match its digest': ({ met: { fault } }) =>
      fault.kind === 'corrupt-body' && fault.gzip === true,
    silence: ({ met: { fault } }) => ['silence', 'stalled-body'].includes(fault.kind),
  },
);

/** The provider fails listings, or their further pages alone. */
export const listingFaults = stepKind(
  fc.record({
    provider: providers,
    furtherPages: fc.constantFrom(false, false, true),
    met: faultsFrom(
      fc.oneof(
        { weight: 3, arbitrary: transientFaults },
        { weight: 3, arbitrary: noListing },
        { weight: 2, arbitrary: cutBodies },
      ),
    ),
  }),
  ({ provider, furtherPages, met: { fault, times, isRefusal } }, run) => {
    const providerId = run.provider(provider);
    const armed = run.shared.environment.provider.arm(
      { kind: 'listing', providerId, within: run.scope.range, ...(furtherPages ? { furtherPages } : {}) },
      told(run, fault),
      times,
    );
    const what = furtherPages ? 'further pages of its listing' : 'its listing';
    run.transcript.given(
      `"${providerId}" answers ${calls(times)} for ${what} with ${describeProviderFault(fault)}`,
    );
    run.faults.armed(armed, effectOf(fault, isRefusal), providerId);
  },
  {
    'a body that is no listing': ({ met: { fault } }) => fault.kind === 'listing-text',
    'a listing without a cursor': ({ met: { fault } }) =>
      fault.kind === 'listing-text' && /^\{"logs":\[[^\]]*\]\}$/.test(fault.text.toString()),
    'a body that ends early': ({ met: { fault } }) =>
      ['short-body', 'broken-chunks', 'cut-compression'].includes(fault.kind),
    'a further page': ({ furtherPages }) => furtherPages,
  },
);

/** The fault as it is sent: the provider may repeat the key that it was asked with. */
function told({ shared }: ProgramRun, fault: ProviderFault): ProviderFault {
  if (fault.kind !== 'status' || fault.body === undefined) return fault;
  const body = fault.body.replaceAll(KEY_OF_THE_CALL, shared.environment.provider.apiKey);
  return { ...fault, body };
}

/** Every fault is healed. */
export const healings = stepKind(fc.constant(undefined), (_, run) => healAll(run));

/** Heals every fault. */
export function healAll({ shared, transcript }: ProgramRun): void {
  const { provider, bucket } = shared.environment;
  transcript.given('every fault is healed');
  provider.heal();
  bucket.heal();
}

/** `the next 2 calls`, `every call`. */
export function calls(times: number): string {
  if (times === 1) return 'the next call';
  return Number.isFinite(times) ? `the next ${times} calls` : 'every call';
}

function effectOf(fault: ProviderFault, isRefusal: boolean): FaultEffect {
  if (fault.kind === 'latency') return { to: 'nothing' };
  if (!isRefusal) return { to: 'provider', how: 'may be tried again' };
  const isUnauthorized = fault.kind === 'status' && (fault.status === 401 || fault.status === 403);
  return {
    to: 'provider',
    how: 'refused',
    code: isUnauthorized ? 'provider_unauthorized' : 'provider_rejected',
  };
}
