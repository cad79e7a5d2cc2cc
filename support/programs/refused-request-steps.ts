import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { TimeRange } from '../../services/ingestion-service';
import { doOverlap, instantOf, instantRangeOf, instantText } from '../bytes/instant';
import { withHostileMember } from '../scenario/hostile-members';
import type { Checker } from './checker';
import type { ProgramRun } from './program-run';
import { spoiltRequest } from './refused-request';
import { ingestionSpoilers, keyTestSpoilers } from './refused-request-draws';
import { wrongStatus } from './request-verdict';
import { stepKind } from './step';

const spoilt = fc.oneof(
  { weight: 3, arbitrary: fc.record({ path: fc.constant('/v1/ingest'), spoiler: ingestionSpoilers }) },
  {
    weight: 1,
    arbitrary: fc.record({ path: fc.constant('/v1/providers/validate'), spoiler: keyTestSpoilers }),
  },
);

/** As many as cost no more than one ingestion. */
const MOST = 4;

/** Of the program's day: hours in which there is nothing, and nobody else asks for anything. */
const NOBODYS_MS = 20 * 3_600_000;
const SECOND_MS = 1_000;

/** Somebody sends requests that are wrong in one thing each: they are refused, and nothing comes of them. */
export const refusedRequests = stepKind(
  fc.record({ which: fc.nat({ max: 11 }), requests: fc.array(spoilt, { minLength: 1, maxLength: MOST }) }),
  async ({ which, requests }, run, checker) => {
    const { client } = run.shared.services;
    const providerId = run.provider(which);
    const range = nobodysRange(run);
    for (const { path, spoiler } of requests) {
      const good =
        path === '/v1/ingest'
          ? { provider_id: providerId, range, priority: 'normal' }
          : { provider_type: 'rest', api_key: newKey(run) };
      const { body, headers, refusedWith, words } = spoiltRequest(good, spoiler);
      run.transcript.when(`somebody sends to ${path} a request ${words}`);
      await checker.judge(
        requirementsOf(path, refusedWith),
        `a request ${words}`,
        () => client.send('POST', path, { body, headers }),
        (answer) => wrongStatus(answer, refusedWith),
      );
    }
    if (requests.some(({ path }) => path === '/v1/ingest'))
      await expectNoTrace(run, checker, providerId, range);
  },
  {
    'tests of keys': ({ requests }) => requests.some(({ path }) => path !== '/v1/ingest'),
    'ranges that end too early': ({ requests }) =>
      requests.some(({ spoiler }) => spoiler.kind === 'reversed'),
    'bodies that are too long': ({ requests }) => requests.some(({ spoiler }) => spoiler.kind === 'bytes'),
  },
);

/** Members that mean something to a runtime. */
const hostileMembers = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  '__proto__ to the range',
  'constructor to the range',
);

/** Somebody sends a request with a member that means something to a runtime: it affects nobody else (contract, section 1). */
export const hostileRequests = stepKind(
  fc.record({ which: fc.nat({ max: 11 }), member: hostileMembers }),
  async ({ which, member }, run, checker) => {
    const { client } = run.shared.services;
    const good = { provider_id: run.provider(which), range: nobodysRange(run) };
    run.transcript.when(
      `somebody asks for an ingestion and adds the member ${member}, and then for one of nothing`,
    );
    const odd = await checker.ingest(withHostileMember(good, member), { mayBeRefused: true });
    if (odd !== undefined && odd.ended === undefined) await checker.untilEnded(odd, false);
    const range = { ...good.range, end: good.range.start };
    for (const bad of [{}, { provider_id: good.provider_id }, { range: good.range }, { ...good, range }]) {
      const body = JSON.stringify(bad);
      await checker.judge(
        ['SEC-4'],
        `the request ${body}, after one with the member ${member},`,
        () => client.send('POST', '/v1/ingest', { body, headers: { 'content-type': 'application/json' } }),
        (answer) => wrongStatus(answer, [400]),
      );
    }
    const job = await checker.ingest(good);
    if (job !== undefined && job.ended === undefined) await checker.untilEnded(job, false);
  },
);

/** A second that no job of the program is for. */
function nobodysRange({ scope, jobs }: ProgramRun): TimeRange {
  const startMs = NOBODYS_MS + 2 * SECOND_MS * jobs.length;
  return { start: scope.at(startMs), end: scope.at(startMs + SECOND_MS) };
}

/** Of a refused request a provider hears nothing: by the end of the next job it would have. */
async function expectNoTrace(
  run: ProgramRun,
  checker: Checker,
  providerId: string,
  range: TimeRange,
): Promise<void> {
  const next = { start: range.end, end: instantText(instantOf(range.end), 1) };
  const job = await checker.ingest({ provider_id: providerId, range: next });
  if (job !== undefined && job.ended === undefined) await checker.untilEnded(job, false);
  const refused = instantRangeOf(range);
  const call = run.shared.environment.provider.requests.find(
    (request) =>
      request.kind === 'listing' &&
      request.range !== undefined &&
      doOverlap(instantRangeOf(request.range), refused) &&
      !run.jobs.some((own) => doOverlap(instantRangeOf(own.request.range), refused)),
  );
  run.judge(
    ['API-14'],
    call && `an ingestion was refused, and the vault asked its provider for it all the same: ${call.path}`,
  );
}

/** A key that nobody knows, and that must not be shown. */
function newKey({ shared }: ProgramRun): string {
  const key = `key-${randomBytes(12).toString('hex')}`;
  shared.services.secrets.push(key);
  shared.environment.metadataGate.watchFor(key);
  return key;
}

function requirementsOf(path: string, refusedWith: readonly number[]): readonly string[] {
  if (path !== '/v1/ingest') return ['API-44'];
  return [refusedWith.includes(400) ? 'API-12' : 'API-13'];
}
