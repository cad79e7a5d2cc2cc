import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { auditEvent } from '../bytes/audit-event';
import type { RunSettings, VaultUnderTest } from '../environments/vault-under-test';
import { untilServing } from './absence-steps';
import type { Checker } from './checker';
import { staysAsItEnded } from './ended-job';
import { beginHeld, MOMENTS } from './held-job';
import type { ProgramJob, ProgramRun } from './program-run';
import { stepKind } from './step';
import { ingestion } from './vault-steps';

const ends = fc.record({
  which: fc.nat({ max: 11 }),
  moment: fc.constantFrom(...MOMENTS),
  /** How long after that moment. */
  afterMs: fc.oneof(fc.constant(0), fc.nat({ max: 60 })),
  whose: fc.nat({ max: 1 }),
  /** When it comes back, where there is another one to go on. */
  back: fc.constantFrom('at once' as const, 'once the job has ended' as const),
  /** What it runs with from then on, where it is the only one. */
  settings: fc.oneof(
    { weight: 2, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc.record(
        { queueLimit: fc.constantFrom(1, 3, 1_000), concurrency: fc.constantFrom(1, 2, 16) },
        { requiredKeys: [] },
      ),
    },
  ),
});

type End = typeof ends extends fc.Arbitrary<infer Drawn> ? Drawn : never;

const momentsAmong = Object.fromEntries(
  MOMENTS.map((each) => [each, ({ moment }: { readonly moment: string }) => moment === each]),
);

/** A vault is killed while it works on a job, and started again; where there is another one, that may have to end the job. */
export const kills = stepKind(
  ends,
  async (drawn, run, checker) => void (await endAndStart(drawn, run, checker, 'killed')),
  momentsAmong,
);

/** The same, but it is asked to stop. */
export const stops = stepKind(
  ends,
  async (drawn, run, checker) => {
    if (!run.shared.canBeTold) return;
    const job = await endAndStart(drawn, run, checker, 'stopped');
    if (job === undefined) return;
    if (job.ended === undefined) await checker.untilEnded(job);
    run.judge(['OPS-6']);
  },
  momentsAmong,
);

async function endAndStart(
  { which, moment, afterMs, whose, back, settings }: End,
  run: ProgramRun,
  checker: Checker,
  how: 'killed' | 'stopped',
): Promise<ProgramJob | undefined> {
  const { disturbances } = run.shared;
  const log = run.pick(which);
  const { request, words } = ingestion(run, { range: undefined, which, askers: 1 });
  const { victim, name, isAlone } = chosen(run, whose);
  const isLate = !isAlone && back !== 'at once';
  const others: Partial<RunSettings> = isAlone ? settings : {};
  const told = Object.entries(others).map(([setting, value]) => `${setting} ${value}`);
  const when = moment === 'at once' ? moment : `${moment} ("${log.name}")`;
  run.transcript.when(
    `${words}, and ${name} is ${how} ${when}${afterMs === 0 ? '' : `, ${afterMs} ms later,`} and started again${isLate ? ` ${back}` : ''}${told.length === 0 ? '' : ` with ${told.join(', ')}`}`,
  );
  const { job, release } = await beginHeld(run, checker, { log, request, moment });
  await pause(afterMs);
  await disturbances.disturb('the vault is down', async () => {
    // One that is asked to stop may wait for what is under way.
    if (how === 'stopped') setTimeout(release, afterMs);
    await (how === 'killed' ? victim.kill() : victim.stop());
    release();
    try {
      if (isLate && job !== undefined && job.ended === undefined) await checker.untilEnded(job);
    } finally {
      await victim.start({ ...run.shared.settings, ...others });
    }
  });
  return job;
}

