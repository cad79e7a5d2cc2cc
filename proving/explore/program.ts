import fc from 'fast-check';
import { SuiteError } from '../../support/bytes/errors';
import type { RunSettings } from '../../support/environments/vault-under-test';
import { absences, kills } from './disturbance-steps';
import { longWaits } from './long-wait-steps';
import { amendments, floods, offers } from './offer-steps';
import type { ExploreOptions } from './options';
import { healings, listingFaults, payloadFaults } from './provider-steps';
import { connectionTests, partialReads, strangeRequests } from './request-steps';
import type { Step } from './step';
import { brownouts, deletions, readFaults, repairs, tamperings, uploadFaults } from './storage-steps';
import { beginnings, ingestions, lookUps, reads, searches, waits } from './vault-steps';

/** The steps that one client takes; the first one offers something. */
export type Program = readonly Step[];

/** Programs that run at once against one vault, and how their provider cuts its listings into pages. */
export interface Round {
  readonly programs: readonly Program[];
  readonly pageLogs: number;
  readonly emptyPages: boolean;
  /** What the vault is to run with otherwise than usual, where it can be told. */
  readonly settings: Partial<RunSettings>;
}

const LONGEST_PROGRAM = 12;
/** Steps that are drawn before those of kinds that are switched off are left out. */
const DRAWN_STEPS = 40;

/** Steps that every program may take, by how often, relative to the others. */
const COMMON: readonly (readonly [number, fc.Arbitrary<Step>])[] = [
  [20, ingestions],
  [10, beginnings],
  [8, offers],
  [10, reads],
  [7, searches],
];

/** Steps that a program takes only where their kind is switched on. */
const SWITCHED: Readonly<Record<string, readonly [number, fc.Arbitrary<Step>]>> = {
  waits: [6, waits],
  floods: [1, floods],
  amendments: [6, amendments],
  uploadFaults: [8, uploadFaults],
  payloadFaults: [8, payloadFaults],
  listingFaults: [6, listingFaults],
  readFaults: [6, readFaults],
  brownouts: [4, brownouts],
  strangeRequests: [8, strangeRequests],
  partialReads: [4, partialReads],
  connectionTests: [3, connectionTests],
  healings: [5, healings],
  deletions: [7, deletions],
  repairs: [4, repairs],
  tamperings: [3, tamperings],
  lookUps: [4, lookUps],
  absences: [1, absences],
  longWaits: [4, longWaits],
};
const KILLS = [6, kills] as const;

interface Drawn {
  /** The kind that has to be switched on for it; none for the steps that are always taken. */
  readonly kind: string | undefined;
  readonly step: Step;
}

/** Settings at their edges; each is the usual one where it is absent. */
const edges: fc.Arbitrary<Partial<RunSettings>> = fc.record(
  {
    retryMaxAttempts: fc.constantFrom(1, 2, 7),
    retryBaseMs: fc.constantFrom(1, 2, 90),
    queueLimit: fc.constantFrom(1, 2, 3),
    concurrency: fc.constantFrom(1, 2, 16),
  },
  { requiredKeys: [] },
);

/**
 * Draws rounds.
 * @throws SuiteError for a kind of steps that there is not
 */
export function rounds({
  concurrency,
  kill,
  only,
}: Pick<ExploreOptions, 'concurrency' | 'kill' | 'only'>): fc.Arbitrary<Round> {
  // With several programs so short a queue that it is full now and then.
  const usual = concurrency > 1 ? { queueLimit: concurrency } : {};
  const switched = { ...SWITCHED, ...(kill ? { kills: KILLS } : {}) };
  return fc.record({
    programs: fc.array(programs(switched, only), { minLength: concurrency, maxLength: concurrency }),
    pageLogs: fc.constantFrom(100, 1, 2, 2_000),
    emptyPages: fc.boolean(),
    settings: fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: edges }),
  });
}

/** Programs of which each switches some kinds of steps on: what is rare among all comes together among few. */
function programs(switched: typeof SWITCHED, only: readonly string[] | undefined): fc.Arbitrary<Program> {
  const kinds = Object.keys(switched);
  const unknown = only?.find((kind) => !kinds.includes(kind));
  if (unknown !== undefined) {
    throw new SuiteError(`No kind of steps is called "${unknown}"; there are: ${kinds.join(', ')}.`);
  }
  const weighted = (kind: string | undefined, [weight, steps]: readonly [number, fc.Arbitrary<Step>]) => ({
    weight,
    arbitrary: steps.map((step): Drawn => ({ kind, step })),
  });
  const drawn = fc.oneof(
    ...COMMON.map((entry) => weighted(undefined, entry)),
    ...Object.entries(switched).map(([kind, entry]) => weighted(kind, entry)),
  );
  const some = fc.oneof(
    { weight: 3, arbitrary: fc.subarray(kinds) },
    { weight: 1, arbitrary: fc.constant(kinds) },
  );
  const on = only === undefined ? some : fc.constant(only);
  return fc
    .tuple(offers, on, fc.array(drawn, { maxLength: DRAWN_STEPS, size: 'max' }))
    .map(([offer, kindsOn, steps]) => [
      offer,
      ...steps
        .filter(({ kind }) => kind === undefined || kindsOn.includes(kind))
        .slice(0, LONGEST_PROGRAM - 1)
        .map(({ step }) => step),
    ]);
}
