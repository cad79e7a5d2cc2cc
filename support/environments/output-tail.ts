const KEPT_BYTES = 64 * 1024;

/** The last of what a process wrote: a vault that floods its output must not fill the suite's memory. */
export class OutputTail {
  #chunks: Buffer[] = [];
  #bytes = 0;
  #dropped = 0;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.byteLength;
    while (this.#bytes > KEPT_BYTES && this.#chunks.length > 1) {
      const first = this.#chunks.shift();
      this.#bytes -= first?.byteLength ?? 0;
      this.#dropped += first?.byteLength ?? 0;
    }
  }

  /** The tail as text; says how much went before it. */
  text(): string {
    const tail = Buffer.concat(this.#chunks).subarray(-KEPT_BYTES).toString();
    return this.#dropped === 0 ? tail : `(${this.#dropped} bytes before this)\n${tail}`;
  }

  /** The last lines, for one sentence. */
  lastLines(count: number): string {
    return this.text().trimEnd().split('\n').slice(-count).join('\n');
  }

  clear(): void {
    this.#chunks = [];
    this.#bytes = 0;
    this.#dropped = 0;
  }
}
