import fc from 'fast-check';
import type { ObjectFault } from '../object-store/object-faults';

/** How a vault takes a failed call to storage (contract, section 4). */
export type StorageTaking =
  /** It has to try an upload again. */
  | 'may be tried again'
  /** It must not try an upload again. */
  | 'refused'
  /** The contract does not say: again, or not. */
  | 'either'
  | 'no failure';

/** A fault of storage, and how often it strikes. */
export interface DrawnStorageFault {
  readonly fault: ObjectFault;
  readonly times: number;
  readonly taking: StorageTaking;
}

const answer = (status: number, ...codes: readonly string[]): readonly ObjectFault[] =>
  codes.map((code) => ({ kind: 'answer', status, code }));

/** The answers that S3 documents, or a proxy before it gives, when it cannot serve a call for now. */
const OUTAGES: readonly ObjectFault[] = [
  ...answer(503, 'SlowDown', 'ServiceUnavailable'),
  ...answer(500, 'InternalError'),
  ...answer(502, 'BadGateway'),
  ...answer(504, 'GatewayTimeout'),
];
const RESETS: readonly ObjectFault[] = [
  { kind: 'reset', when: 'before' },
  { kind: 'reset', when: 'after' },
];

const DENIALS: readonly ObjectFault[] = answer(
  403,
  'AccessDenied',
  'AccountProblem',
  'AllAccessDisabled',
  'InvalidAccessKeyId',
  'InvalidObjectState',
  'NotSignedUp',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
);
const NO_BUCKET: readonly ObjectFault[] = answer(404, 'NoSuchBucket');

/** Answers to uploads of which the contract says nothing. Redirects are not among them: some SDKs follow them by themselves. */
const UNSAID: readonly ObjectFault[] = [
  ...answer(400, 'BadDigest', 'EntityTooLarge', 'ExpiredToken', 'IncompleteBody', 'InvalidArgument'),
  ...answer(400, 'InvalidDigest', 'InvalidRequest', 'InvalidToken', 'TokenRefreshRequired'),
  ...answer(405, 'MethodNotAllowed'),
  ...answer(411, 'MissingContentLength'),
  ...answer(429, 'TooManyRequests'),
  ...answer(501, 'NotImplemented'),
];

const outages = fc.constantFrom(...OUTAGES);
const resets = fc.constantFrom(...RESETS);
const slowness: fc.Arbitrary<ObjectFault> = fc.record({
  kind: fc.constant('latency' as const),
  delayMs: fc.constantFrom(5, 20, 120),
});
const silences = fc.constantFrom<ObjectFault>({ kind: 'hang' }, { kind: 'withhold' });
const CONFLICTS: readonly ObjectFault[] = answer(409, 'ConditionalRequestConflict', 'OperationAborted');
const quiet = fc.constantFrom<ObjectFault>(
  { kind: 'hang' },
  { kind: 'cut-off', afterBytes: 1, silent: true },
  { kind: 'cut-off', afterBytes: 64, silent: true },
);
const cuts: fc.Arbitrary<ObjectFault> = fc.record({
  kind: fc.constant('cut-off' as const),
  afterBytes: fc.constantFrom(0, 1, 20, 64),
});

/** Mostly a call or two, now and then for good. */
const someTimes = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 2 }) },
  { weight: 2, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
);
const once = fc.constant(1);

function drawn(
  fault: fc.Arbitrary<ObjectFault>,
  times: fc.Arbitrary<number>,
  taking: StorageTaking,
): fc.Arbitrary<DrawnStorageFault> {
  return fc.record({ fault, times, taking: fc.constant(taking) });
}

/** Faults that every upload has to survive that meets fewer of them than a vault tries. */
export const passingUploadFaults: fc.Arbitrary<ObjectFault> = fc.oneof(
  { weight: 4, arbitrary: outages },
  { weight: 1, arbitrary: fc.constantFrom(...answer(400, 'RequestTimeout')) },
  { weight: 4, arbitrary: resets },
);

/** Faults of uploads. */
export const uploadFaultDraws: fc.Arbitrary<DrawnStorageFault> = fc.oneof(
  { weight: 12, arbitrary: drawn(passingUploadFaults, someTimes, 'may be tried again') },
  { weight: 2, arbitrary: drawn(slowness, someTimes, 'no failure') },
  { weight: 4, arbitrary: drawn(fc.constantFrom(...DENIALS, ...NO_BUCKET), once, 'refused') },
  { weight: 4, arbitrary: drawn(fc.constantFrom(...UNSAID), fc.integer({ min: 1, max: 2 }), 'either') },
  { weight: 3, arbitrary: drawn(fc.constantFrom(...CONFLICTS), fc.integer({ min: 1, max: 2 }), 'either') },
  { weight: 3, arbitrary: drawn(silences, once, 'may be tried again') },
);

/** Faults of reads from which nothing can be known of an object. */
export const passingReadFaults: fc.Arbitrary<ObjectFault> = fc.oneof(
  { weight: 2, arbitrary: outages },
  { weight: 5, arbitrary: resets },
);

/** Faults of reads and look-ups; what a job makes of them is its own affair. */
export const readFaultDraws: fc.Arbitrary<DrawnStorageFault> = fc.oneof(
  { weight: 6, arbitrary: drawn(passingReadFaults, someTimes, 'either') },
  { weight: 4, arbitrary: drawn(fc.constantFrom(...DENIALS), someTimes, 'either') },
  { weight: 2, arbitrary: drawn(fc.constantFrom(...NO_BUCKET), someTimes, 'either') },
  { weight: 3, arbitrary: drawn(cuts, someTimes, 'either') },
  { weight: 2, arbitrary: drawn(slowness, someTimes, 'no failure') },
  { weight: 3, arbitrary: drawn(quiet, once, 'either') },
);
