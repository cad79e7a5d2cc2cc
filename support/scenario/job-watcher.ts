import { AnswerError } from '../../services/answer';
import { isTerminal, type Job, type JobService, type JobState, jobStates } from '../../services/job-service';
import { TimeoutError, throughout } from '../assertions/eventually';
import type { Patience } from '../environments/patience';

/** A job did what no job may do. */
export class JobLifeError extends Error {
  override readonly name = 'JobLifeError';
}

/** The vault ended by itself while it was needed. */
export class VaultCrashError extends Error {
  override readonly name = 'VaultCrashError';
}

/**
 * Follows jobs through their life; every state seen counts, whoever looked (contract, section 1, job states).
 */
export class JobWatcher {
  readonly #jobs: Pick<JobService, 'get'>;
  readonly #patience: Pick<Patience, 'eventually' | 'neverMs'>;
  readonly #crash: () => string | undefined;
  readonly #onEnd: () => Promise<void>;
  readonly #seen = new Map<string, JobState[]>();
  readonly #inVain = new Set<string>();

  /**
   * @param crash how the vault ended though nobody asked it to; `undefined` while it runs.
   * @param onEnd is called when a job was first seen to have ended
   */
  constructor(
    jobs: Pick<JobService, 'get'>,
    patience: Pick<Patience, 'eventually' | 'neverMs'>,
    crash: () => string | undefined,
    onEnd: () => Promise<void> = async () => undefined,
  ) {
    this.#jobs = jobs;
    this.#patience = patience;
    this.#crash = crash;
    this.#onEnd = onEnd;
  }

  /** The states a job was seen in, in order, repetitions left out. */
  statesOf(jobId: string): readonly JobState[] {
    return this.#seen.get(jobId) ?? [];
  }

  /**
   * Looks once. @throws JobLifeError when the job went backwards or changed after its end, VaultCrashError
   */
  async look(jobId: string): Promise<Job> {
    const crash = this.#crash();
    if (crash !== undefined) throw new VaultCrashError(crash);
    const job = await this.#jobs.get(jobId);
    if (job.jobId !== jobId)
      throw new JobLifeError(`asked for job ${jobId}, the vault answered with job ${job.jobId}`);
    const seen = this.#seen.get(jobId) ?? [];
    const last = seen.at(-1);
    if (last !== job.state) {
      this.#seen.set(jobId, [...seen, job.state]);
      if (isTerminal(job.state)) await this.#onEnd();
      if (last !== undefined && !follows(last, job.state)) {
        throw new JobLifeError(
          `job ${jobId} went from ${last} to ${job.state} (states seen: ${this.statesOf(jobId).join(' -> ')})`,
        );
      }
    }
    return job;
  }

  /**
   * Watches a job until it ends; one that was waited for in vain before is only looked at.
   * @param withinMs as long as a job may take, when absent
   * @throws JobLifeError, TimeoutError, AnswerError, NoAnswerError
   */
  async untilEnded(jobId: string, withinMs?: number): Promise<Job> {
    if (this.#inVain.has(jobId)) return await this.#hasEnded(jobId);
    try {
      return await this.#patience.eventually(
        () => this.look(jobId),
        ({ state }) => isTerminal(state),
        { withinMs, everyMs: 50, what: `job ${jobId} to end`, isFinal },
      );
    } catch (error) {
      if (error instanceof TimeoutError) this.#inVain.add(jobId);
      throw error;
    }
  }

  async #hasEnded(jobId: string): Promise<Job> {
    const job = await this.look(jobId);
    if (isTerminal(job.state)) return job;
    throw new JobLifeError(`job ${jobId}, which was waited for in vain before, is still ${job.state}`);
  }

  /** Watches a job until it is in a state. @throws as `untilEnded` does */
  async untilState(jobId: string, state: JobState): Promise<Job> {
    return await this.#patience.eventually(
      () => this.look(jobId),
      (job) => job.state === state,
      { what: `job ${jobId} to be ${state}`, isFinal },
    );
  }

  /** Watches an ended job for the "never" window: it has to stay as it is. */
  async staysEnded(jobId: string): Promise<void> {
    const ended = await this.look(jobId);
    const expected = JSON.stringify(ended);
    await throughout(
      () => this.look(jobId),
      (job) => JSON.stringify(job) === expected,
      { windowMs: this.#patience.neverMs, what: `job ${jobId} to stay ${ended.state}` },
    );
  }
}

function follows(before: JobState, after: JobState): boolean {
  return !isTerminal(before) && jobStates.indexOf(after) > jobStates.indexOf(before);
}

/**
 * While MongoDB is away a vault answers 503, and while it restarts it does not answer; anything else will not
 * get better.
 */
function isFinal(error: unknown): boolean {
  return (
    error instanceof JobLifeError ||
    error instanceof VaultCrashError ||
    (error instanceof AnswerError && error.status !== 503)
  );
}
