import type { InstantRange } from '../bytes/instant';

/** A version of a payload that a vault was given whole: what it may store. */
export interface ServedPayload {
  readonly providerId: string;
  readonly sourceId: string;
  readonly checksum: string;
  readonly bytes: number;
}

/** The logs that a listing named: a job over that range has to store them. */
export interface ServedListing {
  readonly providerId: string;
  readonly range: InstantRange;
  readonly sourceIds: readonly string[];
}
