import fc from 'fast-check';
import type { ArmedFault } from '../faults/fault-board';
import type { ProgramLog, ProgramRun } from './program-run';
import { stepKind } from './step';
import { ingestion } from './vault-steps';

const some = fc.nat({ max: 11 });

/** How far a job is when the vault is killed. */
const MOMENTS = [
  'at once',
  'while the provider lists',
  'while a payload is fetched',
  'while a log is uploaded',
  'between object and metadata',
] as const;

type Moment = (typeof MOMENTS)[number];

/** A vault is killed while it works on a job, and started again; where there is another one, that may have to end the job. */
export const kills = stepKind(
  fc.record({
    which: some,
    moment: fc.constantFrom(...MOMENTS),
    whose: fc.nat({ max: 1 }),
    back: fc.constantFrom('at once', 'once the job has ended'),
  }),
  async ({ which, moment, whose, back }, run, checker) => {
    const { disturbances, environment, settings } = run.shared;
    const { vault, patience } = environment;
    const log = run.pick(which);
    const { request, words } = ingestion(run, { range: undefined, which, askers: 1 });
    const isAlone = vault.members.length === 1;
    const victim = vault.members[whose % vault.members.length] ?? vault;
    const isLate = !isAlone && back !== 'at once';
    run.transcript.when(
      `${words}, and ${isAlone ? 'the vault' : `vault ${vault.members.indexOf(victim) + 1}`} is killed ${moment}${moment === 'at once' ? '' : ` ("${log.name}")`} and started again${isLate ? ` ${back}` : ''}`,
    );
    const held = await hold(run, log, moment);
    const job = await checker.ingest(request);
    if (held !== undefined && job !== undefined) {
      await patience.eventually(
        async () => held.hits > 0 || (await isOver(run, job.jobId)),
        (there) => there,
        { everyMs: 5, what: `the vault to be ${moment}` },
      );
    }
    await disturbances.disturb('the vault is down', async () => {
      await victim.kill();
      held?.release();
      try {
        if (isLate && job !== undefined && job.ended === undefined) await checker.untilEnded(job);
      } finally {
        await victim.start(settings);
      }
    });
  },
);

/** Holds up what is to be under way when the vault is killed. */
async function hold(
  run: ProgramRun,
  log: ProgramLog,
  moment: Moment,
): Promise<ArmedFault<unknown> | undefined> {
  const { provider, bucket } = run.shared.environment;
  const { providerId, sourceId, sight } = await run.shared.services.finder.locate(log.now);
  const upload = { class: 'upload', key: sight() } as const;
  const transientUpload = { to: 'upload', how: 'may be tried again' } as const;
  const transientCall = { to: 'provider', how: 'may be tried again' } as const;
  const noted = (
    armed: ArmedFault<unknown>,
    effect: Parameters<ProgramRun['armed']>[1],
    about: ProgramLog | string,
  ) => {
    run.armed(armed, effect, about);
    return armed;
  };
  switch (moment) {
    case 'at once':
      return undefined;
    case 'while the provider lists':
      return noted(
        provider.arm({ kind: 'listing', providerId, within: run.scope.range }, { kind: 'hold' }, 1),
        transientCall,
        providerId,
      );
    case 'while a payload is fetched':
      return noted(
        provider.arm({ kind: 'payload', providerId, sourceId }, { kind: 'hold' }, 1),
        transientCall,
        log,
      );
    case 'while a log is uploaded':
      return noted(bucket.arm(upload, { kind: 'hang' }, 1), transientUpload, log);
    case 'between object and metadata':
      return noted(bucket.arm(upload, { kind: 'withhold' }, 1), transientUpload, log);
  }
}

async function isOver(run: ProgramRun, jobId: string): Promise<boolean> {
  const { state } = await run.shared.services.watcher.look(jobId);
  return state === 'completed' || state === 'failed';
}
