import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { ProgramRun } from './program-run';
import { spoiltRequest } from './refused-request';
import { ingestionSpoilers, keyTestSpoilers } from './refused-request-draws';
import { wrongStatus } from './request-verdict';
import { stepKind } from './step';
import { ingestion } from './vault-steps';

const spoilt = fc.oneof(
  { weight: 3, arbitrary: fc.record({ path: fc.constant('/v1/ingest'), spoiler: ingestionSpoilers }) },
  {
    weight: 1,
    arbitrary: fc.record({ path: fc.constant('/v1/providers/validate'), spoiler: keyTestSpoilers }),
  },
);

/** As many as cost no more than one ingestion. */
const MOST = 4;

/** Somebody sends requests that are wrong in one thing each: they are refused, and nothing comes of them. */
export const refusedRequests = stepKind(
  fc.record({ which: fc.nat({ max: 11 }), requests: fc.array(spoilt, { minLength: 1, maxLength: MOST }) }),
  async ({ which, requests }, run, checker) => {
    const { client } = run.shared.services;
    for (const { path, spoiler } of requests) {
      const good =
        path === '/v1/ingest'
          ? { ...ingestion(run, { range: undefined, which, askers: 1 }).request, priority: 'normal' }
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
  },
  {
    'tests of keys': ({ requests }) => requests.some(({ path }) => path !== '/v1/ingest'),
    'ranges that end too early': ({ requests }) =>
      requests.some(({ spoiler }) => spoiler.kind === 'reversed'),
    'bodies that are too long': ({ requests }) => requests.some(({ spoiler }) => spoiler.kind === 'bytes'),
  },
);

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
