import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { withOneByteChanged } from '../bytes/audit-event';
import type { UserMetadata } from '../object-store/object-contents';
import type { ProgramLog, ProgramRun, StoredObject } from './program-run';
import { stepKind } from './step';

const some = fc.nat({ max: 11 });

/** Somebody deletes the object of a log, now and then while a job is at work that has to do with it. */
export const deletions = stepKind(
  fc.record({ which: some, evenAtWork: fc.boolean() }),
  async ({ which, evenAtWork }, run) => {
    await deleteObject(run, run.pick(which), evenAtWork);
  },
  { 'even while a job is at work': ({ evenAtWork }) => evenAtWork },
);

/** Deletes the object of a log that metadata describes. @returns whether there was one that could be deleted */
export async function deleteObject(run: ProgramRun, log: ProgramLog, evenAtWork = false): Promise<boolean> {
  if (isAtWork(run, log) && !(evenAtWork && run.shared.services.ledger.indeterminate.length === 0))
    return false;
  const stored = await storedOf(run, log);
  if (stored === undefined) return false;
  run.transcript.given(`the object of "${log.name}" is deleted from storage`);
  await run.shared.environment.objects.delete(stored.key);
  run.damaged(log, { kind: 'orphaned', kept: log.damage?.kept ?? stored });
  return true;
}

/** How an object is tampered with. */
const CHANGES = {
  'changes one byte of': ({ bytes }: StoredObject) =>
    bytes.byteLength === 0 ? bytes : withOneByteChanged(bytes),
  'cuts short': ({ bytes }: StoredObject) => bytes.subarray(0, Math.floor(bytes.byteLength / 2)),
  empties: () => Buffer.alloc(0),
  'appends a line to': ({ bytes }: StoredObject) => Buffer.concat([bytes, Buffer.from('\n')]),
  'puts another version in the place of': (_: StoredObject, { now }: ProgramLog) => now.payload,
} as const;

const changes = fc.constantFrom(...(Object.keys(CHANGES) as (keyof typeof CHANGES)[]));

/** Somebody tampers with the object of a log; whoever can write that can make its user metadata fit as well. */
export const tamperings = stepKind(
  fc.record({ which: some, how: changes, fits: fc.boolean() }),
  async ({ which, how, fits }, run) => {
    const log = run.pick(which);
    const stored = await untouched(run, log);
    const bytes = stored && CHANGES[how](stored, log);
    if (stored === undefined || bytes === undefined || bytes.equals(stored.bytes)) return;
    run.transcript.given(`somebody ${how} the object of "${log.name}"${fitWords(fits)}`);
    await overwrite(run, log, stored, bytes, fits);
  },
  {
    'that leave nothing': ({ how }) => how === 'empties',
    'that make it longer or shorter': ({ how }) => how === 'cuts short' || how === 'appends a line to',
    'with user metadata that fits': ({ fits }) => fits,
  },
);

/** Somebody swaps the objects of two logs. */
export const swaps = stepKind(
  fc.record({ which: some, other: some, fits: fc.boolean() }),
  async ({ which, other, fits }, run) => {
    const [one, two] = [run.pick(which), run.pick(other)];
    const [first, second] = [await untouched(run, one), await untouched(run, two)];
    if (first === undefined || second === undefined || first.bytes.equals(second.bytes)) return;
    run.transcript.given(`somebody swaps the objects of "${one.name}" and "${two.name}"${fitWords(fits)}`);
    await overwrite(run, one, first, second.bytes, fits);
    await overwrite(run, two, second, first.bytes, fits);
  },
  { 'with user metadata that fits': ({ fits }) => fits },
);

/** Somebody rewrites the checksums in the user metadata of an object, and leaves its bytes as they are. */
export const relabellings = stepKind(some, async (which, run) => {
  const log = run.pick(which);
  const stored = await untouched(run, log);
  if (stored === undefined) return;
  run.transcript.given(`somebody rewrites the user metadata of the object of "${log.name}"`);
  const { key, bytes } = stored;
  await run.shared.environment.objects.put(
    key,
    bytes,
    fitting(stored, Buffer.concat([bytes, bytes, Buffer.from('!')])),
  );
});

/** The object of a log is put back as it was. */
export const repairs = stepKind(some, async (which, run) => {
  const log = run.logs.filter(({ damage }) => damage !== undefined)[which % 2];
  if (log !== undefined) await putBack(run, log);
});

/** Puts the object of a log back as it was; where it is not damaged, or a job is at work, it does nothing. */
export async function putBack(run: ProgramRun, log: ProgramLog): Promise<void> {
  if (log.damage === undefined || isAtWork(run, log)) return;
  run.transcript.given(`the object of "${log.name}" is put back`);
  const { key, bytes, userMetadata } = log.damage.kept;
  await run.shared.environment.objects.put(key, bytes, userMetadata);
  run.damaged(log, undefined);
}

function fitWords(fits: boolean): string {
  return fits ? ', and makes its user metadata fit' : '';
}

async function overwrite(
  run: ProgramRun,
  log: ProgramLog,
  stored: StoredObject,
  bytes: Buffer,
  fits: boolean,
): Promise<void> {
  const userMetadata = fits ? fitting(stored, bytes) : stored.userMetadata;
  await run.shared.environment.objects.put(stored.key, bytes, userMetadata);
  run.damaged(log, { kind: 'altered', kept: stored });
}

/** The user metadata of an object, every checksum of its bytes in it replaced by the one of other bytes. */
function fitting({ bytes, userMetadata }: StoredObject, others: Buffer): UserMetadata {
  const from = hashesOf(bytes);
  const to = hashesOf(others);
  const fit = (value: string): string =>
    from.reduce((text, hash, index) => text.replaceAll(hash, to[index] ?? hash), value);
  return Object.fromEntries(Object.entries(userMetadata).map(([name, value]) => [name, fit(value)]));
}

function hashesOf(bytes: Buffer): readonly string[] {
  return ['sha256', 'md5', 'sha1'].flatMap((algorithm) =>
    (['hex', 'base64'] as const).map((form) => createHash(algorithm).update(bytes).digest(form)),
  );
}

/** The object of a log that metadata describes, nobody has damaged and no job can be about to do something with. */
async function untouched(run: ProgramRun, log: ProgramLog): Promise<StoredObject | undefined> {
  return isAtWork(run, log) || log.damage !== undefined ? undefined : await storedOf(run, log);
}

async function storedOf({ shared }: ProgramRun, { now }: ProgramLog): Promise<StoredObject | undefined> {
  const { metadata, objects } = shared.environment;
  const [record] = await metadata.recordsOf(now);
  if (record === undefined) return undefined;
  const key = (await shared.services.finder.locate(now)).objectKey;
  const bytes = await objects.get(key);
  return bytes && { key, bytes, userMetadata: await objects.userMetadataOf(key) };
}

function isAtWork(run: ProgramRun, log: ProgramLog): boolean {
  return (
    run.shared.services.ledger.indeterminate.length > 0 ||
    run.jobs.some(({ ended, request }) => ended === undefined && run.logsIn(request).includes(log))
  );
}
