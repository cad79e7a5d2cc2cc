import fc from 'fast-check';
import type { ArmedFault } from '../faults/fault-board';
import { describeObjectFault, type ObjectFault } from '../object-store/object-faults';
import { offerAnother } from './offer-steps';
import type { FaultEffect } from './program-faults';
import type { ProgramLog, ProgramRun } from './program-run';
import { calls } from './provider-steps';
import { stepKind } from './step';
import {
  type DrawnStorageFault,
  readFaultDraws,
  type StorageTaking,
  uploadFaultDraws,
} from './storage-faults';
import { ingestion } from './vault-steps';

const some = fc.nat({ max: 11 });

/** What is interesting among the faults that are drawn for a log. */
const LABELS: Readonly<Record<string, (drawn: { readonly met: DrawnStorageFault }) => boolean>> = {
  'an answer of storage': ({ met }) => met.fault.kind === 'answer',
  'a connection that breaks before the effect': ({ met: { fault } }) =>
    fault.kind === 'reset' && fault.when === 'before',
  'a connection that breaks after the effect': ({ met: { fault } }) =>
    fault.kind === 'reset' && fault.when === 'after',
  'a silence': ({ met }) => met.fault.kind === 'hang',
  'every call': ({ met }) => met.times === Number.POSITIVE_INFINITY,
};

/** Storage fails uploads of one log. */
export const uploadFaults = stepKind(
  fc.record({ which: some, isNew: fc.boolean(), met: uploadFaultDraws }),
  async ({ which, isNew, met }, run) => {
    const picked = run.pick(which);
    // One that is stored already is not uploaded again.
    const log = isNew ? offerAnother(run, picked.now.providerId) : picked;
    await armFor(run, 'upload', log, met);
    run.transcript.given(inWords('upload', `"${log.name}"`, met));
  },
  LABELS,
);

/** Storage fails reads of one log, and look-ups of it. */
export const readFaults = stepKind(
  fc.record({ which: some, isRead: fc.boolean(), met: readFaultDraws }),
  async ({ which, isRead, met }, run, checker) => {
    const log = (isRead ? await run.pickStored(which) : undefined) ?? run.pick(which);
    await armFor(run, 'read', log, met);
    run.transcript.given(inWords('read', `"${log.name}"`, met));
    if (!isRead) return;
    run.transcript.when(`the auditor retrieves the raw "${log.name}"`);
    await checker.logs.read(log);
  },
  LABELS,
);

/** Storage fails uploads of the manifest of a job. */
export const manifestFaults = stepKind(
  fc.record({ which: some, met: uploadFaultDraws }),
  async ({ which, met }, run, checker) => {
    const { environment, services } = run.shared;
    await checker.untilAllEnded();
    const { providerId } = run.pick(which).now;
    const listing = { kind: 'listing', providerId, within: run.scope.range } as const;
    // Only then is the job known, and with it the key, before there can be an upload.
    const held = environment.provider.arm(listing, { kind: 'hold' }, 1);
    // On a busy machine the vault may not wait for so long.
    run.faults.armed(held, { to: 'provider', how: 'may be tried again' }, providerId);
    try {
      const { request, words } = ingestion(run, { range: undefined, which, askers: 1 });
      run.transcript.when(`${words}; ${inWords('upload', 'its manifest', met)}`);
      const job = await checker.ingest(request);
      if (job === undefined) return;
      const key = services.manifests.keyOf(job);
      const armed = environment.bucket.arm({ class: 'upload', key }, met.fault, met.times);
      run.faults.armed(armed, effectOf('upload', met.taking), providerId);
      held.release();
      await checker.untilEnded(job);
    } finally {
      held.release();
    }
  },
  {
    'every call': ({ met }) => met.times === Number.POSITIVE_INFINITY,
    'an answer of storage': ({ met }) => met.fault.kind === 'answer',
  },
);

/** Has storage fail calls about one log. */
export async function armFor(
  run: ProgramRun,
  kind: 'upload' | 'read',
  log: ProgramLog,
  { fault, times, taking }: DrawnStorageFault,
): Promise<ArmedFault<ObjectFault>> {
  const { services, environment } = run.shared;
  const { sight } = await services.finder.locate(log.now);
  const armed = environment.bucket.arm({ class: kind, key: sight() }, fault, times);
  run.faults.armed(armed, effectOf(kind, taking), log);
  return armed;
}

/** Says in words how storage fails calls about something. */
export function inWords(
  kind: 'upload' | 'read',
  what: string,
  { fault, times }: Pick<DrawnStorageFault, 'fault' | 'times'>,
): string {
  const which = calls(times).replace(/calls?/, (word) => word.replace('call', kind));
  return `storage answers ${which} of ${what} with ${describeObjectFault(fault)}`;
}

function effectOf(kind: 'upload' | 'read', taking: StorageTaking): FaultEffect {
  switch (taking) {
    case 'no failure':
      return { to: 'nothing' };
    case 'either':
      return { to: 'storage' };
    case 'refused':
      return { to: 'upload', how: 'refused', code: 'storage_rejected' };
    case 'may be tried again':
      return kind === 'read' ? { to: 'storage' } : { to: 'upload', how: 'may be tried again' };
  }
}
