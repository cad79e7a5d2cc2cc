const KEPT_BYTES = 64 * 1024;

/** The last of what a process wrote: a vault that floods its output must not fill the suite's memory. */
export class OutputTail {
  #chunks: Buffer[] = [];
  #keptBytes = 0;
  #writtenBytes = 0;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#keptBytes += chunk.byteLength;
    this.#writtenBytes += chunk.byteLength;
    while (this.#keptBytes > KEPT_BYTES && this.#chunks.length > 1) {
      this.#keptBytes -= this.#chunks.shift()?.byteLength ?? 0;
    }
  }

  /** The tail as text; says how much went before it. */
  text(): string {
    const tail = Buffer.concat(this.#chunks).subarray(-KEPT_BYTES);
    const before = this.#writtenBytes - tail.byteLength;
    return before === 0 ? tail.toString() : `(${before} bytes before this)\n${tail.toString()}`;
  }

  /** The last lines, for one sentence. */
  lastLines(count: number): string {
    return this.text().trimEnd().split('\n').slice(-count).join('\n');
  }

  clear(): void {
    this.#chunks = [];
    this.#keptBytes = 0;
    this.#writtenBytes = 0;
  }
}
