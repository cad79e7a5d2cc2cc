import type { Job } from '../../services/job-service';

/** All that can have befallen a job while it ran, as far as it can have met that job's own calls. */
export interface JobCircumstances {
  /** The most faults that one of its calls to the provider met and may be tried again after. */
  readonly providerFaults: number;
  /** The most faults that one of its uploads met and may be tried again after. */
  readonly uploadFaults: number;
  /** How often storage failed another call about one of its objects, where how a job takes that is the vault's own affair. */
  readonly storageFaults: number;
  /** The codes of the answers it met after which a job has to fail. */
  readonly refusals: ReadonlySet<string>;
  /** Whether an object of one of its logs was deleted or tampered with. */
  readonly damaged: boolean;
  /** For how long MongoDB was away, in milliseconds. */
  readonly metadataAwayMs: number;
  /** Whether nothing else can have met these circumstances in its stead. */
  readonly alone: boolean;
  /** Calls in all that a right vault makes before it gives up. */
  readonly maxAttempts: number;
  /** For how long the suite could not go on, at the longest: the vault may have been held up as well. */
  readonly heldUpMs: number;
  /** How long the vault waits for any call. */
  readonly callTimeoutMs: number;
}

/** An absence up to this is survived by every job (contract, section 4). */
const SURVIVED_ABSENCE_MS = 1_000;
/** Of the time that all tries of a call may take, the part that somebody has to be held up for to excuse them. */
const HELD_UP_SHARE = 10;

/** Says in words why a job must not have ended so; `undefined` when a vault may end it so (contract, sections 1, 2 and 4). */
export function wrongEnding(job: Job, circumstances: JobCircumstances): string | undefined {
  return job.state === 'completed' ? wrongCompletion(job, circumstances) : wrongFailure(job, circumstances);
}

/** By the code of a failure, the requirement that says when a job may fail so. */
const FAILING: Readonly<Record<string, string>> = {
  provider_unavailable: 'RES-12',
  provider_unauthorized: 'RES-13',
  provider_rejected: 'RES-14',
  storage_unavailable: 'RES-4',
  storage_rejected: 'RES-5',
  metadata_unavailable: 'RES-30',
};

/** Returns the requirements that are judged by how a job ended. */
export function endingPromises(
  { state, error }: Job,
  { providerFaults, uploadFaults, refusals, metadataAwayMs }: JobCircumstances,
): readonly string[] {
  if (state === 'failed') return ['API-18', FAILING[error?.code ?? ''] ?? 'API-2'];
  return [
    'API-16',
    ...[...refusals].map((code) => FAILING[code] ?? 'API-18'),
    ...(providerFaults > 0 ? ['RES-10'] : []),
    ...(uploadFaults > 0 ? ['RES-1'] : []),
    ...(metadataAwayMs > 0 ? ['RES-30'] : []),
  ];
}

function wrongCompletion({ jobId, s3Path }: Job, { alone, refusals }: JobCircumstances): string | undefined {
  if (s3Path === undefined) return `job ${jobId} completed without a manifest`;
  return alone && refusals.size > 0
    ? `job ${jobId} completed, though it met an answer after which it has to fail (${[...refusals].join(', ')})`
    : undefined;
}

function wrongFailure({ jobId, error, s3Path }: Job, circumstances: JobCircumstances): string | undefined {
  if (error === undefined) return `job ${jobId} failed without saying why`;
  if (s3Path !== undefined) return `job ${jobId} failed, but names the manifest ${s3Path}`;
  // What a vault does about a log whose object was lost or changed is its own affair.
  if (circumstances.damaged || explainedCodes(circumstances).includes(error.code)) return undefined;
  return `job ${jobId} failed with ${error.code} (${error.message}), which nothing it met explains: ${inWords(circumstances)}`;
}

function explainedCodes({
  providerFaults,
  uploadFaults,
  storageFaults,
  refusals,
  metadataAwayMs,
  maxAttempts,
  heldUpMs,
  callTimeoutMs,
}: JobCircumstances): readonly string[] {
  // On a busy machine a call may take too long though nobody made it fail, and all tries of one the less likely.
  const isHeldUp = heldUpMs > (callTimeoutMs * maxAttempts) / HELD_UP_SHARE;
  return [
    ...refusals,
    ...(isHeldUp ? ['provider_unavailable', 'storage_unavailable'] : []),
    ...(providerFaults >= maxAttempts ? ['provider_unavailable'] : []),
    ...(uploadFaults >= maxAttempts ? ['storage_unavailable'] : []),
    // Whether such a call is tried again is not said.
    ...(storageFaults > 0 ? ['storage_unavailable', 'storage_rejected'] : []),
    ...(metadataAwayMs > SURVIVED_ABSENCE_MS ? ['metadata_unavailable'] : []),
  ];
}

function inWords({
  providerFaults,
  uploadFaults,
  storageFaults,
  refusals,
  metadataAwayMs,
  maxAttempts,
}: JobCircumstances): string {
  const met = [
    providerFaults > 0 && `${providerFaults} faults of one call to the provider, of ${maxAttempts} attempts`,
    uploadFaults > 0 && `${uploadFaults} faults of one upload, of ${maxAttempts} attempts`,
    storageFaults > 0 && `${storageFaults} faults of reads, or of other calls that need not be tried again`,
    refusals.size > 0 && `an answer that means ${[...refusals].join(' or ')}`,
    metadataAwayMs > 0 && `MongoDB away for ${metadataAwayMs.toFixed(0)} ms`,
  ].filter((words) => words !== false);
  return met.length === 0 ? 'it met no fault' : `it met ${met.join('; ')}`;
}
