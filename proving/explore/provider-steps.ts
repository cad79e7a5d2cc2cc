import fc from 'fast-check';
import { auditEvent } from '../../support/bytes/audit-event';
import { payload } from '../../support/bytes/payloads';
import type { PayloadDelivery } from '../../support/provider/offered-log';
import { describeProviderFault, type ProviderFault } from '../../support/provider/provider-faults';
import { zonedTime } from '../../support/scenario/zoned-time';
import type { FaultEffect, ProgramRun } from './program-run';
import type { Step } from './step';

/** A program's day has as many slots as there are ranges worth telling apart. */
export const SLOTS = 4;
export const SLOT_MS = 60_000;

const AN_EVENT = 'an event of its own';
const PAYLOADS = [
  AN_EVENT,
  'empty',
  'duplicate keys',
  'decimals in unusual notations',
  'invalid UTF-8',
  'led by a byte order mark',
  'compressed',
  'lone surrogate escapes',
] as const;

/** How a timestamp is written; its instant is the slot's second of that number. */
const STAMPS = {
  plain: (day: string, clock: string) => zonedTime(day, clock, 'Z'),
  'in nanoseconds': (day: string, clock: string) => zonedTime(day, `${clock}.000000001`, 'Z'),
  'in microseconds': (day: string, clock: string) => zonedTime(day, `${clock}.000001`, '+00:00'),
  'in New York': (day: string, clock: string) => zonedTime(day, clock, '-05:00'),
} as const;

const DELIVERIES: Readonly<Record<string, PayloadDelivery>> = {
  whole: {},
  'compressed in transport': { gzip: true },
  'in chunks of 7 bytes': { chunkBytes: 7 },
  'with its digest': { contentDigest: true },
};

const some = fc.nat({ max: 11 });
const providers = fc.nat({ max: 1 });

/** The provider offers a few logs more in one slot of the day, some of them at the same second. */
export const offers: fc.Arbitrary<Step> = fc
  .record({
    provider: providers,
    slot: fc.nat({ max: SLOTS - 1 }),
    seconds: fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 4, size: 'max' }),
    kind: fc.constantFrom(...PAYLOADS),
    stamp: fc.constantFrom(...(Object.keys(STAMPS) as (keyof typeof STAMPS)[])),
    delivery: fc.constantFrom(...Object.keys(DELIVERIES)),
    listedTimes: fc.constantFrom(1, 1, 2),
  })
  .map(({ provider, slot, seconds, kind, stamp, delivery, listedTimes }): Step => {
    const details = [
      kind === AN_EVENT ? '' : `, the payload ${kind}`,
      stamp === 'plain' ? '' : `, dated ${stamp}`,
      delivery === 'whole' ? '' : `, sent ${delivery}`,
      listedTimes === 1 ? '' : ', listed twice',
    ].join('');
    return (run) => {
      const providerId = run.provider(provider);
      const names = seconds.map((second) => {
        const [day = '', rest = ''] = run.scope.at(slot * SLOT_MS + second * 1_000).split('T');
        const logs = run.logs.length + 1;
        return run.offer({
          providerId,
          payload: kind === AN_EVENT ? auditEvent(`log ${logs}`) : payload(kind),
          timestamp: STAMPS[stamp](day, rest.replace('Z', '')),
          listedTimes,
          delivery: DELIVERIES[delivery] ?? {},
        }).name;
      });
      const when = `00:0${slot}:0${seconds.join(', :0')}`;
      run.transcript.given(
        `"${providerId}" offers ${names.map((name) => `"${name}"`).join(', ')} at ${when}${details}`,
      );
    };
  });

/** The provider serves other bytes for a log from now on. */
export const amendments: fc.Arbitrary<Step> = some.map(
  (which): Step =>
    (run) => {
      const log = run.pick(which);
      run.transcript.given(`"${log.now.providerId}" now serves different bytes for "${log.name}"`);
      run.amend(log, auditEvent(`${log.name}, version ${log.versions + 1}`));
    },
);

