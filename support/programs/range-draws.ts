import fc from 'fast-check';
import type { TimeRange } from '../../services/ingestion-service';
import { instantText } from '../bytes/instant';
import type { ProgramRun } from './program-run';
import { SLOT_MS, SLOTS } from './slots';

/** Which range of which provider somebody asks for. */
export type RangeDraw =
  /** Slots of the program's day. */
  | { readonly provider: number; readonly from: number; readonly slots: number }
  /** A range that begins or ends at a log, or a nanosecond beside it. */
  | {
      readonly which: number;
      readonly edge: 'start' | 'end';
      readonly offNanoseconds: number;
      readonly lengthNanoseconds: number;
    }
  /** One that begins the day before, at the earliest when no program of before can have left something there. */
  | { readonly which: number; readonly beforeMidnightMs: number }
  /** All the time there is, where nobody else runs. */
  | { readonly which: number; readonly years: readonly [string, string] };

const some = fc.nat({ max: 11 });
const HOUR_MS = 3_600_000;

const lengths = fc.oneof(
  fc.constant(1),
  fc.constantFrom(2, 999, 1_000, 999_999, 1_000_000, 1_000_001, 999_999_999, 1_000_000_000, 60_000_000_000),
  fc.integer({ min: 1, max: 2_000_000_000 }),
);

export const rangeDraws: fc.Arbitrary<RangeDraw> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      provider: fc.nat({ max: 1 }),
      from: fc.nat({ max: SLOTS - 1 }),
      slots: fc.integer({ min: 1, max: SLOTS }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      which: some,
      edge: fc.constantFrom('start' as const, 'end' as const),
      offNanoseconds: fc.constantFrom(0, 0, 0, -1, 1, 1_000, -1_000_000),
      lengthNanoseconds: lengths,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ which: some, beforeMidnightMs: fc.constantFrom(1, 1_000, HOUR_MS) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      which: some,
      years: fc.constantFrom(
        ['2001-01-01T00:00:00Z', '2019-01-01T00:00:00Z'] as const,
        ['0002-01-01T00:00:00Z', '9998-12-31T23:59:59.999999999Z'] as const,
        ['2000-02-29T00:00:00Z', '2024-02-29T23:59:59Z'] as const,
      ),
    }),
  },
);

/** The range of that draw, as it is written, and whose. @param draw the program's whole day when absent */
export function rangeOf(
  run: ProgramRun,
  draw: RangeDraw | undefined,
  which: number,
): { readonly providerId: string; readonly range: TimeRange; readonly words: string } {
  const slots = (providerId: string, from: number, until: number) => ({
    providerId,
    range: { start: run.scope.at(from * SLOT_MS), end: run.scope.at(until * SLOT_MS) },
    words: `from 00:0${from} to 00:0${until}`,
  });
  if (draw === undefined) return slots(run.pick(which).now.providerId, 0, SLOTS);
  if ('from' in draw) {
    return slots(run.provider(draw.provider), draw.from, Math.min(SLOTS, draw.from + draw.slots));
  }
  const { now, filedAt } = run.pick(draw.which);
  const within = (start: string, end: string) => ({
    providerId: now.providerId,
    range: { start, end },
    words: `from ${start} to ${end}`,
  });
  if ('beforeMidnightMs' in draw)
    return within(run.scope.at(-draw.beforeMidnightMs), run.scope.at(SLOTS * SLOT_MS));
  if ('years' in draw) return run.shared.isAlone ? within(...draw.years) : slots(now.providerId, 0, SLOTS);
  const { edge, offNanoseconds, lengthNanoseconds } = draw;
  const from = edge === 'start' ? offNanoseconds : offNanoseconds - lengthNanoseconds;
  return within(instantText(filedAt, from), instantText(filedAt, from + lengthNanoseconds));
}
