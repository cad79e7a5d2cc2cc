import fc from 'fast-check';
import type { VaultAnswer } from '../../services/vault-client';
import type { ProgramRun } from './program-run';
import { wrongRefusal, wrongStatus } from './request-verdict';
import { stepKind } from './step';

const some = fc.nat({ max: 11 });

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const CHANGING: readonly Method[] = ['PUT', 'PATCH', 'DELETE'];

const at = (methods: readonly Method[], ...paths: readonly string[]) =>
  paths.flatMap((path) => methods.map((method) => ({ method, path })));

/** Calls that the contract does not name; `{log}` and `{job}` stand for ids of the program's. */
const STRANGE = [
  ...at([...CHANGING, 'POST'], '/v1/logs/{log}/raw', '/v1/logs/{log}', '/v1/logs', '/v1/jobs/{job}'),
  ...at(
    ['GET'],
    '/v1',
    '/v1/jobs',
    '/v1/providers',
    '/v1/logs/{log}',
    '/v1/logs/{log}/metadata',
    '/v1/raw/{job}',
  ),
  ...at(['GET'], '/v1/jobs/{job}/logs', '/v1/jobs/{job}/manifest', '/v1/health', '/v1/metrics', '/v1/debug'),
  ...at([...CHANGING, 'GET'], '/v1/ingest', '/v1/providers/validate'),
  ...at([...CHANGING, 'POST', 'GET'], '/v1/raw/{log}', '/v1/logs/{log}/raw/raw', '/v1/manifests'),
  ...at([...CHANGING, 'POST', 'GET'], '/v1/ingest/{job}', '/v1/none'),
];

/** All of them at once: a vault that answers one is found however rarely a program asks for any. */
const strangeCalls = fc.record({
  which: some,
  sent: fc.oneof(
    { weight: 1, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: fc.constant({ body: '{"a":1}', type: 'application/json' }) },
    { weight: 1, arbitrary: fc.constant({ body: 'other bytes', type: 'application/octet-stream' }) },
  ),
});

/** Somebody asks for what the contract does not name: it is refused, and changes nothing. */
export const strangeRequests = stepKind(strangeCalls, async ({ which, sent }, run, checker) => {
  // Of a log that it has not, a vault knows nothing to change.
  const log = (await run.pickStored(which)) ?? run.pick(which);
  const { logId } = await run.shared.services.finder.locate(log.now);
  const job = run.jobs[which % Math.max(1, run.jobs.length)];
  run.transcript.when(
    `somebody asks for all that the contract does not name about "${log.name}" and elsewhere, sending ${sent?.body ?? 'nothing'}`,
  );
  for (const { method, path } of STRANGE) {
    if (path.includes('{job}') && job === undefined) continue;
    const target = path.replace('{log}', logId).replace('{job}', job?.jobId ?? '');
    const request =
      sent === undefined || method === 'GET'
        ? {}
        : { body: sent.body, headers: { 'content-type': sent.type } };
    const { client } = run.shared.services;
    await checker.judge(
      ['API-51', 'API-52'],
      `${method} ${target}`,
      () => client.send(method, target, request),
      wrongRefusal,
    );
  }
});

const place = fc.oneof(fc.nat({ max: 80 }), fc.nat({ max: 20_000 }));

/** Range headers: satisfiable, beyond the end, of several parts, of no unit that anybody knows. */
const ranges: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(place, fc.nat({ max: 40 })).map(([from, more]) => `bytes=${from}-${from + more}`),
  },
  { weight: 2, arbitrary: place.map((from) => `bytes=${from}-`) },
  { weight: 2, arbitrary: place.map((last) => `bytes=-${last}`) },
  { weight: 2, arbitrary: fc.constantFrom('bytes=0-1,3-4', 'bytes=0-0,-1', 'bytes=9-,0-2') },
  { weight: 1, arbitrary: fc.constantFrom('lines=1-2', 'bytes=5-2', 'bytes=', 'bytes=a-b') },
);

