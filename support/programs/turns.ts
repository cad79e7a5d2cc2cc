/** Has things done one after the other, whoever wants them done. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Waits for its turn, and returns what is done in it. */
  async take<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(act);
    this.#last = turn.catch(() => undefined);
    return await turn;
  }
}