/** The vault is started while MongoDB is away for a moment: it serves once MongoDB is back. */
export const coldStarts = stepKind(
  fc.record({
    which: fc.nat({ max: 11 }),
    how: fc.constantFrom('cut off' as const, 'silent' as const),
    absentMs: fc.integer({ min: 50, max: 900 }),
    isAtWork: fc.boolean(),
  }),
  async ({ which, how, absentMs, isAtWork }, run, checker) => {
    const { disturbances, environment, mayRestart, settings } = run.shared;
    const { vault, metadataGate } = environment;
    if (!mayRestart) return;
    const { request, words } = ingestion(run, { range: undefined, which, askers: 1 });
    run.transcript.when(
      `${isAtWork ? `${words}, and ` : ''}the vault is stopped, and started again while MongoDB is ${how} for ${absentMs} ms more`,
    );
    if (isAtWork) await checker.ingest(request);
    await disturbances.disturb('the vault is down', async () => {
      await vault.stop();
      const started = await disturbances.note('MongoDB is away', async () => {
        await metadataGate.cut(how);
        const starting = vault.start(settings).then(
          () => undefined,
          (error: unknown) => ({ error }),
        );
        await pause(absentMs);
        await metadataGate.heal();
        return { starting };
      });
      const failure = await started.starting;
      if (failure !== undefined) {
        // One that ends is started again by whoever runs it; one that goes on has to serve by itself.
        await vault.start(settings);
        const hasEnded = /ended before it was ready/.test(String(failure.error));
        run.judge(
          ['RES-33'],
          hasEnded
            ? undefined
            : `the vault was started ${absentMs} ms before MongoDB was back, and did not serve: ${String(failure.error)}`,
        );
      }
      await run.judging(['RES-33'], () => untilServing(run));
    });
  },
  { 'is silent': ({ how }) => how === 'silent', 'with a job to go on with': ({ isAtWork }) => isAtWork },
);

/** A vault stands still for longer than its lease, and goes on where it was; another one may have ended its job by then. */
export const standstills = stepKind(
  fc.record({
    which: fc.nat({ max: 11 }),
    moment: fc.constantFrom(...MOMENTS),
    whose: fc.nat({ max: 1 }),
    leases: fc.constantFrom(0.5, 1.2, 1.6),
    /** Whether the provider has other bytes for the log by the time the vault goes on. */
    isAmended: fc.boolean(),
    isReleasedBefore: fc.boolean(),
  }),
  async ({ which, moment, whose, leases, isAmended, isReleasedBefore }, run, checker) => {
    const { disturbances, environment } = run.shared;
    const { vault } = environment;
    const log = run.pick(which);
    const { request, words } = ingestion(run, { range: undefined, which, askers: 1 });
    const { victim, name, isAlone } = chosen(run, whose);
    const { standStill, goOn } = victim;
    if (standStill === undefined || goOn === undefined) return;
    const stillMs = Math.round(leases * vault.settings.leaseMs);
    run.transcript.when(
      `${words}, and ${name} stands still for ${stillMs} ms ${moment}${moment === 'at once' ? '' : ` ("${log.name}")`}${isAmended ? `, meanwhile "${log.now.providerId}" has different bytes for "${log.name}"` : ''}`,
    );
    const { job, release } = await beginHeld(run, checker, { log, request, moment });
    await disturbances.disturb('the vault is down', async () => {
      standStill.call(victim);
      try {
        if (isReleasedBefore) release();
        if (isAmended) run.amend(log, auditEvent(`${log.name}, version ${log.versions + 1}`));
        await vault.without(victim, async () => {
          await pause(stillMs);
          // A job that nobody else can take up waits for the one that stands still.
          if (!isAlone && leases > 1 && job !== undefined && job.ended === undefined)
            await checker.untilEnded(job);
        });
      } finally {
        goOn.call(victim);
        release();
      }
      await untilServing(run);
    });
    if (job?.ended !== undefined) await staysAsItEnded(run, job);
  },
  {
    'for longer than a lease': ({ leases }) => leases > 1,
    'while the provider has other bytes': ({ isAmended }) => isAmended,
    ...momentsAmong,
  },
);

function chosen(
  { shared }: ProgramRun,
  whose: number,
): { readonly victim: VaultUnderTest; readonly name: string; readonly isAlone: boolean } {
  const { vault } = shared.environment;
  const index = whose % vault.members.length;
  const isAlone = vault.members.length === 1;
  return {
    victim: vault.members[index] ?? vault,
    name: isAlone ? 'the vault' : `vault ${index + 1}`,
    isAlone,
  };
}
