/** What an object is labelled with in S3: its user metadata, by names in lower case. */
export type UserMetadata = Readonly<Record<string, string>>;

/**
 * The objects in the bucket, seen by the suite itself, past the faults: for reading what a vault stored, and
 * for tampering with it, deleting it and putting it back.
 */
export interface ObjectContents {
  /** In words, for the verdict: `S3 in memory (aws-sdk-client-mock)`, `fauxqs 1.9.2`, … */
  readonly description: string;
  /** The stored bytes; `undefined` when there is no such object. */
  get(key: string): Promise<Buffer | undefined>;
  /** The user metadata of an object; empty when there is none, or no such object. */
  userMetadataOf(key: string): Promise<UserMetadata>;
  /** Stores an object in place of another, with this user metadata and no other. */
  put(key: string, bytes: Uint8Array, userMetadata?: UserMetadata): Promise<void>;
  delete(key: string): Promise<void>;
  /** Every key in the bucket. */
  keys(): Promise<readonly string[]>;
  /** Deletes every object; the bucket stays. */
  empty(): Promise<void>;
}
