import fc from 'fast-check';
import { withOneByteChanged } from '../bytes/audit-event';
import type { ArmedFault } from '../faults/fault-board';
import { describeObjectFault, type ObjectFault } from '../object-store/object-faults';
import type { FaultEffect, ProgramLog, ProgramRun } from './program-run';
import { calls } from './provider-steps';
import { stepKind } from './step';

const some = fc.nat({ max: 11 });

const TRANSIENT: readonly ObjectFault[] = [
  { kind: 'answer', status: 503, code: 'SlowDown' },
  { kind: 'answer', status: 500, code: 'InternalError' },
  { kind: 'reset', when: 'before' },
  { kind: 'reset', when: 'after' },
];
const DENIAL: ObjectFault = { kind: 'answer', status: 403, code: 'AccessDenied' };
/** Not among those of reads: the answer to a HEAD cannot say that it is the bucket that is missing. */
const REFUSALS: readonly ObjectFault[] = [DENIAL, { kind: 'answer', status: 404, code: 'NoSuchBucket' }];
const CUT_OFF: ObjectFault = { kind: 'cut-off', afterBytes: 20 };
const LATENCY: ObjectFault = { kind: 'latency', delayMs: 20 };
const SILENCE: ObjectFault = { kind: 'hang' };

const REFUSED = REFUSALS.map((refusal) => ('code' in refusal ? refusal.code : ''));

/** Mostly a call or two, now and then for good. */
const times = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 2 }) },
  { weight: 2, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
);

/** Storage fails uploads of one log. */
export const uploadFaults = stepKind(
  fc.record({
    which: some,
    met: fc.oneof(
      { weight: 12, arbitrary: fc.record({ fault: fc.constantFrom(...TRANSIENT, LATENCY), times }) },
      { weight: 4, arbitrary: fc.record({ fault: fc.constantFrom(...REFUSALS), times: fc.constant(1) }) },
      { weight: 1, arbitrary: fc.constant({ fault: SILENCE, times: 1 }) },
    ),
  }),
  async ({ which, met }, run) => {
    await arm(run, 'upload', run.pick(which), met.fault, met.times);
  },
);

/** More would only take long to arm. */
const MOST_IN_A_BROWNOUT = 50;

/** Storage fails the next uploads of every log, each a few times: fewer than a vault tries by default. */
export const brownouts = stepKind(
  fc.record({ fault: fc.constantFrom(...TRANSIENT), times: fc.integer({ min: 1, max: 3 }) }),
  async ({ fault, times }, run) => {
    for (const log of run.logs.slice(-MOST_IN_A_BROWNOUT)) {
      const armed = await armedFor(run, 'upload', log, fault, times);
      run.armed(armed, effectOf('upload', fault), log);
    }
    run.transcript.given(
      `storage answers ${calls(times)} of uploads of each log with ${describeObjectFault(fault)}`,
    );
  },
);

/** Storage fails reads of one log. */
export const readFaults = stepKind(
  fc.record({
    which: some,
    fault: fc.constantFrom(...TRANSIENT, DENIAL, CUT_OFF),
    times,
  }),
  async ({ which, fault, times }, run) => {
    await arm(run, 'read', run.pick(which), fault, times);
  },
);

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

async function arm(
  run: ProgramRun,
  kind: 'upload' | 'read',
  log: ProgramLog,
  fault: ObjectFault,
  times: number,
): Promise<void> {
  const armed = await armedFor(run, kind, log, fault, times);
  const verb = kind === 'upload' ? 'uploads' : 'reads';
  const which = calls(times)
    .replace('call', kind)
    .replace(/uploads$|reads$/, verb);
  run.transcript.given(`storage answers ${which} of "${log.name}" with ${describeObjectFault(fault)}`);
  run.armed(armed, effectOf(kind, fault), log);
}

async function armedFor(
  { shared }: ProgramRun,
  kind: 'upload' | 'read',
  { now }: ProgramLog,
  fault: ObjectFault,
  times: number,
): Promise<ArmedFault<unknown>> {
  const { sight } = await shared.services.finder.locate(now);
  return shared.environment.bucket.arm({ class: kind, key: sight() }, fault, times);
}

function effectOf(kind: 'upload' | 'read', fault: ObjectFault): FaultEffect {
  if (fault.kind === 'latency') return { to: 'nothing' };
  if (kind === 'read') return { to: 'read' };
  return 'code' in fault && REFUSED.includes(fault.code)
    ? { to: 'upload', how: 'refused', code: 'storage_rejected' }
    : { to: 'upload', how: 'may be tried again' };
}
