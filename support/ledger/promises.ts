/**
 * Which requirement is broken by what is found wrong beside the steps of a scenario: by the audit of the
 * ledger, in the answers and in the output of a vault. The one place where such findings meet
 * features/requirements.md; what is not here names no requirement, and is held against what its scenario is
 * about.
 */
export const PROMISES = {
  /** A raw answer is a version that the provider served. */
  servedBytes: 'FID-1',
  /** The checksum recorded is that of the stored bytes, wherever it is shown. */
  recordedChecksum: 'FID-2',
  /** A log that is described is stored. */
  objectFirst: 'CON-5',
  /** A log is known by its provider and its id there. */
  logIdentity: 'CON-12',
  /** A log has one record. */
  oneRecord: 'CON-13',
  /** The logs that a completed job listed can be read. */
  completedMeansReadable: 'API-2',
  /** A completed job has one manifest, where the contract says, and nobody else has one. */
  oneManifest: 'API-17',
  /** A log is filed and described as the contract says. */
  filedAndDescribed: 'API-22',
  /** Search shows logs by instant, then id. */
  searchOrder: 'API-30',
  /** Search shows what there is, each log once. */
  searchShowsAll: 'API-31',
  /** The vault keeps its own keys to itself. */
  ownKeysKept: 'SEC-2',
  /** An error is told in plain words. */
  plainErrors: 'SEC-3',
  /** A key that is to be tried is shown to the provider alone. */
  triedKeysKept: 'SEC-10',
} as const;

/** The id of a requirement that a finding can break. */
export type BrokenPromise = (typeof PROMISES)[keyof typeof PROMISES];
