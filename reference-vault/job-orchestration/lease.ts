import { messageOf } from '../faults';
import type { Logger } from '../logging';
import type { Claim, JobRepository } from '../persistence/job-repository';

/** Someone else has the job now: this process must leave it alone. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** Renews a claim's lease three times per lease until it is let go. */
export class Lease {
  #timer: NodeJS.Timeout | undefined;
  #held = true;

  constructor(
    private readonly jobs: JobRepository,
    private readonly claim: Claim,
    private readonly leaseMs: number,
    private readonly logger: Logger,
    private readonly onLost: (reason: LeaseLost) => void,
  ) {
    this.#schedule();
  }

  letGo(): void {
    this.#held = false;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (!this.#held) return;
    this.#timer = setTimeout(() => void this.#renew(), this.leaseMs / 3);
  }

  async #renew(): Promise<void> {
    try {
      const renewed = await this.jobs.renew(this.claim);
      if (!renewed && this.#held) {
        this.letGo();
        this.onLost(new LeaseLost(`lost the lease of ${this.claim.job._id}`));
      }
    } catch (error) {
      // MongoDB is away. The lease may run out, but then nobody can take it either.
      this.logger.warn('lease not renewed', { job_id: this.claim.job._id, reason: messageOf(error) });
    }
    this.#schedule();
  }
}
