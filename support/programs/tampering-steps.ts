import fc from 'fast-check';
import { withOneByteChanged } from '../bytes/audit-event';
import type { ProgramLog, ProgramRun } from './program-run';
import { stepKind } from './step';

const some = fc.nat({ max: 11 });

/** Somebody deletes the object of a log. */
export const deletions = stepKind(some, async (which, run) => {
  const log = run.pick(which);
  const kept = await storedUndisturbed(run, log);
  if (kept === undefined) return;
  run.transcript.given(`the object of "${log.name}" is deleted from storage`);
  await run.shared.environment.objects.delete(await keyOf(run, log));
  run.damaged(log, { kind: 'orphaned', kept: log.damage?.kept ?? kept });
});

/** Somebody changes one byte of the object of a log. */
export const tamperings = stepKind(some, async (which, run) => {
  const log = run.pick(which);
  const kept = await storedUndisturbed(run, log);
  if (kept === undefined || kept.byteLength === 0 || log.damage !== undefined) return;
  run.transcript.given(`somebody changes one byte of the object of "${log.name}"`);
  await run.shared.environment.objects.put(await keyOf(run, log), withOneByteChanged(kept));
  run.damaged(log, { kind: 'altered', kept });
});

/** The object of a log is put back as it was. */
export const repairs = stepKind(some, async (which, run) => {
  const log = run.logs.filter(({ damage }) => damage !== undefined)[which % 2];
  if (log?.damage === undefined || isAtWork(run, log)) return;
  run.transcript.given(`the object of "${log.name}" is put back`);
  await run.shared.environment.objects.put(await keyOf(run, log), log.damage.kept);
  run.damaged(log, undefined);
});

/** Its object, where metadata describes it and no job can be about to do something with it. */
async function storedUndisturbed(run: ProgramRun, log: ProgramLog): Promise<Buffer | undefined> {
  const { metadata, objects } = run.shared.environment;
  if (isAtWork(run, log)) return undefined;
  const [record] = await metadata.recordsOf(log.now);
  return record === undefined ? undefined : await objects.get(await keyOf(run, log));
}

async function keyOf(run: ProgramRun, { now }: ProgramLog): Promise<string> {
  return (await run.shared.services.finder.locate(now)).objectKey;
}

function isAtWork(run: ProgramRun, log: ProgramLog): boolean {
  return (
    run.shared.services.ledger.indeterminate.length > 0 ||
    run.jobs.some(({ ended, request }) => ended === undefined && run.logsIn(request).includes(log))
  );
}
