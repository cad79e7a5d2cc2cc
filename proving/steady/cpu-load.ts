import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Looks up now and then whether its parent still lives: nobody else would end it after a `kill -9`. */
const BUSY_LOOP = `
const parent = process.ppid;
for (let turn = 1; process.ppid === parent; turn += 1) for (let n = 0; n < 1e7; n += 1);
`;

/**
 * Busy loops in processes of their own, which take the processors away from everybody else until they are
 * ended.
 */
export class CpuLoad {
  readonly #loops: readonly ChildProcess[];

  /** @param loops how many; each keeps one processor busy */
  constructor(loops: number) {
    this.#loops = Array.from({ length: loops }, () =>
      spawn(process.execPath, ['-e', BUSY_LOOP], { stdio: 'ignore' }),
    );
  }

  /** The processes' ids. */
  get ids(): readonly number[] {
    return this.#loops.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  }

  /** Ends them at once. */
  kill(): void {
    for (const loop of this.#loops) loop.kill('SIGKILL');
  }

  /** Ends them and waits until they are gone. */
  async end(): Promise<void> {
    const running = this.#loops.filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    );
    const gone = running.map((loop) => once(loop, 'exit'));
    this.kill();
    await Promise.all(gone);
  }
}
