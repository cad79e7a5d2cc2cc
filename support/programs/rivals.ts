import { overlaps } from '../ledger/ledger';
import type { ProgramJob, ProgramRun } from './program-run';

/** A process that was held up for a larger part of a lease may have lost it to another one. */
const LEASE_SHARE = 5;

/**
 * Whether all that was asked about a job's logs while it ran was asked by it, and by one process: nothing was disturbed, no other
 * job asked for any of them, and nobody was held up for so long that its lease may have run out.
 */
export function hadItsLogsToItself(run: ProgramRun, job: ProgramJob): boolean {
  const { disturbances, services, environment, stalls } = run.shared;
  const { request, askedMs, ended } = job;
  const endMs = ended?.atMs ?? performance.now();
  const { leaseMs } = environment.vault.settings;
  const isLong = endMs - askedMs >= leaseMs;
  return (
    !disturbances.wasDisturbed(askedMs) &&
    !(isLong && stalls.longestMs > leaseMs / LEASE_SHARE) &&
    !services.ledger.indeterminate.some((other) => overlaps(other, request)) &&
    !run.jobs.some(
      (other) =>
        other.jobId !== job.jobId &&
        overlaps(other.request, request) &&
        other.askedMs <= endMs &&
        (other.ended?.atMs ?? Number.POSITIVE_INFINITY) >= askedMs,
    )
  );
}
