import fc from 'fast-check';
import type { ProgramRun } from './program-run';
import { stepKind } from './step';
import { ingestion } from './vault-steps';

/** Of the whole time, in per cent: the three calls share it. */
const share = fc.integer({ min: 20, max: 80 });
/** Of the time that a vault gives a call, so much at the most: it waits for that. */
const SURE_SHARE = 0.75;
/** Short enough that work outlasts it within a second. */
const SHORT_LEASE_MS = 600;
const NOON_MS = 12 * 3_600_000;
/** More would have to wait for one another where the queue is short. */
const AT_ONCE = 4;

/** A job's calls take so long, one after the other, that its lease may run out meanwhile: whoever works on it keeps it. */
export const longWorks = stepKind(
  fc.record({
    which: fc.nat({ max: 11 }),
    listing: share,
    payload: share,
    upload: share,
    leases: fc.constantFrom(1.2, 1.7),
  }),
  async ({ which, listing, payload, upload, leases }, run, checker) => {
    const { environment, services, mayRestart } = run.shared;
    const { provider, bucket, vault } = environment;
    await checker.untilAllEnded();
    if (mayRestart && vault.settings.leaseMs > SHORT_LEASE_MS) await withShortLease(run);
    const { callTimeoutMs, leaseMs } = vault.settings;
    const log = run.pick(which);
    const { providerId, sourceId, sight } = await services.finder.locate(log.now);
    const { request, words } = ingestion(run, { range: undefined, which, askers: 1 });
    const late = (percent: number) => {
      const delayMs = Math.round(Math.min((percent * leases * leaseMs) / 100, SURE_SHARE * callTimeoutMs));
      return { kind: 'latency', delayMs } as const;
    };
    const [first, second, third] = [late(listing), late(payload), late(upload)];
    run.transcript.when(
      `${words} and the job has ended, with a listing that takes ${first.delayMs} ms, and a payload and an upload of "${log.name}" that take ${second.delayMs} and ${third.delayMs} ms, where a lease is ${leaseMs} ms`,
    );
    run.faults.armed(
      provider.arm({ kind: 'listing', providerId, within: run.scope.range }, first, 1),
      { to: 'nothing' },
      providerId,
    );
    run.faults.armed(
      provider.arm({ kind: 'payload', providerId, sourceId }, second, 1),
      { to: 'nothing' },
      log,
    );
    run.faults.armed(bucket.arm({ class: 'upload', key: sight() }, third, 1), { to: 'nothing' }, log);
    const job = await checker.ingest(request);
    if (job !== undefined && job.ended === undefined) await checker.untilEnded(job);
  },
);

async function withShortLease({ shared, transcript }: ProgramRun): Promise<void> {
  const { disturbances, environment, settings } = shared;
  transcript.given(`the vault is started again with leases of ${SHORT_LEASE_MS} ms`);
  await disturbances.disturb('the vault is down', async () => {
    await environment.vault.stop();
    await environment.vault.start({ ...settings, leaseMs: SHORT_LEASE_MS });
  });
}

/** So many ranges are ingested that whatever keeps only the last ones shows. */
export const histories = stepKind(
  fc.record({
    provider: fc.nat({ max: 1 }),
    jobs: fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 31, max: 40 }) },
      { weight: 1, arbitrary: fc.integer({ min: 101, max: 110 }) },
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
