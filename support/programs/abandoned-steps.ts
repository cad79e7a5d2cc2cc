import fc from 'fast-check';
import { auditEvent } from '../bytes/audit-event';
import { staysAsItEnded } from './ended-job';
import { SLOT_MS, SLOTS } from './offer-steps';
import type { ProgramLog } from './program-run';
import { stepKind } from './step';

/** What comes after the last late answer of a job. */
const AFTERWARDS_MS = 150;

const lateness = fc.record({
  call: fc.constantFrom('payload' as const, 'upload' as const),
  lateMs: fc.integer({ min: 30, max: 400 }),
});

/** One log of a job is refused while others are still on their way: what the job does about those has to be done by its end. */
export const abandonments = stepKind(
  fc.record({
    provider: fc.nat({ max: 1 }),
    slot: fc.nat({ max: SLOTS - 1 }),
    refused: fc.nat({ max: 3 }),
    status: fc.constantFrom(401, 403, 404, 410),
    others: fc.array(lateness, { minLength: 1, maxLength: 3 }),
  }),
  async ({ provider, slot, refused, status, others }, run, checker) => {
    const { environment, services } = run.shared;
    await checker.untilAllEnded();
    const providerId = run.provider(provider);
    const offer = (index: number): ProgramLog =>
      run.offer({
        providerId,
        payload: auditEvent(`log ${run.logs.length + 1}`),
        timestamp: run.scope.at(slot * SLOT_MS + 10_000 + index),
      });
    const logs = Array.from({ length: others.length + 1 }, (_, index) => offer(index));
    const gone = logs[refused % logs.length];
    if (gone === undefined) return;
    const late = logs.filter((log) => log !== gone);
    run.transcript.when(
      `"${providerId}" offers ${logs.map(({ name }) => `"${name}"`).join(', ')}, answers the payload of "${gone.name}" with ${status}, ${others.map(({ call, lateMs }, index) => `the ${call} of "${late[index]?.name}" takes ${lateMs} ms`).join(', ')}, and the whole is ingested until the job has ended`,
    );
    const { now } = gone;
    run.armed(
      environment.provider.arm(
        { kind: 'payload', providerId, sourceId: now.sourceId },
        { kind: 'status', status },
        1,
      ),
      { to: 'provider', how: 'refused', code: status < 404 ? 'provider_unauthorized' : 'provider_rejected' },
      gone,
    );
    for (const [index, { call, lateMs }] of others.entries()) {
      const log = late[index];
      if (log === undefined) continue;
      const fault = { kind: 'latency', delayMs: lateMs } as const;
      const { sight } = await services.finder.locate(log.now);
      const armed =
        call === 'upload'
          ? environment.bucket.arm({ class: 'upload', key: sight() }, fault, 1)
          : environment.provider.arm({ kind: 'payload', providerId, sourceId: log.now.sourceId }, fault, 1);
      run.armed(armed, { to: 'nothing' }, log);
    }
    const range = { start: run.scope.at(0), end: run.scope.at(SLOTS * SLOT_MS) };
    const job = await checker.ingest({ provider_id: providerId, range });
    if (job === undefined) return;
    if (job.ended === undefined) await checker.untilEnded(job);
    const longestMs = Math.max(...others.map(({ lateMs }) => lateMs));
    await staysAsItEnded(run, job, longestMs + AFTERWARDS_MS);
  },
);
