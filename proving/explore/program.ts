import fc from 'fast-check';
import { absences, kills } from './disturbance-steps';
import { amendments, floods, offers } from './offer-steps';
import { healings, listingFaults, payloadFaults } from './provider-steps';
import type { Step } from './step';
import { deletions, readFaults, repairs, tamperings, uploadFaults } from './storage-steps';
import { beginnings, ingestions, lookUps, reads, searches, waits } from './vault-steps';

/** The steps that one client takes; the first one offers something. */
export type Program = readonly Step[];

/** Programs that run at once against one vault, and how their provider cuts its listings into pages. */
export interface Round {
  readonly programs: readonly Program[];
  readonly pageLogs: number;
  readonly emptyPages: boolean;
}

const LONGEST_PROGRAM = 12;

/** How often a step is taken, relative to the others. */
const WEIGHTS: readonly (readonly [number, fc.Arbitrary<Step>])[] = [
  [20, ingestions],
  [10, beginnings],
  [6, waits],
  [8, offers],
  [1, floods],
  [6, amendments],
  [8, uploadFaults],
  [8, payloadFaults],
  [4, listingFaults],
  [5, readFaults],
  [5, healings],
  [7, deletions],
  [4, repairs],
  [3, tamperings],
  [7, searches],
  [10, reads],
  [4, lookUps],
  [1, absences],
];
const KILLS = [6, kills] as const;

/** @param concurrency how many programs run at once @param kill whether the vault is killed now and then */
export function rounds({
  concurrency,
  kill,
}: {
  readonly concurrency: number;
  readonly kill: boolean;
}): fc.Arbitrary<Round> {
  const steps = [...WEIGHTS, ...(kill ? [KILLS] : [])].map(([weight, arbitrary]) => ({ weight, arbitrary }));
  const program = fc
    .tuple(offers, fc.array(fc.oneof(...steps), { maxLength: LONGEST_PROGRAM - 1, size: 'max' }))
    .map(([offer, rest]): Program => [offer, ...rest]);
  return fc.record({
    programs: fc.array(program, { minLength: concurrency, maxLength: concurrency }),
    pageLogs: fc.constantFrom(100, 1, 2, 2_000),
    emptyPages: fc.boolean(),
  });
}