/** Somebody reads a part of a raw log: a vault gives the part, or the whole. */
export const partialReads = stepKind(
  fc.record({ which: some, range: ranges }),
  async ({ which, range }, run, checker) => {
    const log = run.pick(which);
    run.transcript.when(`the auditor retrieves of the raw "${log.name}" the range ${range}`);
    await checker.logs.read(log, { range });
  },
  {
    'the last bytes': ({ range }) => /^bytes=-\d/.test(range),
    'from a byte on': ({ range }) => /^bytes=\d+-$/.test(range),
    'several parts': ({ range }) => range.includes(','),
  },
);

/** What readers have from before, by the names of logs. */
const heldBy = new WeakMap<ProgramRun, Map<string, VaultAnswer>>();

/** Somebody reads a raw log, and whenever it is read so again, asks for it only if it has changed. */
export const conditionalReads = stepKind(some, async (which, run, checker) => {
  const log = run.pick(which);
  const held = heldBy.get(run) ?? new Map<string, VaultAnswer>();
  heldBy.set(run, held);
  const earlier = held.get(log.name);
  run.transcript.when(
    `the auditor retrieves the raw "${log.name}"${earlier === undefined ? '' : ' only if it has changed'}`,
  );
  const answer = await checker.logs.read(log, { held: earlier });
  if (answer?.status === 200) held.set(log.name, answer);
});

/** Many ask at once: none of them is turned away for that. */
export const bursts = stepKind(
  fc.record({ which: some, askers: fc.integer({ min: 20, max: 80 }) }),
  async ({ which, askers }, run, checker) => {
    const { client } = run.shared.services;
    const job = run.jobs[which % Math.max(1, run.jobs.length)];
    const path = job === undefined ? '/v1/logs?limit=1' : `/v1/jobs/${encodeURIComponent(job.jobId)}`;
    run.transcript.when(`${askers} clients ask at once for ${path}`);
    const ask = async (): Promise<void> =>
      await checker.judge(
        ['API-1'],
        `GET ${path}, asked for by ${askers} at once`,
        () => client.send('GET', path),
        (answer) => wrongStatus(answer, [200]),
      );
    await Promise.all(Array.from({ length: askers }, ask));
  },
  { 'of 50 and more': ({ askers }) => askers >= 50 },
);

/** Ids of no job; `{job}` and `{log}` stand for ids of the program's, `{job}*` for one that looks like it. */
const unknownJobs = fc.oneof(
  fc.constantFrom('{job}*', '{log}'),
  fc.constantFrom('job_0123456789abcdef01234567', '7d2f5b1e-3c7e-4a57-8f0d-9c1b1d1f0001', '0', 'null'),
  fc.constantFrom('.*', '{"$ne":null}', 'журнал', '__proto__', 'constructor', '%00', 'pending'),
);

const LAST_DIGITS = /[0-9a-f]{1,8}$/;

/** An id that looks like it, and is not near it either: some vaults count. */
function strangerTo(jobId: string): string {
  if (/^\d+$/.test(jobId)) return `9${jobId.replace(/./g, '9')}00`;
  return jobId.replace(LAST_DIGITS, (digits) =>
    [...digits].map((digit) => (Number.parseInt(digit, 16) ^ 8).toString(16)).join(''),
  );
}

/** Somebody asks how a job is that nobody asked for. */
export const unknownLookUps = stepKind(
  fc.record({ which: some, ids: fc.array(unknownJobs, { minLength: 1, maxLength: 3 }) }),
  async ({ which, ids }, run, checker) => {
    const { client, finder } = run.shared.services;
    const { logId } = await finder.locate(run.pick(which).now);
    const job = run.jobs[which % Math.max(1, run.jobs.length)]?.jobId ?? '0';
    const other = strangerTo(job);
    const known = run.shared.services.ledger.jobs.map(({ jobId }) => jobId);
    for (const id of ids) {
      const asked = id.replace('{job}*', other).replace('{job}', job).replace('{log}', logId);
      if (known.includes(asked)) continue;
      const path = `/v1/jobs/${encodeURIComponent(asked)}`;
      run.transcript.when(`somebody asks for ${path}`);
      await checker.judge(
        ['API-19'],
        `GET ${path}`,
        () => client.send('GET', path),
        (answer) => wrongStatus(answer, [404]),
      );
    }
  },
);
