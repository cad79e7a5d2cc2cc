import fc from 'fast-check';
import { padded } from '../scenario/ingest-request';
import { wrongPageAt, wrongStatus } from './request-verdict';
import { SLOT_MS, SLOTS } from './slots';
import { stepKind } from './step';

const LIMIT_BYTES = 64 * 1024;

const scalars = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, '', 'high', 1e21),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);

/** Members that the contract does not name; a vault pays no heed to them. */
const members = fc.dictionary(
  fc.constantFrom('note', 'id', '_id', 'job_id', 'state', 'status', 'force', 'limit', '$where', 'ünï'),
  fc.oneof(scalars, fc.array(scalars, { maxLength: 2 }), fc.constant({ start: '1971-01-01T00:00:00Z' })),
  { maxKeys: 2 },
);

/** Parts of a second, as a timestamp writes them: none, in many spellings, or some, down to the last that counts. */
const fractions = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('', '.0', '.000', '.000000000') },
  { weight: 2, arbitrary: fc.constantFrom('.000000001', '.0000002', '.0005', '.999', '.999999999') },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 999_999_999 }).map((nanos) => `.${String(nanos).padStart(9, '0')}`),
  },
);
const zones = fc.constantFrom('Z', 'Z', '+00:00');
const spellings = fc.record({ fraction: fractions, zone: zones });

const asked = fc.record({
  provider: fc.nat({ max: 1 }),
  from: fc.nat({ max: SLOTS - 1 }),
  slots: fc.integer({ min: 1, max: SLOTS }),
  start: spellings,
  end: spellings,
  /** A range of nanoseconds from where it starts, in place of one of slots. */
  nanos: fc.oneof(
    { weight: 5, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 1_200_000 }) },
  ),
  /** The same instants spelt otherwise, and instants that are almost the same, asked for at once. */
  twins: fc.array(spellings, { maxLength: 2 }),
  bytes: fc.option(
    fc.oneof(fc.constantFrom(LIMIT_BYTES, LIMIT_BYTES - 1), fc.integer({ min: 2_000, max: LIMIT_BYTES })),
    { nil: null, freq: 3 },
  ),
  mediaType: fc.constantFrom(
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'Application/JSON',
  ),
  members,
  inRange: members,
});

/** Somebody asks for an ingestion in a way that is as good as the usual one, if seldom seen; the job has ended. */
export const oddIngestions = stepKind(
  asked,
  async (how, run, checker) => {
    const { provider, from, slots, start, end, nanos, twins, bytes, mediaType } = how;
    const startSecond = run.scope.at(from * SLOT_MS).replace('Z', '');
    const endSecond = run.scope.at(Math.min(SLOTS, from + slots) * SLOT_MS).replace('Z', '');
    const providerId = run.provider(provider);
    const rangeTo = (last: typeof end) =>
      nanos > 0
        ? { start: `${startSecond}Z`, end: `${startSecond}.${String(nanos).padStart(9, '0')}${last.zone}` }
        : {
            start: `${startSecond}${start.fraction}${start.zone}`,
            end: `${endSecond}${last.fraction}${last.zone}`,
          };
    const ranges = [end, ...twins].map(rangeTo);
    const details = [
      bytes === null ? '' : `, in a request of ${bytes} bytes`,
      mediaType === 'application/json' ? '' : `, declared as ${mediaType}`,
      Object.keys({ ...how.members, ...how.inRange }).length === 0
        ? ''
        : `, with the members ${JSON.stringify(how.members)}, and in its range ${JSON.stringify(how.inRange)}`,
    ].join('');
    const jobs = [];
    for (const range of ranges) {
      run.transcript.when(`"${providerId}" is ingested from ${range.start} to ${range.end}${details}`);
      const request = { ...how.members, provider_id: providerId, range: { ...how.inRange, ...range } };
      jobs.push(await checker.ingest(bytes === null ? request : padded(request, bytes), { mediaType }));
    }
    run.transcript.when('these jobs have ended');
    for (const job of jobs) {
      if (job !== undefined && job.ended === undefined) await checker.untilEnded(job);
    }
  },
  {
    'a range of less than a millisecond': ({ nanos }) => nanos > 0 && nanos < 1_000_000,
    'instants that are almost the same': ({ twins }) => twins.length > 0,
    'a body of 64 KiB': ({ bytes }) => bytes === LIMIT_BYTES,
    'members that nobody knows': (how) => Object.keys({ ...how.members, ...how.inRange }).length > 0,
  },
);

const rightLimit = fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.constantFrom(1, 1_000)).map(String);
const rightOffset = fc
  .oneof(
    fc.nat({ max: 6 }),
    fc.nat({ max: 2_000 }),
    fc.constantFrom(2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1),
  )
  .map(String);
const noNumber = fc.constantFrom('-1', '1.5', 'abc', '10px', 'NaN', 'null', '-9223372036854775808');
const wrongLimit = fc.oneof(
  noNumber,
  fc.constantFrom('0', '1001', '2147483648', '99999999999999999999'),
  fc.integer({ min: 1_001, max: 1_000_000 }).map(String),
);

/** Questions of which at most one number is wrong. */
const questions = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ limit: rightLimit, offset: rightOffset, refused: fc.constant(false) }),
  },
  { weight: 1, arbitrary: fc.record({ limit: wrongLimit, offset: rightOffset, refused: fc.constant(true) }) },
  { weight: 1, arbitrary: fc.record({ limit: rightLimit, offset: noNumber, refused: fc.constant(true) }) },
);

/** Somebody searches from the middle of the list, or with numbers that are none of a page. */
export const oddSearches = stepKind(
  fc.array(questions, { minLength: 1, maxLength: 4 }),
  async (asked, run, checker) => {
    const { services, environment } = run.shared;
    for (const { limit, offset, refused } of asked) {
      const path = `/v1/logs?limit=${limit}&offset=${offset}`;
      run.transcript.when(`somebody asks for ${path}`);
      const before = await environment.metadata.allRecords();
      const ask = () => services.client.send('GET', path);
      if (refused) {
        await checker.judge(['API-34'], `GET ${path}`, ask, (answer) => wrongStatus(answer, [400]));
        continue;
      }
      let page: Parameters<typeof wrongPageAt>[0]['page'] | undefined;
      await checker.judge(['API-31'], `GET ${path}`, ask, (answer) => {
        const wrong = wrongStatus(answer, [200]);
        if (wrong === undefined) page = services.logs.pageOf(answer, path);
        return wrong;
      });
      if (page === undefined) continue;
      const after = await environment.metadata.allRecords();
      const wrong = wrongPageAt({ page, limit: Number(limit), offset: Number(offset), before, after });
      run.judge(['API-30', 'API-31'], wrong && `GET ${path}: ${wrong}`);
    }
  },
  {
    'refused ones': (asked) => asked.some(({ refused }) => refused),
    'the longest page': (asked) => asked.some(({ limit }) => Number(limit) === 1_000),
  },
);
