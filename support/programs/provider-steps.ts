import fc from 'fast-check';
import { describeProviderFault, type ProviderFault } from '../provider/provider-faults';
import type { FaultEffect, ProgramRun } from './program-run';
import { stepKind } from './step';

const some = fc.nat({ max: 11 });
const providers = fc.nat({ max: 1 });

/** Mostly a call or two, now and then for good. */
const times = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 2 }) },
  { weight: 1, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
);

/** Seconds that are soon over, and what is no number of seconds. */
const retryAfter = fc.constantFrom('0', '1', 'soon', '-1', '', 'Thu, 01 Jan 1970 00:00:00 GMT');

/** Answers after which a call has to be tried again. */
const transient: fc.Arbitrary<ProviderFault> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(429, 500, 502, 503, 504)
      .map((status) => ({ kind: 'status' as const, status })),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 500, max: 599 }).map((status) => ({ kind: 'status' as const, status })),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('status' as const),
      status: fc.constantFrom(429, 503),
      retryAfter,
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'reset' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'latency' as const, delayMs: 20 }) },
);

/** Answers after which a job has to fail. */
const refusals: fc.Arbitrary<ProviderFault> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(401, 403, 404).map((status) => ({ kind: 'status' as const, status })),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'status' as const, status: 302, location: '/elsewhere' }) },
  {
    weight: 2,
    arbitrary: fc
      .oneof(
        fc.integer({ min: 201, max: 208 }),
        fc.integer({ min: 300, max: 308 }),
        fc.integer({ min: 400, max: 451 }),
      )
      .filter((status) => status !== 429)
      .map((status) => ({ kind: 'status' as const, status })),
  },
);

const token = fc.string({
  unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789-'),
  minLength: 1,
  maxLength: 8,
});

/** Bodies that are not what they say they are. */
const spoilt: fc.Arbitrary<ProviderFault> = fc.oneof(
  fc.constantFrom<ProviderFault>({ kind: 'short-body' }, { kind: 'broken-chunks' }),
  fc.constant({ kind: 'corrupt-body' as const }),
  fc
    .oneof(
      fc.constantFrom('aes128gcm', 'exi', 'pack200-gzip'),
      token.map((name) => `x-${name}`),
    )
    .filter((encoding) => encoding !== 'x-gzip')
    .map((encoding) => ({ kind: 'unknown-encoding' as const, encoding })),
  fc.double({ min: 0, max: 1, noNaN: true }).map((share) => ({ kind: 'cut-compression' as const, share })),
);
const NOTHING_TO_SPOIL: readonly ProviderFault['kind'][] = [
  'short-body',
  'broken-chunks',
  'corrupt-body',
  'unknown-encoding',
];

/** A member that is missing, or of any type but its own. */
const mistyped = fc.constantFrom<unknown>(undefined, null, 0, 1, true, [], {}, ['x'], { id: 'x' });
const isOf = (type: string) => (value: unknown) => typeof value !== type;

const ENTRY = { id: 'evt-1', timestamp: '2026-01-01T12:00:00Z' };
const NO_TIMESTAMPS = ['', 'yesterday', 'T', '12:00'];

/** What is no listing, by the one member that is wrong (contract, section 2). */
const listingTexts: fc.Arbitrary<string> = fc
  .oneof(
    mistyped
      .filter((cursor) => cursor !== null)
      .map((cursor): unknown => ({ logs: [], next_cursor: cursor })),
    mistyped.filter((logs) => !Array.isArray(logs)).map((logs): unknown => ({ logs, next_cursor: null })),
    mistyped
      .filter(isOf('string'))
      .map((entry) => (typeof entry === 'undefined' ? null : entry))
      .map((entry): unknown => ({ logs: [entry], next_cursor: null })),
    fc
      .oneof(mistyped, fc.constantFrom<unknown>('.', '..', 'x'.repeat(201), '😀'.repeat(201)))
      .map((id): unknown => ({ logs: [{ ...ENTRY, id }], next_cursor: null })),
    fc
      .oneof(mistyped, fc.constantFrom<unknown>(...NO_TIMESTAMPS))
      .map((timestamp): unknown => ({ logs: [{ ...ENTRY, timestamp }], next_cursor: null })),
    fc.constantFrom<unknown>(null, 0, 'logs', true),
  )
  .map((value) => JSON.stringify(value));

const noListings: fc.Arbitrary<ProviderFault> = fc
  .oneof(
    { weight: 5, arbitrary: listingTexts },
    { weight: 1, arbitrary: fc.constantFrom('', '<!doctype html><p>We are back soon.', '{"logs":[') },
  )
  .map((text) => ({ kind: 'listing-text', text }));

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
        fault: fc.constant({ kind: 'silence' as const }),
        times: fc.constant(1),
        isRefusal,
      }),
    },
  );
}

/** The provider fails calls for one log's payload. */
export const payloadFaults = stepKind(
  fc.record({ which: some, met: faultsFrom(fc.oneof(transient, spoilt)) }),
  ({ which, met: { fault, times, isRefusal } }, run) => {
    const log = run.pick(which);
    const { providerId, sourceId } = log.now;
    // Nothing of an empty body can be missing or wrong.
    if (log.now.payload.byteLength === 0 && NOTHING_TO_SPOIL.includes(fault.kind)) return;
    const armed = run.shared.environment.provider.arm(
      { kind: 'payload', providerId, sourceId },
      fault,
      times,
    );
    run.transcript.given(
      `"${providerId}" answers ${calls(times)} for the payload of "${log.name}" with ${describeProviderFault(fault)}`,
    );
    run.armed(armed, effectOf(fault, isRefusal), log);
  },
);

/** The provider fails listings. */
export const listingFaults = stepKind(
  fc.record({ provider: providers, met: faultsFrom(fc.oneof(transient, noListings)) }),
  ({ provider, met: { fault, times, isRefusal } }, run) => {
    const providerId = run.provider(provider);
    const armed = run.shared.environment.provider.arm(
      { kind: 'listing', providerId, within: run.scope.range },
      fault,
      times,
    );
    run.transcript.given(
      `"${providerId}" answers ${calls(times)} for its listing with ${describeProviderFault(fault)}`,
    );
    run.armed(armed, effectOf(fault, isRefusal), providerId);
  },
);

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