const TRANSIENT: readonly ProviderFault[] = [
  { kind: 'status', status: 503 },
  { kind: 'status', status: 429 },
  { kind: 'reset' },
];
const REFUSALS: readonly ProviderFault[] = [
  { kind: 'status', status: 401 },
  { kind: 'status', status: 403 },
  { kind: 'status', status: 404 },
  { kind: 'status', status: 302, location: '/elsewhere' },
];
const SPOILING: readonly ProviderFault[] = [{ kind: 'short-body' }, { kind: 'corrupt-body' }];
const OF_PAYLOADS: readonly ProviderFault[] = [...TRANSIENT, ...SPOILING, { kind: 'latency', delayMs: 20 }];
const OF_LISTINGS: readonly ProviderFault[] = [
  ...TRANSIENT,
  { kind: 'broken-listing', how: 'logs that are null' },
  { kind: 'latency', delayMs: 20 },
];
const SILENCE: ProviderFault = { kind: 'silence' };

/** Mostly a call or two, now and then for good. */
const times = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 2 }) },
  { weight: 1, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
);

function faultsFrom(
  usual: readonly ProviderFault[],
): fc.Arbitrary<{ readonly fault: ProviderFault; readonly times: number }> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.record({ fault: fc.constantFrom(...usual), times }) },
    { weight: 4, arbitrary: fc.record({ fault: fc.constantFrom(...REFUSALS), times: fc.constant(1) }) },
    { weight: 1, arbitrary: fc.constant({ fault: SILENCE, times: 1 }) },
  );
}

/** The provider fails calls for one log's payload. */
export const payloadFaults: fc.Arbitrary<Step> = fc.record({ which: some, met: faultsFrom(OF_PAYLOADS) }).map(
  ({ which, met: { fault, times } }): Step =>
    (run) => {
      const log = run.pick(which);
      const { providerId, sourceId } = log.now;
      // Nothing of an empty body can be missing or wrong.
      if (log.now.payload.byteLength === 0 && SPOILING.includes(fault)) return;
      const armed = run.shared.environment.provider.arm(
        { kind: 'payload', providerId, sourceId },
        fault,
        times,
      );
      run.transcript.given(
        `"${providerId}" answers ${calls(times)} for the payload of "${log.name}" with ${describeProviderFault(fault)}`,
      );
      run.armed(armed, effectOf(fault), log);
    },
);

/** The provider fails listings. */
export const listingFaults: fc.Arbitrary<Step> = fc
  .record({ provider: providers, met: faultsFrom(OF_LISTINGS) })
  .map(
    ({ provider, met: { fault, times } }): Step =>
      (run) => {
        const providerId = run.provider(provider);
        const armed = run.shared.environment.provider.arm(
          { kind: 'listing', providerId, within: run.scope.range },
          fault,
          times,
        );
        run.transcript.given(
          `"${providerId}" answers ${calls(times)} for its listing with ${describeProviderFault(fault)}`,
        );
        run.armed(armed, effectOf(fault), providerId);
      },
  );

/** Every fault is healed. */
export const healings: fc.Arbitrary<Step> = fc.constant((run: ProgramRun): void => {
  const { provider, bucket } = run.shared.environment;
  run.transcript.given('every fault is healed');
  provider.heal();
  bucket.heal();
});

/** `the next 2 calls`, `every call`. */
export function calls(times: number): string {
  if (times === 1) return 'the next call';
  return Number.isFinite(times) ? `the next ${times} calls` : 'every call';
}

function effectOf(fault: ProviderFault): FaultEffect {
  if (fault.kind === 'latency') return { to: 'nothing' };
  if (!REFUSALS.includes(fault)) return { to: 'provider', how: 'may be tried again' };
  const isUnauthorized = fault.kind === 'status' && (fault.status === 401 || fault.status === 403);
  return {
    to: 'provider',
    how: 'refused',
    code: isUnauthorized ? 'provider_unauthorized' : 'provider_rejected',
  };
}
