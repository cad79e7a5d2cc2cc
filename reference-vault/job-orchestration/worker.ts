import { setTimeout as pause } from 'node:timers/promises';
import { messageOf, VaultFault } from '../faults';
import type { Logger } from '../logging';
import type { Claim, JobRepository } from '../persistence/job-repository';
import type { LogRepository } from '../persistence/log-repository';
import { Bell } from './bell';
import type { IngestionPipeline } from './ingestion-pipeline';
import { Lease, LeaseLost } from './lease';

/** Takes jobs from the queue and sees them through (contract section 4). */
export interface Worker {
  start(): void;
  /** There may be something new in the queue. */
  wake(): void;
  /**
   * Claims nothing more; lets jobs in hand finish for a moment, then releases them. Resolves when nothing is
   * in hand.
   */
  stop(): Promise<void>;
}

/** The vault stops, and the job goes back to whoever wants it. */
class PutDown extends Error {
  override readonly name = 'PutDown';
}

/** The collaborators of {@link ClaimingWorker}. */
export interface WorkerParts {
  readonly jobRepository: JobRepository;
  readonly logRepository: LogRepository;
  readonly pipeline: IngestionPipeline;
  readonly logger: Logger;
  readonly concurrency: number;
  readonly leaseMs: number;
  readonly bucket: string;
}

/** How soon a job is noticed that another process queued, or let go by dying. */
const LONGEST_POLL_MS = 250;
/** How long jobs in hand may go on when the vault stops; whoever sends SIGTERM gives 5 s. */
const GRACE_MS = 1500;

/** Claims one job after the other while it has hands free. */
export class ClaimingWorker implements Worker {
  readonly #inHand = new Map<Promise<void>, AbortController>();
  readonly #bell = new Bell();
  #loop: Promise<void> = Promise.resolve();
  #stopping = false;

  constructor(private readonly parts: WorkerParts) {}

  start(): void {
    this.#loop = this.#claimJobs();
  }

  wake(): void {
    this.#bell.ring();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#bell.ring();
    const putDown = new AbortController();
    const grace = pause(GRACE_MS, undefined, { signal: putDown.signal }).then(
      () => {
        for (const controller of this.#inHand.values()) controller.abort(new PutDown('the vault stops'));
      },
      () => {},
    );
    await this.#loop;
    await Promise.all(this.#inHand.keys());
    putDown.abort();
    await grace;
  }

  async #claimJobs(): Promise<void> {
    const pollMs = Math.min(LONGEST_POLL_MS, this.parts.leaseMs / 4);
    while (!this.#stopping) {
      const claim = this.#inHand.size < this.parts.concurrency ? await this.#claim() : undefined;
      if (claim === undefined) await this.#bell.rung(pollMs);
      else this.#take(claim);
    }
  }

  async #claim(): Promise<Claim | undefined> {
    try {
      return await this.parts.jobRepository.claim();
    } catch (error) {
      this.parts.logger.warn('no job claimed', { reason: messageOf(error) });
      return undefined;
    }
  }

  #take(claim: Claim): void {
    const controller = new AbortController();
    if (this.#stopping) controller.abort(new PutDown('the vault stops'));
    const work = this.#seeThrough(claim, controller).finally(() => {
      this.#inHand.delete(work);
      this.#bell.ring();
    });
    this.#inHand.set(work, controller);
  }

  /** Never rejects: whatever happens, the job is ended, released, or left to its lease. */
  async #seeThrough(claim: Claim, controller: AbortController): Promise<void> {
    const { jobRepository, logRepository, pipeline, logger, leaseMs, bucket } = this.parts;
    const jobId = claim.job._id;
    logger.info('job claimed', { job_id: jobId, resumed: claim.resumed });
    const lease = new Lease(jobRepository, claim, leaseMs, logger, (lost) => controller.abort(lost));
    try {
      const manifestKey = await pipeline.run(claim, controller.signal);
      const metrics = await logRepository.metricsOf(jobId);
      await jobRepository.complete(claim, `s3://${bucket}/${manifestKey}`, metrics);
      logger.info('job completed', { job_id: jobId, ...metrics });
    } catch (error) {
      lease.letGo();
      await this.#giveUp(claim, error).catch((cause: unknown) => {
        logger.warn('job left to its lease', { job_id: jobId, reason: messageOf(cause) });
      });
    } finally {
      lease.letGo();
    }
  }

  async #giveUp(claim: Claim, error: unknown): Promise<void> {
    const { jobRepository, logRepository, logger } = this.parts;
    const jobId = claim.job._id;
    if (error instanceof LeaseLost) {
      logger.warn('job lost', { job_id: jobId });
      return;
    }
    const metadataAway =
      error instanceof VaultFault && error.code === 'metadata_unavailable' && error.transient;
    if (error instanceof PutDown || metadataAway) {
      // Without MongoDB the job cannot be ended anyway: whoever comes first, once it is back, goes on with
      // it.
      logger.info('job released', { job_id: jobId, reason: messageOf(error) });
      await jobRepository.release(claim);
      return;
    }
    const failure =
      error instanceof VaultFault
        ? { code: error.code, message: error.message }
        : ({ code: 'internal_error', message: 'The vault itself failed.' } as const);
    logger.error('job failed', { job_id: jobId, code: failure.code, reason: messageOf(error) });
    await jobRepository.fail(claim, failure, await logRepository.metricsOf(jobId));
  }
}
