import fc from 'fast-check';
import type { Checker } from './checker';
import { offerAnother } from './offer-steps';
import type { ProgramLog, ProgramRun } from './program-run';
import { healAll } from './provider-steps';
import { stepKind } from './step';
import { readFaultDraws } from './storage-faults';
import { armFor, inWords } from './storage-steps';
import { deleteObject } from './tampering-steps';
import { ingestion } from './vault-steps';

/** What a job has to find out of a log: that it is there, that its object is lost, or that nobody stored it yet. */
const states = fc.constantFrom('stored', 'lost', 'lost', 'lost', 'new');

/** Storage fails look-ups of a log while a job brings it: what cannot be seen is neither there nor gone. */
export const lookUpFaults = stepKind(
  fc.record({ which: fc.nat({ max: 11 }), state: states, met: readFaultDraws }),
  async ({ which, state, met }, run, checker) => {
    await checker.untilAllEnded();
    const log =
      state === 'new'
        ? offerAnother(run, run.pick(which).now.providerId)
        : await storedLog(run, checker, which);
    if (log === undefined) return;
    if (state === 'lost' && !(await deleteObject(run, log))) return;
    await armFor(run, 'read', log, met);
    run.transcript.given(inWords('read', `"${log.name}"`, met));
    const job = await ingested(run, checker, log);
    healAll(run);
    // What the job promised could not be held against it as long as storage failed.
    if (job?.ended?.job.state === 'completed') await checker.logs.read(log, { promised: true });
  },
  {
    'of a log that is stored': ({ state }) => state === 'stored',
    'of a log whose object is lost': ({ state }) => state === 'lost',
    'of a new log': ({ state }) => state === 'new',
  },
);

async function storedLog(run: ProgramRun, checker: Checker, which: number): Promise<ProgramLog | undefined> {
  if ((await run.pickStored(which)) === undefined) await ingested(run, checker, run.pick(which));
  return await run.pickStored(which);
}

async function ingested(run: ProgramRun, checker: Checker, log: ProgramLog) {
  const { request, words } = ingestion(run, { range: undefined, which: run.logs.indexOf(log), askers: 1 });
  run.transcript.when(`${words}, and the job has ended`);
  const job = await checker.ingest(request);
  if (job !== undefined && job.ended === undefined) await checker.untilEnded(job);
  return run.jobs.find(({ jobId }) => jobId === job?.jobId);
}
