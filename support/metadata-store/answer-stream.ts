import { Transform, type TransformCallback } from 'node:stream';

/** What MongoDB answers on one connection, on its way to the vault: it may come late, or be lost with its connection. */
export class AnswerStream extends Transform {
  readonly #delayMs: () => number;
  readonly #onLost: () => void;
  #losesNext = false;
  #isMute = false;

  /**
   * @param delayMs how much later than usual an answer comes that arrives now
   * @param onLost is called when an answer was lost
   */
  constructor(delayMs: () => number, onLost: () => void) {
    super();
    this.#delayMs = delayMs;
    this.#onLost = onLost;
  }

  /** Loses the next answer. */
  loseNext(): void {
    this.#losesNext = true;
  }

  /** Passes nothing on any more. */
  mute(): void {
    this.#isMute = true;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#losesNext) {
      this.mute();
      this.#onLost();
    }
    const delayMs = this.#delayMs();
    const pass = (): void => {
      if (this.#isMute) done();
      else done(null, chunk);
    };
    if (delayMs === 0) pass();
    else setTimeout(pass, delayMs);
  }
}
