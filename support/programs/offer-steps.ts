import fc from 'fast-check';
import { auditEvent, withOneByteChanged } from '../bytes/audit-event';
import { payload } from '../bytes/payloads';
import { safeBytes, safeText } from '../bytes/safe-text';
import type { PayloadDelivery } from '../provider/offered-log';
import { deliveries, deliveryFor, deliveryInWords } from './delivery-arbitraries';
import { payloads } from './payload-arbitraries';
import type { ProgramLog, ProgramRun } from './program-run';
import { SLOT_MS, SLOTS } from './slots';
import { stepKind } from './step';
import { type Stamp, stamped, stamps } from './timestamp-arbitraries';

const some = fc.nat({ max: 11 });
const providers = fc.nat({ max: 1 });

/** Of one offer. */
const MOST_LOGS = 4;
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

/** Any but the surrogates. fast-check's own unit of a string takes a second to make ready, in every process. */
const codePoints = fc.oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }));

/** Ids as providers have them: a path segment of any characters. */
const ids: fc.Arbitrary<IdDraw> = fc.record({
  beginning: fc.oneof(
    fc.string({ unit: fc.constantFrom(...'/?#%&=+ .:;@"<>[]{}|\\^`~!*()\''), minLength: 1, maxLength: 8 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
    fc.array(codePoints, { minLength: 1, maxLength: 8 }).map((points) => String.fromCodePoint(...points)),
    fc.constantFrom('../', '%2F', '%2e%2e', '/', ' ', '😀', '監', '\u0301'),
  ),
  isLongest: fc.boolean(),
});

const TWIN = 'Zo\u00eb';
/** Ends of ids that some take for that one, though none of them is. */
const TWINS: readonly string[] = [
  ...['zo\u00eb', 'ZO\u00cb', 'Zoe\u0308', 'Zo\u00eb ', ' Zo\u00eb', 'Zo%C3%AB', 'Zo\u00eb\u200b', 'Zoe'],
  ...[
    'Zo\u00eb.json',
    'Zo\u00eb/',
    './Zo\u00eb',
    '\u0396o\u00eb',
    'Zo\u00eb\u0000',
    'Zo\u00eb+',
    'Zo\u00eb#',
  ],
];

/** One log that is offered. */
interface LogDraw {
  /** The second of its slot at which it is filed; some logs share one. */
  readonly second: number;
  /** The payload of an event, which no two logs share, when absent. */
  readonly content: Buffer | undefined;
  readonly stamp: Stamp;
  readonly alsoDated: readonly Stamp[];
  readonly listedTimes: number;
  readonly id: IdDraw | undefined;
}

const unsaid = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const logDraws: fc.Arbitrary<LogDraw> = fc.record({
  second: fc.nat({ max: 2 }),
  content: contents,
  stamp: stamps,
  alsoDated: fc.oneof(
    { weight: 15, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(stamps, { minLength: 1, maxLength: 2 }) },
  ),
  // More than pages have room for, and no more work.
  listedTimes: fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(1, 1, 1, 2) },
    { weight: 1, arbitrary: fc.constantFrom(101, 150, 1_100) },
  ),
  id: unsaid(ids),
});

