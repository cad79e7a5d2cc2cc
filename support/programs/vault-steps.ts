import fc from 'fast-check';
import type { IngestRequest } from '../../services/ingestion-service';
import type { ProgramRun } from './program-run';
import { type RangeDraw, rangeDraws, rangeOf } from './range-draws';
import { stepKind } from './step';

const some = fc.nat({ max: 11 });

const asked = fc.record({
  range: fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 3, arbitrary: rangeDraws }),
  which: some,
  priority: fc.constantFrom(undefined, 'high' as const, 'low' as const),
  askers: fc.constantFrom(1, 1, 1, 4),
});

/** Somebody has a range ingested, and waits for the job. */
export const ingestions = stepKind(
  asked,
  async (how, run, checker) => {
    const { request, words } = ingestion(run, how);
    run.transcript.when(`${words}, and the job has ended`);
    const job = await checker.ingest(request, { askers: how.askers });
    if (job !== undefined && job.ended === undefined) await checker.untilEnded(job);
  },
  {
    'a range that begins or ends at a log': ({ range }) =>
      range !== undefined && 'edge' in range && range.offNanoseconds === 0,
    'a range of a nanosecond': ({ range }) =>
      range !== undefined && 'edge' in range && range.lengthNanoseconds === 1,
    'a range over midnight': ({ range }) => range !== undefined && 'beforeMidnightMs' in range,
    'a range of years': ({ range }) => range !== undefined && 'years' in range,
    'several who ask for the same': ({ askers }) => askers > 1,
  },
);

/** Somebody has a range ingested, and goes on with something else. */
export const beginnings = stepKind(asked, async (how, run, checker) => {
  const { request, words } = ingestion(run, how);
  run.transcript.when(words);
  await checker.ingest(request, { askers: how.askers });
});

/** Somebody waits until every job has ended. */
export const waits = stepKind(fc.constant(undefined), async (_, run, checker) => {
  if (!run.jobs.some(({ ended }) => ended === undefined)) return;
  run.transcript.when('every job has ended');
  await checker.untilAllEnded();
});

/** Somebody searches, page by page. */
export const searches = stepKind(fc.constantFrom(1, 2, 3, 50, 1_000), async (limit, run, checker) => {
  run.transcript.when(`the auditor searches by pages of ${limit}`);
  await checker.logs.search(limit);
});

/** Somebody reads a raw log; several at once where there are several readers. */
export const reads = stepKind(
  fc.record({ which: some, readers: fc.constantFrom(1, 1, 3) }),
  async ({ which, readers }, run, checker) => {
    const logs = Array.from({ length: readers }, (_, reader) => run.pick(which + reader));
    const names = logs.map(({ name }) => `"${name}"`).join(' and ');
    run.transcript.when(`the auditor retrieves the raw ${names}${readers === 1 ? '' : ' at once'}`);
    await Promise.all(logs.map((log) => checker.logs.read(log)));
    if (readers > 1) run.judge(['RES-22']);
  },
);

/** Somebody asks how a job is. */
export const lookUps = stepKind(some, async (which, run, checker) => {
  const number = which % Math.max(1, run.jobs.length);
  const job = run.jobs[number];
  if (job === undefined) return;
  run.transcript.when(`the auditor asks how the ${ordinal(number + 1)} job is`);
  await checker.lookUp(job);
});

/** The request for a range, and how it reads; without one, for the day of the provider of the log of that number. */
export function ingestion(
  run: ProgramRun,
  {
    range,
    which,
    priority,
    askers,
  }: {
    readonly range: RangeDraw | undefined;
    readonly which: number;
    readonly priority?: IngestRequest['priority'];
    readonly askers: number;
  },
): { readonly request: IngestRequest; readonly words: string } {
  const { providerId, range: asked, words } = rangeOf(run, range, which);
  const request = {
    provider_id: providerId,
    range: asked,
    ...(priority === undefined ? {} : { priority }),
  };
  const who = askers === 1 ? '' : `, asked for by ${askers} at once`;
  const urgency = priority === undefined ? '' : `, priority ${priority}`;
  return { request, words: `"${providerId}" is ingested ${words}${urgency}${who}` };
}

function ordinal(number: number): string {
  return ['first', 'second', 'third', 'fourth', 'fifth'][number - 1] ?? `${number}th`;
}
