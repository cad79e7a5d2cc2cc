import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { probeReadiness } from '../environments/readiness';
import type { ArmedFault } from '../faults/fault-board';
import type { ProgramLog, ProgramRun } from './program-run';
import { stepKind } from './step';
import { ingestion } from './vault-steps';

const some = fc.nat({ max: 11 });

/** Short enough for every job to survive (contract, section 4). */
const ABSENCES_MS = [50, 300] as const;

/** MongoDB is away for a moment, in which somebody asks. */
export const absences = stepKind(
  fc.record({
    which: some,
    absentMs: fc.constantFrom(...ABSENCES_MS),
    asks: fc.constantFrom('search', 'read', 'ingest'),
  }),
  async ({ which, absentMs, asks }, run, checker) => {
    const { disturbances, environment } = run.shared;
    const { metadataGate, vault, patience } = environment;
    const log = run.pick(which);
    const { request, words } = ingestion(run, { range: undefined, which, askers: 1 });
    const questions = {
      search: { words: 'the auditor searches', ask: () => checker.search(50) },
      read: { words: `the auditor retrieves the raw "${log.name}"`, ask: () => checker.read(log) },
      ingest: { words, ask: () => checker.ingest(request) },
    } as const;
    const question = questions[asks as keyof typeof questions];
    run.transcript.when(`MongoDB is away for ${absentMs} ms, and meanwhile ${question.words}`);
    await disturbances.disturb('MongoDB is away', async () => {
      await metadataGate.cut();
      const answered = question.ask().then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      await pause(absentMs);
      await metadataGate.heal();
      const failure = await answered;
      await patience.eventually(
        () => probeReadiness(vault.baseUrl),
        (seen) => seen === 'ready',
        { what: 'the vault to serve again by itself, now that MongoDB is back' },
      );
      if (failure !== undefined) throw failure.error;
    });
  },
);

/** How far a job is when the vault is killed. */
const MOMENTS = [
  'at once',
  'while the provider lists',
  'while a payload is fetched',
  'while a log is uploaded',
  'between object and metadata',
] as const;

type Moment = (typeof MOMENTS)[number];

/** The vault is killed while it works on a job, and started again. */
export const kills = stepKind(
  fc.record({ which: some, moment: fc.constantFrom(...MOMENTS) }),
  async ({ which, moment }, run, checker) => {
    const { disturbances, environment } = run.shared;
    const { vault, patience } = environment;
    const log = run.pick(which);
    const { request, words } = ingestion(run, { range: undefined, which, askers: 1 });
    run.transcript.when(
      `${words}, and the vault is killed ${moment}${moment === 'at once' ? '' : ` ("${log.name}")`} and started again`,
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
      await vault.kill();
      held?.release();
      await vault.start(run.shared.settings);
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
