import fc from 'fast-check';
import { SuiteError } from '../bytes/errors';
import type { RunSettings } from '../environments/vault-under-test';
import { type ListingStyle, listingStyles, PLAIN_LISTING } from './listing-arbitraries';
import { offers } from './offer-steps';
import type { Step } from './step';
import { STEP_KINDS } from './step-kinds';

/** The steps that one client takes; the first one offers something. */
export type Program = readonly Step[];

/** Programs that run at once against one vault, and how their provider lists. */
export interface Round {
  readonly programs: readonly Program[];
  readonly listing: ListingStyle;
  /** What the vault is to run with otherwise than usual, where it can be told. */
  readonly settings: Partial<RunSettings>;
  /** How many vaults are asked by turns, on the same stores, where the suite can start them. */
  readonly vaults: number;
}

/** A round without programs in which nothing is unusual; one that was kept when there was less to draw is like it otherwise. */
export const PLAIN_ROUND: Round = { programs: [], listing: PLAIN_LISTING, settings: {}, vaults: 1 };

/** How rounds are to be drawn. */
export interface RoundOptions {
  /** How many programs run at once. */
  readonly concurrency: number;
  /** Whether the vault is killed now and then. */
  readonly kill: boolean;
  /** How many vaults there are; one or, seldom, two when absent. */
  readonly vaults: number | undefined;
  /** The kinds of steps that are switched on, by their names; a random part of all when absent. */
  readonly only: readonly string[] | undefined;
  /** Whether there are minutes: for steps that take seconds, and now and then a program five times as long as the others. */
  readonly hasMinutes: boolean;
}

const LONGEST_PROGRAM = 12;
/** What comes of a long history alone needs some long ones; they take the time of many. */
const LONG_ONES = { oneOf: 30, longest: 60 };
/** So many are drawn for each step, before those of kinds that are switched off are left out. */
const DRAWN_FOR_A_STEP = 3.4;

/** Retries at their edges; the longer the waits, the fewer they are. */
const retries: fc.Arbitrary<Partial<RunSettings>> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ retryMaxAttempts: fc.constant(1), retryBaseMs: fc.constantFrom(1, 30, 1_000) }),
  },
  fc.record({ retryMaxAttempts: fc.constant(2), retryBaseMs: fc.constantFrom(1, 90, 800) }),
  fc.record({ retryMaxAttempts: fc.constant(7), retryBaseMs: fc.constantFrom(1, 2, 12) }),
  fc.record({ retryMaxAttempts: fc.constantFrom(11, 12), retryBaseMs: fc.constant(1) }),
);

/** A queue that few programs fill. */
const MUCH_ROOM = 4;

/** So little of everything that jobs wait for one another, and leases end while there is work. */
const scarcities: fc.Arbitrary<Partial<RunSettings>> = fc.record(
  {
    queueLimit: fc.constantFrom(1, 2, 3),
    concurrency: fc.constantFrom(1, 1, 2),
    leaseMs: fc.constantFrom(600, 1_000),
  },
  { requiredKeys: ['queueLimit', 'concurrency'] },
);

/** Settings at their edges; each is the usual one where it is absent. */
const edges: fc.Arbitrary<Partial<RunSettings>> = fc
  .tuple(
    fc.option(retries, { nil: {} }),
    fc.record(
      { queueLimit: fc.constantFrom(1, 2, 3), concurrency: fc.constantFrom(1, 2, 16) },
      { requiredKeys: [] },
    ),
  )
  .map(([retrying, others]) => ({ ...retrying, ...others }));

/**
 * Draws rounds.
 * @throws SuiteError for a kind of steps that there is not
 */
export function rounds(options: RoundOptions): fc.Arbitrary<Round> {
  const { concurrency, vaults } = options;
  // With several programs so short a queue that it is full now and then.
  const usual = concurrency > 1 ? { queueLimit: concurrency } : {};
  return (
    fc
      .record({
        programs: fc.array(programs(options), { minLength: concurrency, maxLength: concurrency }),
        listing: listingStyles,
        settings: fc.oneof(
          { weight: 3, arbitrary: fc.constant(usual) },
          { weight: 2, arbitrary: edges },
          // Many programs would do little else than wait then.
          { weight: concurrency > 1 ? 0 : 1, arbitrary: scarcities },
        ),
        chance: fc.nat({ max: 6 }),
      })
      // Where little room is shared, it shows whether two vaults count it together.
      .map(({ chance, ...round }) => ({
        ...round,
        vaults: vaults ?? (chance < ((round.settings.queueLimit ?? MUCH_ROOM) < MUCH_ROOM ? 3 : 1) ? 2 : 1),
      }))
  );
}

/** Programs of which each switches some kinds of steps on: what is rare among all comes together among few. */
function programs({ kill, only, hasMinutes }: RoundOptions): fc.Arbitrary<Program> {
  const kinds = Object.entries(STEP_KINDS).filter(
    ([, { when, isSlow }]) =>
      (kill || when !== 'switched on, and the vault may be killed') && (hasMinutes || isSlow === undefined),
  );
  const common = kinds.filter(([, { when }]) => when === 'always').map(([kind]) => kind);
  const switched = kinds.map(([kind]) => kind).filter((kind) => !common.includes(kind));
  const unknown = only?.find((kind) => !switched.includes(kind));
  if (unknown !== undefined) {
    throw new SuiteError(`No kind of steps is called "${unknown}"; there are: ${switched.join(', ')}.`);
  }
  // Kinds that are asked for by name come as often as those that every program takes.
  const weightOf = (names: readonly string[]): number =>
    kinds.filter(([kind]) => names.includes(kind)).reduce((sum, [, { weight }]) => sum + weight, 0);
  const more = only === undefined ? 1 : Math.ceil(weightOf(common) / Math.max(1, weightOf(only)));
  const drawn = fc.oneof(
    ...kinds.map(([kind, { weight, steps }]) => ({
      weight: only?.includes(kind) ? weight * more : weight,
      arbitrary: stepsOf(kind, steps.draw),
    })),
  );
  const some = fc.oneof(
    { weight: 3, arbitrary: fc.subarray(switched) },
    { weight: 1, arbitrary: fc.constant(switched) },
  );
  const programsOf = (longest: number): fc.Arbitrary<Program> =>
    fc
      .tuple(
        stepsOf('offers', offers.draw),
        only === undefined ? some : fc.constant([...only]),
        fc.array(drawn, {
          // A program of one or two steps says hardly more than none.
          minLength: longest,
          maxLength: Math.round(DRAWN_FOR_A_STEP * longest),
          size: 'max',
        }),
      )
      .map(([offer, on, steps]) => [
        offer,
        ...steps.filter(({ kind }) => common.includes(kind) || on.includes(kind)).slice(0, longest - 1),
      ]);
  return hasMinutes
    ? fc.oneof(
        { weight: LONG_ONES.oneOf - 1, arbitrary: programsOf(LONGEST_PROGRAM) },
        { weight: 1, arbitrary: programsOf(LONG_ONES.longest) },
      )
    : programsOf(LONGEST_PROGRAM);
}

function stepsOf(kind: string, draw: fc.Arbitrary<unknown>): fc.Arbitrary<Step> {
  return draw.map((drawn) => ({ kind, drawn }));
}