/** The provider offers a few logs more in one slot of the day, some of them at the same second. */
export const offers = stepKind(
  fc.record({
    provider: providers,
    slot: fc.nat({ max: SLOTS - 1 }),
    logs: fc.array(logDraws, { minLength: 1, maxLength: MOST_LOGS, size: 'max' }),
    /** What all of them have for a payload, where it is the same. */
    shared: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: contents }),
    delivery: fc.oneof(
      { weight: 1, arbitrary: fc.constant<PayloadDelivery>({}) },
      { weight: 1, arbitrary: deliveries },
    ),
    /** What the ids end with: alike to whoever does not look closely. */
    twins: fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      {
        weight: 1,
        arbitrary: fc
          .shuffledSubarray([...TWINS], { minLength: MOST_LOGS - 1, maxLength: MOST_LOGS - 1 })
          .map((others) => [TWIN, ...others]),
      },
    ),
  }),
  ({ provider, slot, logs, shared, delivery, twins }, run) => {
    const providerId = run.provider(provider);
    const family = run.scope.sourceId(`${run.logs.length + 1}`);
    const words = logs.map(({ second, content, stamp, alsoDated, listedTimes, id }, at) => {
      const twin = twins?.[at];
      const near = run.scope.at(slot * SLOT_MS + second * 1_000);
      const payload = shared ?? content;
      const timestamp = stamped(stamp, near);
      const also = alsoDated.map((each) => stamped(each, near));
      if (listedTimes > FLOOD_PAGE_LOGS) widenPages(run, FLOOD_PAGE_LOGS);
      const { name } = run.offer({
        providerId,
        ...(twin === undefined ? {} : { sourceId: `${family}-${twin}` }),
        ...(twin === undefined && id !== undefined ? { sourceId: sourceIdOf(run, id) } : {}),
        payload: payload ?? auditEvent(`log ${run.logs.length + 1}`),
        timestamp,
        ...(stamp.elsewhere === undefined ? {} : { listedAt: near }),
        ...(also.length === 0 ? {} : { alsoDated: also }),
        listedTimes,
        delivery: deliveryFor(payload?.byteLength ?? 0, delivery),
      });
      const told = [
        timestamp === near ? '' : `dated ${timestamp}`,
        also.length === 0 ? '' : `and ${also.join(' and ')} as well`,
        payload === undefined
          ? ''
          : payload.length === 0
            ? 'an empty payload'
            : `the payload ${quoted(payload)}`,
        listedTimes === 1 ? '' : `listed ${listedTimes} times`,
        twin === undefined ? '' : `an id that ends with "${safeText(twin)}"`,
        id === undefined || twin !== undefined
          ? ''
          : `an id that begins with "${safeText(id.beginning)}"${id.isLongest ? ' and is as long as can be' : ''}`,
      ].filter((detail) => detail !== '');
      return `"${name}" at 00:0${slot}:0${second}${told.length === 0 ? '' : ` (${told.join(', ')})`}`;
    });
    run.transcript.given(`"${providerId}" offers ${words.join(', ')}${deliveryInWords(delivery)}`);
  },
  {
    'an empty payload': ({ logs, shared }) =>
      [shared, ...logs.map(({ content }) => content)].some((each) => each?.byteLength === 0),
    'a payload that begins like a web page': ({ logs, shared }) =>
      [shared, ...logs.map(({ content }) => content)].some((each) =>
        /^\s*<(!doctype\s+)?html/i.test(each?.subarray(0, 100).toString() ?? ''),
      ),
    'a payload of a MiB': ({ logs, shared }) =>
      [shared, ...logs.map(({ content }) => content)].some((each) => (each?.byteLength ?? 0) > 1_000_000),
    'an id as long as can be': ({ logs }) => logs.some(({ id }) => id?.isLongest === true),
    'ids that are nearly alike': ({ twins, logs }) => twins !== undefined && logs.length > 1,
    'a log listed a hundred times': ({ logs }) =>
      logs.some(({ listedTimes }) => listedTimes > FLOOD_PAGE_LOGS),
    'a log listed at two times': ({ logs }) => logs.some(({ alsoDated }) => alsoDated.length > 0),
    'a log of another day': ({ logs }) => logs.some(({ stamp }) => stamp.elsewhere !== undefined),
    'more than nine decimals': ({ logs }) => logs.some(({ stamp }) => stamp.fraction.length > 9),
    'compressed in transport': ({ delivery }) => delivery.gzip === true,
    'digests by several algorithms': ({ delivery }) => (delivery.digestAlgorithms ?? []).length > 1,
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
      { weight: 12, arbitrary: fc.integer({ min: 101, max: 120 }) },
      { weight: 1, arbitrary: fc.integer({ min: 200, max: 300 }) },
      // A log costs some milliseconds, and more where it is ingested again.
      { weight: 4, arbitrary: fc.integer({ min: 1_001, max: 1_030 }) },
    ),
    /** How many a page has room for at least: a page may hold any number of logs. */
    pageLogs: fc.constantFrom(FLOOD_PAGE_LOGS, 101, 2_000),
  }),
  ({ provider, slot, logs, pageLogs }, run) => {
    const providerId = run.provider(provider);
    offerMany(run, providerId, slot, logs, pageLogs);
    run.transcript.given(
      `"${providerId}" offers ${logs} logs more from 00:0${slot}, and lists at least ${pageLogs} a page`,
    );
  },
  {
    'more than 1,000 logs': ({ logs }) => logs > 1_000,
    'more than 100 on a page': ({ logs, pageLogs }) => Math.min(logs, pageLogs) > 100,
  },
);

/** Has a provider offer so many logs, from the beginning of a slot on. */
export function offerMany(
  run: ProgramRun,
  providerId: string,
  slot: number,
  logs: number,
  pageLogs = FLOOD_PAGE_LOGS,
): readonly ProgramLog[] {
  widenPages(run, pageLogs);
  return Array.from({ length: logs }, (_, number) =>
    run.offer({
      providerId,
      payload: auditEvent(`log ${run.logs.length + 1}`),
      timestamp: run.scope.at(slot * SLOT_MS + number),
    }),
  );
}

/** Has a provider offer one log more, of which nothing is special. */
export function offerAnother(run: ProgramRun, providerId: string): ProgramLog {
  const log = run.offer({
    providerId,
    payload: auditEvent(`log ${run.logs.length + 1}`),
    timestamp: run.scope.at(run.logs.length),
  });
  run.transcript.given(`"${providerId}" offers "${log.name}"`);
  return log;
}

/** The provider serves other bytes for a log from now on. */
export const amendments = stepKind(
  fc.record({ which: some, sameLength: fc.boolean() }),
  ({ which, sameLength }, run) => amend(run, run.pick(which), sameLength),
  { 'of as many bytes': ({ sameLength }) => sameLength },
);

/** Has a provider serve other bytes for a log, as many as before where that is wanted. */
export function amend(run: ProgramRun, log: ProgramLog, sameLength: boolean): void {
  const { payload, providerId } = log.now;
  const isAsLong = sameLength && payload.byteLength > 0;
  run.transcript.given(
    `"${providerId}" now serves different bytes for "${log.name}"${isAsLong ? ', as many as before' : ''}`,
  );
  const other = auditEvent(`${log.name}, version ${log.versions + 1}`);
  run.amend(log, isAsLong ? withOneByteChanged(payload) : other);
}

/** So that a listing of many entries is not one of many pages. */
function widenPages({ shared }: ProgramRun, least: number): void {
  const { provider } = shared.environment;
  provider.pageLogs = Math.max(least, provider.pageLogs);
}

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
