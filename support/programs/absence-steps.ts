import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { probeReadiness } from '../environments/readiness';
import { WRITES } from '../metadata-store/op-msg';
import type { Checker } from './checker';
import { askWithoutMetadata } from './outage';
import type { ProgramRun } from './program-run';
import { stepKind } from './step';
import { ingestion } from './vault-steps';

const some = fc.nat({ max: 11 });
const absence = fc.constantFrom('cut off' as const, 'silent' as const);

/** What goes on while MongoDB is unsteady. */
const QUESTIONS = ['work', 'ingest', 'search', 'read', 'look-up'] as const;
const asks = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...QUESTIONS) },
  { weight: 1, arbitrary: fc.constant('work' as const) },
);

/** So much may be added to what a job takes on the whole, however many calls it makes. */
const LATE_IN_ALL_MS = 3_000;
const CALLS_OF_A_LOG = 3;

/** Something that is asked. */
interface Question {
  readonly words: string;
  ask(): Promise<void>;
}

/** MongoDB is away for a moment that every job survives (contract, section 4), in which somebody asks. */
export const absences = stepKind(
  fc.record({
    which: some,
    how: absence,
    absentMs: fc.oneof(
      { weight: 2, arbitrary: fc.integer({ min: 20, max: 250 }) },
      { weight: 1, arbitrary: fc.integer({ min: 250, max: 700 }) },
    ),
    asks,
    beforeMs: fc.nat({ max: 60 }),
  }),
  async ({ which, how, absentMs, asks, beforeMs }, run, checker) => {
    const { disturbances, environment } = run.shared;
    const question = questionOf(asks, which, run, checker);
    run.transcript.when(`MongoDB is ${how} for ${absentMs} ms, and meanwhile ${question.words}`);
    await disturbances.disturb('MongoDB is unsteady', async () => {
      // What is at work is to be under way when MongoDB goes.
      let answered = asks === 'work' ? failureOf(question.ask()) : undefined;
      if (answered !== undefined) await pause(beforeMs);
      await disturbances.note('MongoDB is away', async () => {
        await environment.metadataGate.cut(how);
        answered ??= failureOf(question.ask());
        await pause(absentMs);
        await environment.metadataGate.heal();
      });
      const failure = await answered;
      await untilServing(run);
      throwAny(failure);
    });
  },
  {
    'is cut off': ({ how }) => how === 'cut off',
    'is silent': ({ how }) => how === 'silent',
    'in the middle of a job': ({ asks }) => asks === 'work',
  },
);

/** MongoDB is away until every call that needs it was told so. */
export const outages = stepKind(
  fc.record({ which: some, how: absence, longerMs: fc.constantFrom(0, 0, 600), isAtWork: fc.boolean() }),
  async ({ which, how, longerMs, isAtWork }, run, checker) => {
    const { disturbances, environment } = run.shared;
    const { request, words } = ingestion(run, { range: undefined, which, askers: 1 });
    run.transcript.when(
      `${isAtWork ? `${words}, and ` : ''}MongoDB is ${how} until every call that needs it has been answered`,
    );
    if (isAtWork) await checker.ingest(request);
    await disturbances.disturb('MongoDB is unsteady', async () => {
      const failure = await disturbances.note('MongoDB is away', async () => {
        await environment.metadataGate.cut(how);
        const answered = await failureOf(askWithoutMetadata(run, which));
        await pause(longerMs);
        await environment.metadataGate.heal();
        return answered;
      });
      throwAny(failure);
      await run.judging(['RES-33'], () => untilServing(run));
    });
  },
  {
    'is cut off': ({ how }) => how === 'cut off',
    'is silent': ({ how }) => how === 'silent',
    'in the middle of a job': ({ isAtWork }) => isAtWork,
  },
);

/** Writes take effect in MongoDB, and the vault is not told: their connections break. */
export const lostAnswers = stepKind(
  fc.record({
    which: some,
    writes: fc.subarray([...WRITES], { minLength: 1 }),
    times: fc.integer({ min: 1, max: 2 }),
    asks: fc.constantFrom('work' as const, 'ingest' as const),
  }),
  async ({ which, writes, times, asks }, run, checker) => {
    const { disturbances, environment } = run.shared;
    const question = questionOf(asks, which, run, checker);
    run.transcript.when(
      `MongoDB breaks off instead of answering the next ${times === 1 ? 'write' : `${times} writes`} (${writes.join(', ')}), and ${question.words}`,
    );
    await disturbances.disturb('MongoDB is unsteady', async () => {
      environment.metadataGate.loseAnswers(writes, times);
      try {
        await question.ask();
      } finally {
        await environment.metadataGate.heal();
      }
      await untilServing(run);
    });
  },
  Object.fromEntries(WRITES.map((write) => [write, ({ writes }) => writes.includes(write)])),
);

/** MongoDB answers late, so that what is done at nearly the same time overlaps. */
export const lateAnswers = stepKind(
  fc.record({ which: some, lateMs: fc.constantFrom(5, 20, 60), asks }),
  async ({ which, lateMs, asks }, run, checker) => {
    const { disturbances, environment } = run.shared;
    const question = questionOf(asks, which, run, checker);
    const most = LATE_IN_ALL_MS / CALLS_OF_A_LOG / run.logs.length;
    const delayMs = Math.max(1, Math.round(Math.min(lateMs, most)));
    run.transcript.when(`MongoDB answers ${delayMs} ms late, and meanwhile ${question.words}`);
    await disturbances.disturb('MongoDB is unsteady', async () => {
      environment.metadataGate.answerAfter(delayMs);
      try {
        await question.ask();
      } finally {
        await environment.metadataGate.heal();
      }
    });
  },
  { 'in the middle of a job': ({ asks }) => asks === 'work' },
);

function questionOf(
  asks: (typeof QUESTIONS)[number],
  which: number,
  run: ProgramRun,
  checker: Checker,
): Question {
  const log = run.pick(which);
  const { request, words } = ingestion(run, { range: undefined, which, askers: 1 });
  const job = run.jobs[which % Math.max(1, run.jobs.length)];
  switch (asks) {
    case 'work':
      return {
        words: `${words}, and the job has ended`,
        ask: async () => {
          const begun = await checker.ingest(request);
          if (begun !== undefined && begun.ended === undefined) await checker.untilEnded(begun);
        },
      };
    case 'ingest':
      return { words, ask: async () => void (await checker.ingest(request)) };
    case 'read':
      return {
        words: `the auditor retrieves the raw "${log.name}"`,
        ask: async () => void (await checker.logs.read(log)),
      };
    case 'look-up':
      if (job !== undefined)
        return { words: `the auditor asks how job ${job.jobId} is`, ask: () => checker.lookUp(job) };
  }
  return { words: 'the auditor searches', ask: () => checker.logs.search(50) };
}

async function failureOf(work: Promise<void>): Promise<{ readonly error: unknown } | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return { error };
  }
}

function throwAny(failure: { readonly error: unknown } | undefined): void {
  if (failure !== undefined) throw failure.error;
}

/** Waits until every vault serves again by itself. @throws TimeoutError */
export async function untilServing({ shared }: ProgramRun): Promise<void> {
  const { vault, patience } = shared.environment;
  for (const member of vault.members) {
    await patience.eventually(
      () => probeReadiness(member.baseUrl),
      (seen) => seen === 'ready',
      { what: 'the vault to serve again by itself, now that MongoDB is back' },
    );
  }
}
