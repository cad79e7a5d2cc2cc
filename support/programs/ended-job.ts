import { throughout } from '../assertions/eventually';
import type { ProgramJob, ProgramRun } from './program-run';

/** Whoever goes on after the end of a job writes soon. */
const WATCHED_MS = 300;

/**
 * Watches for a while that an ended job stays as it ended, and that it counts all that was ever written for it.
 * @throws FindingError
 */
export async function staysAsItEnded(
  run: ProgramRun,
  { jobId, ended }: ProgramJob,
  windowMs = WATCHED_MS,
): Promise<void> {
  if (ended === undefined) return;
  const { jobs, manifests } = run.shared.services;
  const { disturbances } = run.shared;
  const startMs = performance.now();
  const wrong = async (): Promise<string | undefined> => {
    try {
      await manifests.expectExactCounts(ended.job);
      const now = await jobs.get(jobId);
      return JSON.stringify(now) === JSON.stringify(ended.job)
        ? undefined
        : `job ${jobId} changed after its end, from ${JSON.stringify(ended.job)} to ${JSON.stringify(now)}`;
    } catch (error) {
      if (error instanceof Error && error.name === 'AssertionError') return `after its end: ${error.message}`;
      if (disturbances.wasDisturbed(startMs)) return undefined;
      throw error;
    }
  };
  let seen: string | undefined;
  await throughout(
    async () => {
      seen = await wrong();
      return seen;
    },
    (words) => words === undefined,
    { windowMs, what: `job ${jobId} to stay as it ended` },
  ).catch((error: unknown) => {
    if (seen === undefined) throw error;
  });
  run.judge(['API-1', 'API-15'], seen);
}
