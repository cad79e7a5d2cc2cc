import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { IngestRequest, Priority } from '../../services/ingestion-service';
import { isTerminal, type JobState } from '../../services/job-service';
import type { RunSettings } from '../environments/vault-under-test';
import { isAimedAt } from '../provider/provider-request';
import type { Checker } from './checker';
import type { ProgramJob, ProgramRun } from './program-run';
import { SLOT_MS, SLOTS } from './slots';
import { stepKind } from './step';

/** The priorities in the order in which they go; a job without one is normal (contract, sections 1 and 4). */
const ORDER: readonly Priority[] = ['high', 'normal', 'low'];

const priority = fc.constantFrom(undefined, ...ORDER);

/** A place in the queue may be free a moment later than its job is seen to be at work. */
const TIMES_ASKED = 4;
const ASKED_AGAIN_MS = 100;

/** The state of each job at one moment or later; states only go forward. */
type Look = ReadonlyMap<ProgramJob, JobState>;

/**
 * Somebody asks for one range after the other while the provider holds its listings back, so that jobs wait; for one of them twice.
 * Nobody else may be asking, for the queue is everybody's.
 */
export const queues = stepKind(
  fc.record({
    provider: fc.nat({ max: 1 }),
    // A file keeps null in a list, and nothing that is undefined.
    priorities: fc.array(fc.constantFrom(null, ...ORDER), { minLength: 2, maxLength: 9, size: 'max' }),
    again: fc.record({ which: fc.nat({ max: 8 }), priority }),
    /** What the vault is started again with, so that the order of jobs shows, or where the queue ends. */
    room: fc.constantFrom({}, { concurrency: 1 }, { concurrency: 1, queueLimit: 2 }),
  }),
  async ({ provider, priorities, again, room = {} }, run, checker) => {
    const { environment, services, isAlone } = run.shared;
    await checker.untilAllEnded();
    if (!isAlone || services.ledger.indeterminate.length > 0) return;
    await startWith(run, room);
    const queue = new Queue(run, checker);
    const providerId = run.provider(provider);
    run.transcript.when(
      `"${providerId}" holds back its listings, and ranges are asked for with the priorities ${priorities.map((each) => each ?? 'none').join(', ')}, one of them once more`,
    );
    const held = environment.provider.arm(
      { kind: 'listing', providerId, within: run.scope.range },
      { kind: 'hold' },
      priorities.length,
    );
    run.faults.armed(held, { to: 'provider', how: 'may be tried again' }, providerId);
    for (const each of priorities) {
      await queue.ask({
        provider_id: providerId,
        range: { start: run.scope.at(run.jobs.length + 1), end: run.scope.at(SLOTS * SLOT_MS) },
        ...(each === null ? {} : { priority: each }),
      });
    }
    await queue.askAgain(again.which, again.priority);
    const waiting = await queue.waiting();
    held.release();
    await checker.untilAllEnded();
    queue.expectOrder(waiting);
  },
  {
    'a low one before a high one': ({ priorities }) =>
      priorities.includes('high') && priorities.indexOf('low') < priorities.lastIndexOf('high'),
    'one at a time': ({ room }) => room?.concurrency === 1,
    'more than may wait': ({ room, priorities }) => room?.queueLimit === 2 && priorities.length > 4,
  },
);

async function startWith(
  { shared, transcript }: ProgramRun,
  room: Partial<Pick<RunSettings, 'concurrency' | 'queueLimit'>>,
): Promise<void> {
  const { disturbances, environment, mayRestart } = shared;
  const wanted = { ...environment.vault.settings, ...room };
  if (!mayRestart || isDeepStrictEqual(wanted, environment.vault.settings)) return;
  transcript.given(
    `the vault is started again with a concurrency of ${wanted.concurrency} and a queue of ${wanted.queueLimit}`,
  );
  await disturbances.disturb('the vault is down', async () => {
    await environment.vault.stop();
    await environment.vault.start(wanted);
  });
}

/** Jobs that wait for one another. */
class Queue {
  readonly #run: ProgramRun;
  readonly #checker: Checker;
  readonly #jobs: ProgramJob[] = [];
  #last: Look = new Map();

  constructor(run: ProgramRun, checker: Checker) {
    this.#run = run;
    this.#checker = checker;
  }

