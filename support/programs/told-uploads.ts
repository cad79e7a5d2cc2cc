import type { ObjectAttempt } from '../object-store/bucket-script';
import { NotOfThisShape } from '../profile/not-of-this-shape';
import type { ProgramLog, ProgramRun } from './program-run';

/**
 * Returns the uploads of a log. Where nothing tells them from those of another log there are none to judge:
 * keys are opaque, and both have the same bytes.
 */
export async function toldUploadsOf(
  { shared }: ProgramRun,
  { now }: Pick<ProgramLog, 'now'>,
): Promise<readonly ObjectAttempt[]> {
  const { sight } = await shared.services.finder.locate(now);
  try {
    return shared.environment.bucket.uploadsOf(sight());
  } catch (error) {
    if (!(error instanceof NotOfThisShape)) throw error;
    return [];
  }
}
