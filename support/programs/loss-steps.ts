import fc from 'fast-check';
import { auditEvent } from '../bytes/audit-event';
import { checksumOf } from '../bytes/checksum';
import type { Checker } from './checker';
import { amend } from './offer-steps';
import type { ProgramLog, ProgramRun } from './program-run';
import { SLOTS } from './slots';
import { stepKind } from './step';
import { passingUploadFaults } from './storage-faults';
import { armFor, inWords } from './storage-steps';
import { deleteObject, putBack } from './tampering-steps';
import { ingestion } from './vault-steps';

/** Any log, of thousands too: whoever looks at the first ones alone misses the others. */
const anyLog = fc.nat({ max: 5_000 });

/** A log is read, lost, read again, and then put back by somebody, or by one more job. */
export const losses = stepKind(
  fc.record({
    which: anyLog,
    ingestedTwice: fc.boolean(),
    readsBefore: fc.constantFrom(0, 1, 10),
    readsWhile: fc.constantFrom(0, 1, 2),
    amended: fc.constantFrom('not', 'not', 'not', 'in other bytes', 'in as many other bytes'),
    ends: fc.constantFrom('put back', 'ingested', 'ingested'),
  }),
  async ({ which, ingestedTwice, readsBefore, readsWhile, amended, ends }, run, checker) => {
    await checker.untilAllEnded();
    const log = run.pick(which);
    for (let time = 0; time < (ingestedTwice ? 2 : 1); time += 1) await ingested(run, checker, log);
    await retrieved(run, checker, log, readsBefore);
    if (!(await deleteObject(run, log))) return;
    await retrieved(run, checker, log, readsWhile);
    if (amended !== 'not') amend(run, log, amended === 'in as many other bytes');
    if (ends === 'put back') await putBack(run, log);
    else await ingested(run, checker, log);
    await retrieved(run, checker, log, 1);
  },
  {
    'put back by hand': ({ ends }) => ends === 'put back',
    'while the provider has other bytes': ({ amended }) => amended !== 'not',
    'of a log that was read many times': ({ readsBefore }) => readsBefore === 10,
  },
);

/** An object without metadata lies where that of a log belongs, as an attempt leaves it that broke off. */
export const leftovers = stepKind(
  fc.record({ which: anyLog, slot: fc.nat({ max: SLOTS - 1 }), isOther: fc.boolean() }),
  async ({ which, slot, isOther }, run, checker) => {
    const { environment, services } = run.shared;
    const { objects } = environment;
    await checker.untilAllEnded();
    const { providerId } = run.pick(which).now;
    const payload = auditEvent(`log ${run.logs.length + 1}`);
    const log = run.offer({ providerId, payload, timestamp: run.scope.at(slot * 60_000 + 1) });
    const left = isOther ? auditEvent(`${log.name}, an earlier version`) : payload;
    const key = services.finder.keyBefore(log.now);
    await objects.put(key, left);
    services.ledger.plant(log.now, checksumOf(left));
    run.transcript.given(
      `"${providerId}" offers "${log.name}", whose object lies there without metadata, with ${isOther ? 'other bytes' : 'the same bytes'}`,
    );
    await ingested(run, checker, log);
    const stored = await objects.get(key);
    run.judge(
      ['CON-6', 'CON-7'],
      stored?.equals(left) === true
        ? undefined
        : `the object of "${log.name}", which lay there without metadata, was ${stored === undefined ? 'removed' : 'overwritten with other bytes'}`,
    );
  },
  { 'of other bytes': ({ isOther }) => isOther, 'of the same bytes': ({ isOther }) => !isOther },
);

/** The provider serves other bytes for a log while its upload is tried again: every try sends the same. */
export const amendmentsBetweenTries = stepKind(
  fc.record({ which: anyLog, fault: passingUploadFaults, sameLength: fc.boolean() }),
  async ({ which, fault, sameLength }, run, checker) => {
    const { patience, vault } = run.shared.environment;
    const most = vault.settings.retryMaxAttempts;
    if (most < 2) return;
    await checker.untilAllEnded();
    const { providerId } = run.pick(which).now;
    const log = run.offer({
      providerId,
      payload: auditEvent(`log ${run.logs.length + 1}`),
      timestamp: run.scope.at(which),
    });
    const times = Math.min(2, most - 1);
    const armed = await armFor(run, 'upload', log, { fault, times, taking: 'may be tried again' });
    run.transcript.given(
      `"${providerId}" offers "${log.name}"; ${inWords('upload', 'it', { fault, times })}`,
    );
    const { request, words } = ingestion(run, { range: undefined, which: run.logs.indexOf(log), askers: 1 });
    run.transcript.when(words);
    const job = await checker.ingest(request);
    if (job === undefined) return;
    await patience.eventually(
      async () =>
        armed.hits > 0 ||
        ['completed', 'failed'].includes((await run.shared.services.watcher.look(job.jobId)).state),
      (isTried) => isTried,
      { everyMs: 2, what: `the vault to upload "${log.name}"` },
    );
    amend(run, log, sameLength);
    await checker.untilEnded(job);
  },
  { 'of as many bytes': ({ sameLength }) => sameLength },
);

async function retrieved(run: ProgramRun, checker: Checker, log: ProgramLog, times: number): Promise<void> {
  if (times === 0) return;
  run.transcript.when(`the auditor retrieves the raw "${log.name}"${times === 1 ? '' : ` ${times} times`}`);
  for (let time = 0; time < times; time += 1) await checker.logs.read(log);
}

async function ingested(run: ProgramRun, checker: Checker, log: ProgramLog): Promise<void> {
  const { request, words } = ingestion(run, { range: undefined, which: run.logs.indexOf(log), askers: 1 });
  run.transcript.when(`${words}, and the job has ended`);
  const job = await checker.ingest(request);
  if (job !== undefined && job.ended === undefined) await checker.untilEnded(job);
}