  /** Asks for a range that no job is active for. @throws FindingError where the queue was too long, or not long enough */
  async ask(request: IngestRequest): Promise<void> {
    const { queueLimit } = this.#run.shared.environment.vault.settings;
    for (let time = 1; ; time += 1) {
      await this.#look();
      await this.#expectFewAtWork();
      // Whoever waits when it is asked for had waited before, and whoever waits afterwards waited then.
      const atMost = pendingIn(this.#last).length;
      const job = await this.#checker.ingest(request);
      await this.#look();
      const atLeast = pendingIn(this.#last).length;
      if (job !== undefined) this.#jobs.push(job);
      const isLong = job !== undefined && atLeast >= queueLimit;
      const isShort = job === undefined && atMost < queueLimit;
      this.#run.judge(
        ['OPS-10'],
        isLong
          ? `job ${job.jobId} is taken on while ${inWords(atLeast)}, where VAULT_QUEUE_LIMIT is ${queueLimit}`
          : undefined,
        isShort && time === TIMES_ASKED
          ? `an ingestion is turned away ${TIMES_ASKED} times while ${inWords(atMost)}, where VAULT_QUEUE_LIMIT is ${queueLimit}`
          : undefined,
      );
      if (!isShort) return;
      await pause(ASKED_AGAIN_MS);
    }
  }

  /** Asks once more for the range of a job; as long as that is active, it is the answer. @throws FindingError */
  async askAgain(which: number, priority: Priority | undefined): Promise<void> {
    const first = this.#jobs[which % Math.max(1, this.#jobs.length)];
    if (first === undefined) return;
    const { priority: _, ...request } = first.request;
    const again = await this.#checker.ingest({ ...request, ...(priority === undefined ? {} : { priority }) });
    await this.#look();
    const state = this.#last.get(first);
    const isRefused = again === undefined && state !== undefined && !isTerminal(state);
    this.#run.judge(
      ['OPS-11'],
      isRefused ? `the range of job ${first.jobId} is turned away, though that job is ${state}` : undefined,
    );
  }

  /** The jobs that wait now. */
  async waiting(): Promise<readonly ProgramJob[]> {
    await this.#look();
    return pendingIn(this.#last);
  }

  /** Jobs that waited together were begun by their priorities, where one is worked on at a time. @throws FindingError */
  expectOrder(waiting: readonly ProgramJob[]): void {
    const { provider, vault } = this.#run.shared.environment;
    if (vault.members.length > 1 || vault.settings.concurrency > 1) return;
    const begun = waiting
      .map(({ request }) => ({
        priority: request.priority ?? 'normal',
        place: provider.requests.findIndex((call) =>
          isAimedAt({ kind: 'listing', providerId: request.provider_id, range: request.range }, call),
        ),
      }))
      .filter(({ place }) => place >= 0)
      .sort((one, other) => one.place - other.place)
      .map(({ priority }) => priority);
    const ranks = begun.map((each) => ORDER.indexOf(each));
    const isRight = ranks.every((rank, index) => index === 0 || rank >= (ranks[index - 1] ?? 0));
    this.#run.judge(
      begun.length > 1 ? ['OPS-12'] : [],
      isRight ? undefined : `jobs that waited were begun in the order ${begun.join(', ')}`,
    );
  }

  /** No more jobs are processing at one moment than may be. */
  async #expectFewAtWork(): Promise<void> {
    const { vault } = this.#run.shared.environment;
    const most = vault.settings.concurrency * vault.members.length;
    const before = processingIn(this.#last);
    if (before.length <= most) return;
    // Whoever was seen so twice was so in between.
    await this.#look();
    const still = processingIn(this.#last).filter((job) => before.includes(job)).length;
    this.#run.judge(
      ['OPS-13'],
      still > most
        ? `${still} jobs are processing at once, where VAULT_CONCURRENCY is ${vault.settings.concurrency} and there ${vault.members.length === 1 ? 'is one vault' : `are ${vault.members.length} vaults`}`
        : undefined,
    );
  }

  async #look(): Promise<void> {
    const { watcher } = this.#run.shared.services;
    this.#last = new Map(
      await Promise.all(this.#jobs.map(async (job) => [job, (await watcher.look(job.jobId)).state] as const)),
    );
  }
}

function inWords(jobs: number): string {
  return jobs === 1 ? '1 job waits' : `${jobs} jobs wait`;
}

function pendingIn(look: Look): readonly ProgramJob[] {
  return [...look].filter(([, state]) => state === 'pending').map(([job]) => job);
}

function processingIn(look: Look): readonly ProgramJob[] {
  return [...look].filter(([, state]) => state === 'processing').map(([job]) => job);
}
