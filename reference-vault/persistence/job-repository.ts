import { ObjectId } from 'mongodb';
import type { IngestRequest, JobDocument, JobFailure, JobMetrics } from './documents';

import { isDuplicate, type MetadataStore } from './metadata-store';

/** As many jobs are pending as may be: the request is refused and leaves nothing behind. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

/** A job in the hands of this process, as long as its lease is renewed. */
export interface Claim {
  readonly job: JobDocument;
  /** True when someone had the job in hand before and did not finish it. */
  readonly resumed: boolean;
}

/**
 * The `jobs` collection: the queue, the leases and the states, which only go forward (contract sections 1 and
 * 4). Every call throws VaultFault `metadata_unavailable`.
 */
export interface JobRepository {
  /**
   * The active job for the request, a new one if there is none. `ahead` is how many jobs were pending before
   * it.
   *
   * @throws QueueFull
   */
  submit(request: IngestRequest): Promise<{ readonly jobId: string; readonly ahead: number }>;
  find(jobId: string): Promise<JobDocument | undefined>;
  /**
   * Takes the next free job: one whose holder is gone before a pending one, then by priority, then the
   * oldest.
   */
  claim(): Promise<Claim | undefined>;
  /** Holds the job for another lease; false says that it was lost to someone else. */
  renew(claim: Claim): Promise<boolean>;
  /** These three end a claim. A claim that was lost changes nothing. */
  complete(claim: Claim, s3Path: string, metrics: JobMetrics): Promise<void>;
  fail(claim: Claim, failure: JobFailure, metrics: JobMetrics): Promise<void>;
  /** The job stays `processing`, for states never go backwards, but anyone may claim it at once. */
  release(claim: Claim): Promise<void>;
}

const PRIORITY_RANKS = { high: 0, normal: 1, low: 2 } as const;
const LONG_AGO = new Date(0);
/**
 * `processing` before `pending`: what was begun is finished first, so that a recovering vault does not pile
 * up open jobs.
 */
const CLAIM_ORDER = { state: -1, priority_rank: 1, created_at: 1, _id: 1 } as const;

/**
 * Everything that must be exact rests on a unique index or on a compare-and-set by `updateOne`, judged by the
 * count of what it changed: right on any MongoDB, with any number of processes. Leases compare clocks, so
 * these must agree within a fraction of a lease.
 */
export class MongoJobRepository implements JobRepository {
  constructor(
    private readonly store: MetadataStore,
    private readonly limits: { readonly leaseMs: number; readonly queueLimit: number },
  ) {}

  async submit(request: IngestRequest): Promise<{ readonly jobId: string; readonly ahead: number }> {
    // The id is fixed before the first attempt: an insert whose answer was lost is recognised as our own.
    const jobId = `job_${new ObjectId().toHexString()}`;
    return await this.store.run(async ({ jobs }) => {
      for (;;) {
        const mine = [{ _id: jobId }, { active_key: request.coalescingKey }];
        const seen = await jobs
          .find(
            { $or: [{ state: 'pending' }, ...mine] },
            { projection: { state: 1, active_key: 1, queue_slot: 1 } },
          )
          .toArray();
        const pending = seen.filter(({ state }) => state === 'pending');
        const active = seen.find(
          ({ _id, active_key }) => _id === jobId || active_key === request.coalescingKey,
        );
        if (active !== undefined) return { jobId: active._id, ahead: pending.length };
        const slot = freeSlot(new Set(pending.map(({ queue_slot }) => queue_slot)), this.limits.queueLimit);
        if (slot === undefined) throw new QueueFull('The queue is full.');
        try {
          await jobs.insertOne(newJob(jobId, slot, request));
          return { jobId, ahead: pending.length };
        } catch (error) {
          // Someone else got the slot or the coalescing key in between, and so got on: look again.
          if (!isDuplicate(error)) throw error;
        }
      }
    });
  }

  async find(jobId: string): Promise<JobDocument | undefined> {
    return (await this.store.run(({ jobs }) => jobs.findOne({ _id: jobId }))) ?? undefined;
  }

  async claim(): Promise<Claim | undefined> {
    return await this.store.run(async ({ jobs }) => {
      for (;;) {
        const free = await jobs.findOne(
          { state: { $in: ['processing', 'pending'] }, lease_until: { $lt: new Date() } },
          { sort: CLAIM_ORDER },
        );
        if (free === null) return undefined;
        const { _id, state, claims } = free;
        const taken = {
          state: 'processing',
          queue_slot: _id,
          lease_until: this.#leaseEnd(),
          claims: claims + 1,
        } as const;
        const { modifiedCount } = await jobs.updateOne({ _id, state, claims }, { $set: taken });
        if (modifiedCount === 1) return { job: { ...free, ...taken }, resumed: state === 'processing' };
      }
    });
  }

  async renew(claim: Claim): Promise<boolean> {
    return await this.#update(claim, { lease_until: this.#leaseEnd() });
  }

  async complete(claim: Claim, s3Path: string, metrics: JobMetrics): Promise<void> {
    await this.#update(claim, { ...ended(claim), state: 'completed', s3_path: s3Path, metrics });
  }

  async fail(claim: Claim, failure: JobFailure, metrics: JobMetrics): Promise<void> {
    await this.#update(claim, { ...ended(claim), state: 'failed', error: failure, metrics });
  }

  async release(claim: Claim): Promise<void> {
    // The count goes up: a renewal that is still on its way cannot take the lease back.
    await this.#update(claim, { lease_until: LONG_AGO, claims: claim.job.claims + 1 });
  }

  async #update({ job }: Claim, change: Partial<JobDocument>): Promise<boolean> {
    const held = { _id: job._id, state: 'processing', claims: job.claims } as const;
    const { matchedCount } = await this.store.run(({ jobs }) => jobs.updateOne(held, { $set: change }));
    return matchedCount === 1;
  }

  #leaseEnd(): Date {
    return new Date(Date.now() + this.limits.leaseMs);
  }
}

function newJob(jobId: string, slot: number, request: IngestRequest): JobDocument {
  return {
    _id: jobId,
    provider_id: request.providerId,
    range: request.range,
    priority: request.priority,
    priority_rank: PRIORITY_RANKS[request.priority],
    state: 'pending',
    created_at: new Date(),
    active_key: request.coalescingKey,
    queue_slot: slot,
    lease_until: LONG_AGO,
    claims: 0,
  };
}

/** An ended job frees its coalescing key. */
function ended({ job }: Claim): Partial<JobDocument> {
  return { active_key: job._id };
}

/** Any free slot: at random, so that requests that come at once seldom want the same. */
function freeSlot(taken: ReadonlySet<unknown>, queueLimit: number): number | undefined {
  if (taken.size >= queueLimit) return undefined;
  const from = Math.floor(Math.random() * queueLimit);
  for (let step = 0; step < queueLimit; step += 1) {
    const slot = (from + step) % queueLimit;
    if (!taken.has(slot)) return slot;
  }
  return undefined;
}
