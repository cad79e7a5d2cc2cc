import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import pMap from 'p-map';
import { NoAnswerError, type OpenAnswer } from '../../services/vault-client';
import { auditEvent } from '../bytes/audit-event';
import type { Checker } from './checker';
import type { ProgramLog, ProgramRun } from './program-run';
import { SLOT_MS, SLOTS } from './slots';
import { stepKind } from './step';
import { ingestion } from './vault-steps';

/** More than waits on the line, so that the rest has to wait at the vault. */
const sizes = fc.constantFrom(3, 5);
const MIB = 1024 * 1024;
const AT_ONCE = 10;

const slots = fc.nat({ max: SLOTS - 1 });
const providers = fc.nat({ max: 1 });

/** Somebody reads a large raw log slowly, though not for longer than a call may take: it comes whole all the same. */
export const slowReads = stepKind(
  fc.record({ provider: providers, slot: slots, mib: sizes, share: fc.constantFrom(0.15, 0.5) }),
  async ({ provider, slot, mib, share }, run, checker) => {
    const log = await ingested(run, checker, { provider, slot, mib });
    const { vault } = run.shared.environment;
    // A vault may end a call to storage that takes that long in all (contract, section 4).
    const waitMs = Math.round(share * vault.settings.callTimeoutMs);
    run.transcript.when(`a reader retrieves the raw "${log.name}", and takes nothing of it for ${waitMs} ms`);
    const startMs = performance.now();
    const answer = await opened(run, log, ['RES-20']);
    if (answer?.status !== 200) return;
    await pause(waitMs);
    const { body, failure } = await rest(answer);
    const tookMs = performance.now() - startMs;
    const isExcused = run.shared.disturbances.wasDisturbed(startMs) || tookMs > vault.settings.callTimeoutMs;
    run.judge(
      ['RES-20'],
      body.equals(log.now.payload) || isExcused
        ? undefined
        : `a reader who was slow got ${body.byteLength} bytes that are not the ${log.now.payload.byteLength} of "${log.name}"${failure}`,
    );
  },
);

/** Readers of a large raw log hang up half-way, by the dozen: the vault goes on serving others. */
export const hangUps = stepKind(
  fc.record({ provider: providers, slot: slots, mib: sizes, readers: fc.constantFrom(12, 60) }),
  async ({ provider, slot, mib, readers }, run, checker) => {
    const log = await ingested(run, checker, { provider, slot, mib });
    run.transcript.when(
      `${readers} readers of the raw "${log.name}" hang up half-way, and somebody retrieves it whole`,
    );
    await pMap(Array.from({ length: readers }), () => hungUp(run, log), { concurrency: AT_ONCE });
    await checker.logs.read(log);
    run.judge(['RES-21']);
  },
  { 'by the dozen': ({ readers }) => readers === 60 },
);

/** The answer, its body still to come; none where the vault was disturbed. @throws FindingError */
async function opened(
  run: ProgramRun,
  log: ProgramLog,
  requirements: readonly string[],
): Promise<OpenAnswer | undefined> {
  const { services, disturbances } = run.shared;
  const { logId } = await services.finder.locate(log.now);
  const startMs = performance.now();
  try {
    return await services.logs.openRaw(logId);
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    run.judge(requirements, disturbances.wasDisturbed(startMs) ? undefined : error.message);
    return undefined;
  }
}

/** All that still comes, and why there is no more of it. */
async function rest({ body }: OpenAnswer): Promise<{ readonly body: Buffer; readonly failure: string }> {
  const parts: Buffer[] = [];
  try {
    for await (const part of body) parts.push(part);
    return { body: Buffer.concat(parts), failure: '' };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { body: Buffer.concat(parts), failure: ` (${words})` };
  }
}

async function hungUp(run: ProgramRun, log: ProgramLog): Promise<void> {
  const answer = await opened(run, log, ['RES-21']);
  if (answer === undefined) return;
  const { body } = answer;
  // Nobody is left who could be told how it ends.
  body.on('error', () => undefined);
  await new Promise((resolve) => body.once('readable', resolve).once('close', resolve));
  body.destroy();
}

interface LargeLog {
  readonly provider: number;
  readonly slot: number;
  readonly mib: number;
}

async function ingested(
  run: ProgramRun,
  checker: Checker,
  { provider, slot, mib }: LargeLog,
): Promise<ProgramLog> {
  const providerId = run.provider(provider);
  const event = auditEvent(`log ${run.logs.length + 1}`);
  const payload = Buffer.concat([event, Buffer.alloc(mib * MIB - event.byteLength, ' ')]);
  const log = run.offer({ providerId, payload, timestamp: run.scope.at(slot * SLOT_MS) });
  run.transcript.given(`"${providerId}" offers "${log.name}" of ${mib} MiB at 00:0${slot}`);
  const range = { provider, from: slot, slots: 1 };
  const { request, words } = ingestion(run, { range, which: 0, askers: 1 });
  run.transcript.when(`${words}, and the job has ended`);
  const job = await checker.ingest(request);
  if (job !== undefined && job.ended === undefined) await checker.untilEnded(job);
  return log;
}
