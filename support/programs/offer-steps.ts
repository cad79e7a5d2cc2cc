import fc from 'fast-check';
import { auditEvent } from '../bytes/audit-event';
import { payload } from '../bytes/payloads';
import { safeBytes, safeText } from '../bytes/safe-text';
import { zonedTime } from '../scenario/zoned-time';
import { deliveries, deliveryFor, deliveryInWords } from './delivery-arbitraries';
import { payloads } from './payload-arbitraries';
import type { ProgramLog, ProgramRun } from './program-run';
import { stepKind } from './step';

/** A program's day has as many slots as there are ranges worth telling apart. */
export const SLOTS = 4;
export const SLOT_MS = 60_000;

/** How a timestamp is written; its instant is the slot's second of that number. */
const STAMPS = {
  plain: (day: string, clock: string) => zonedTime(day, clock, 'Z'),
  'in nanoseconds': (day: string, clock: string) => zonedTime(day, `${clock}.000000001`, 'Z'),
  'in microseconds': (day: string, clock: string) => zonedTime(day, `${clock}.000001`, '+00:00'),
  'in New York': (day: string, clock: string) => zonedTime(day, clock, '-05:00'),
} as const;

const some = fc.nat({ max: 11 });
const providers = fc.nat({ max: 1 });

const QUOTED_BYTES = 40;
/** The longest id there may be, in Unicode code points (contract, section 2). */
const ID_CHARACTERS = 200;

/** The payloads of a few logs: those of events, which no two logs share, or one that is the same for all. */
const contents: fc.Arbitrary<Buffer | undefined> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('empty', 'duplicate keys', 'decimals in unusual notations', 'invalid UTF-8', 'compressed')
      .map(payload),
  },
  { weight: 3, arbitrary: payloads },
);

/** The beginning of an id, and whether the whole is as long as an id may be. */
interface IdDraw {
  readonly beginning: string;
  readonly isLongest: boolean;
}

/** Ids as providers have them: a path segment of any characters. */
const ids: fc.Arbitrary<IdDraw> = fc.record({
  beginning: fc.oneof(
    fc.string({ unit: fc.constantFrom(...'/?#%&=+ .:;@"<>[]{}|\\^`~!*()\''), minLength: 1, maxLength: 8 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
    fc.constantFrom('../', '%2F', '%2e%2e', '/', ' ', '😀', '監', '\u0301'),
  ),
  isLongest: fc.boolean(),
});

/** The provider offers a few logs more in one slot of the day, some of them at the same second. */
export const offers = stepKind(
  fc.record({
    provider: providers,
    slot: fc.nat({ max: SLOTS - 1 }),
    seconds: fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 4, size: 'max' }),
    content: contents,
    stamp: fc.constantFrom(...(Object.keys(STAMPS) as (keyof typeof STAMPS)[])),
    delivery: fc.oneof({ weight: 1, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: deliveries }),
    listedTimes: fc.constantFrom(1, 1, 2),
    id: fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: ids }),
  }),
  ({ provider, slot, seconds, content, stamp, delivery, listedTimes, id }, run) => {
    const details = [
      content === undefined ? '' : `, the payload ${quoted(content)}`,
      stamp === 'plain' ? '' : `, dated ${stamp}`,
      deliveryInWords(delivery),
      listedTimes === 1 ? '' : ', listed twice',
      id === undefined ? '' : `, with ids that begin with "${safeText(id.beginning)}"`,
      id?.isLongest === true ? ' and are as long as can be' : '',
    ].join('');
    const providerId = run.provider(provider);
    const names = seconds.map((second) => {
      const [day = '', rest = ''] = run.scope.at(slot * SLOT_MS + second * 1_000).split('T');
      const sourceId = id === undefined ? {} : { sourceId: sourceIdOf(run, id) };
      return run.offer({
        providerId,
        ...sourceId,
        payload: content ?? auditEvent(`log ${run.logs.length + 1}`),
        timestamp: STAMPS[stamp](day, rest.replace('Z', '')),
        listedTimes,
        delivery: deliveryFor(content?.byteLength ?? 0, delivery),
      }).name;
    });
    const when = `00:0${slot}:0${seconds.join(', :0')}`;
    run.transcript.given(
      `"${providerId}" offers ${names.map((name) => `"${name}"`).join(', ')} at ${when}${details}`,
    );
  },
);

/** Fewer would only make listings long that hold thousands. */
const FLOOD_PAGE_LOGS = 50;

/** The provider offers so many logs at once that whatever is capped shows. */
export const floods = stepKind(
  fc.record({
    provider: providers,
    slot: fc.nat({ max: SLOTS - 1 }),
    logs: fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 90, max: 130 }) },
      { weight: 2, arbitrary: fc.integer({ min: 200, max: 520 }) },
      { weight: 1, arbitrary: fc.integer({ min: 950, max: 1_300 }) },
    ),
  }),
  ({ provider, slot, logs }, run) => {
    const providerId = run.provider(provider);
    offerMany(run, providerId, slot, logs);
    run.transcript.given(`"${providerId}" offers ${logs} logs more from 00:0${slot}`);
  },
);

/** Has a provider offer so many logs, from the beginning of a slot on. */
export function offerMany(
  run: ProgramRun,
  providerId: string,
  slot: number,
  logs: number,
): readonly ProgramLog[] {
  const { provider } = run.shared.environment;
  provider.pageLogs = Math.max(FLOOD_PAGE_LOGS, provider.pageLogs);
  return Array.from({ length: logs }, (_, number) =>
    run.offer({
      providerId,
      payload: auditEvent(`log ${run.logs.length + 1}`),
      timestamp: run.scope.at(slot * SLOT_MS + number),
    }),
  );
}

/** The provider serves other bytes for a log from now on. */
export const amendments = stepKind(some, (which, run) => {
  const log = run.pick(which);
  run.transcript.given(`"${log.now.providerId}" now serves different bytes for "${log.name}"`);
  run.amend(log, auditEvent(`${log.name}, version ${log.versions + 1}`));
});

/** The id that makes the program's own what is drawn. */
function sourceIdOf({ scope, logs }: ProgramRun, { beginning, isLongest }: IdDraw): string {
  const end = scope.sourceId(`-${logs.length + 1}`);
  const room = ID_CHARACTERS - [...end].length;
  const drawn = [...(isLongest ? beginning.repeat(room) : beginning)];
  return `${drawn.slice(0, room).join('')}${end}`;
}

function quoted(content: Buffer): string {
  const more = content.byteLength > QUOTED_BYTES ? `… (${content.byteLength} bytes)` : '';
  return `${safeBytes(content.subarray(0, QUOTED_BYTES))}${more}`;
}
