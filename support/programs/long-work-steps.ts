import fc from 'fast-check';
import { stepKind } from './step';
import { ingestion } from './vault-steps';

/** Of the time that a vault gives a call: so much it waits for. */
const share = fc.integer({ min: 20, max: 75 });
const NOON_MS = 12 * 3_600_000;
/** More would have to wait for one another where the queue is short. */
const AT_ONCE = 4;

/** A job's calls take so long, one after the other, that its lease may run out meanwhile: whoever works on it keeps it. */
export const longWorks = stepKind(
  fc.record({ which: fc.nat({ max: 11 }), listing: share, payload: share, upload: share }),
  async ({ which, listing, payload, upload }, run, checker) => {
    const { environment, services } = run.shared;
    const { provider, bucket, vault } = environment;
    const { callTimeoutMs, leaseMs } = vault.settings;
    await checker.untilAllEnded();
    const log = run.pick(which);
    const { providerId, sourceId, sight } = await services.finder.locate(log.now);
    const { request, words } = ingestion(run, { range: undefined, which, askers: 1 });
    const late = (percent: number) =>
      ({ kind: 'latency', delayMs: Math.round((percent * callTimeoutMs) / 100) }) as const;
    const [first, second, third] = [late(listing), late(payload), late(upload)];
    run.transcript.when(
      `${words} and the job has ended, with a listing that takes ${first.delayMs} ms, and a payload and an upload of "${log.name}" that take ${second.delayMs} and ${third.delayMs} ms, where a lease is ${leaseMs} ms`,
    );
    run.armed(
      provider.arm({ kind: 'listing', providerId, within: run.scope.range }, first, 1),
      { to: 'nothing' },
      providerId,
    );
    run.armed(provider.arm({ kind: 'payload', providerId, sourceId }, second, 1), { to: 'nothing' }, log);
    run.armed(bucket.arm({ class: 'upload', key: sight() }, third, 1), { to: 'nothing' }, log);
    const job = await checker.ingest(request);
    if (job !== undefined && job.ended === undefined) await checker.untilEnded(job);
  },
);

/** So many ranges are ingested that whatever keeps only the last ones shows. */
export const histories = stepKind(
  fc.record({
    provider: fc.nat({ max: 1 }),
    jobs: fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 25, max: 60 }) },
      { weight: 1, arbitrary: fc.integer({ min: 100, max: 300 }) },
    ),
  }),
  async ({ provider, jobs }, run, checker) => {
    const { queueLimit } = run.shared.environment.vault.settings;
    const providerId = run.provider(provider);
    run.transcript.when(`${jobs} ranges in which there is nothing are ingested from "${providerId}"`);
    const atOnce = Math.min(AT_ONCE, queueLimit);
    for (let asked = 0; asked < jobs; asked += atOnce) {
      const ranges = Array.from({ length: Math.min(atOnce, jobs - asked) }, (_, index) => {
        const startMs = NOON_MS + 10 * run.jobs.length + index;
        return { start: run.scope.at(startMs), end: run.scope.at(startMs + 1) };
      });
      const begun = await Promise.all(
        ranges.map((range) => checker.ingest({ provider_id: providerId, range })),
      );
      for (const job of begun) {
        if (job !== undefined && job.ended === undefined) await checker.untilEnded(job, false);
      }
    }
  },
  { 'of 100 jobs and more': ({ jobs }) => jobs >= 100 },
);
