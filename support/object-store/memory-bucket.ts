import type { ObjectContents, UserMetadata } from './object-contents';

interface StoredObject {
  readonly bytes: Buffer;
  readonly userMetadata: UserMetadata;
}

/** A bucket in memory: the store behind the S3 client mock. */
export class MemoryBucket implements ObjectContents {
  readonly description = 'S3 in memory (aws-sdk-client-mock)';
  readonly #objects = new Map<string, StoredObject>();

  async get(key: string): Promise<Buffer | undefined> {
    return this.#objects.get(key)?.bytes;
  }

  async userMetadataOf(key: string): Promise<UserMetadata> {
    return this.#objects.get(key)?.userMetadata ?? {};
  }

  /** Keeps these very bytes: whoever hands them over must not change them any more. */
  async put(key: string, bytes: Uint8Array, userMetadata: UserMetadata = {}): Promise<void> {
    this.#objects.set(key, {
      bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      userMetadata: inLowerCase(userMetadata),
    });
  }

  async delete(key: string): Promise<void> {
    this.#objects.delete(key);
  }

  async keys(): Promise<readonly string[]> {
    return [...this.#objects.keys()].sort();
  }

  async empty(): Promise<void> {
    this.#objects.clear();
  }

  has(key: string): boolean {
    return this.#objects.has(key);
  }
}

/** As S3 gives the names back: they travel as headers. */
function inLowerCase(userMetadata: UserMetadata): UserMetadata {
  return Object.fromEntries(Object.entries(userMetadata).map(([name, value]) => [name.toLowerCase(), value]));
}
