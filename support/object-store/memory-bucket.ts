import type { ObjectContents } from './object-contents';

/** A bucket in memory: the store behind the S3 client mock. */
export class MemoryBucket implements ObjectContents {
  readonly description = 'S3 in memory (aws-sdk-client-mock)';
  readonly #objects = new Map<string, Buffer>();

  async get(key: string): Promise<Buffer | undefined> {
    return this.#objects.get(key);
  }

  /** Keeps these very bytes: whoever hands them over must not change them any more. */
  async put(key: string, bytes: Uint8Array): Promise<void> {
    this.#objects.set(key, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
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
