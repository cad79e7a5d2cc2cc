import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { OutputTail } from '../../../support/environments/output-tail';
import { WORKER_FLAGS } from '../../../support/run/worker-flags';

/** Within what cleaning up may take here when the run is broken off: nobody is left to end it after that. */
const END_LIMIT_MS = 12_000;
const LAST_LINES = 8;

/** A process of TypeScript that is told what to do, and answers, by messages. */
export class WorkerProcess {
  readonly child: ChildProcess;
  readonly #errorOutput = new OutputTail();

  /**
   * @param entry the file that it runs
   * @param number its own, from 0 to `of` - 1
   * @param of how many there are
   * @param variables of its environment, beside those of this one
   */
  constructor(
    entry: string,
    readonly number: number,
    of: number,
    variables: Readonly<Record<string, string>> = {},
  ) {
    this.child = fork(entry, {
      execArgv: ['-r', 'ts-node/register', ...WORKER_FLAGS],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: {
        ...process.env,
        ...variables,
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        // As Cucumber numbers its own workers, so that no two share a database or a bucket.
        CUCUMBER_WORKER_ID: String(number),
        CUCUMBER_TOTAL_WORKERS: String(of),
      },
    });
    this.child.stderr?.on('data', (chunk: Buffer) => this.#errorOutput.push(chunk));
  }

  /** Sends a message; one that is gone does not hear it. */
  tell(message: object | string): void {
    this.child.send(message, () => undefined);
  }

  /** The last lines that it wrote to its error output. */
  get lastWords(): string {
    return this.#errorOutput.lastLines(LAST_LINES);
  }

  forgetWords(): void {
    this.#errorOutput.clear();
  }

  /** Asks it to end, makes it end where it has not after some seconds, and waits until it is gone. */
  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), END_LIMIT_MS);
    await gone;
    clearTimeout(timer);
  }
}
