import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { SuiteError } from '../../support/bytes/errors';
import { OutputTail } from '../../support/environments/output-tail';
import { RunGuard } from '../../support/process/run-guard';
import type { TallyCounts } from '../../support/programs/tally';
import { WORKER_FLAGS } from '../../support/run/worker-flags';
import type { Part } from './exploration';
import type { ExploreOptions } from './options';

const ENTRY = path.join(__dirname, 'explore-worker.ts');
const LAST_LINES = 8;

/** A message to a worker: what to explore, once, and that it is enough. */
export type ToWorker = { readonly options: ExploreOptions; readonly part: Part } | 'stop';

/** A message of a worker; nothing comes after its end. */
export type FromWorker =
  | { readonly is: 'going on'; readonly counts: TallyCounts }
  | { readonly is: 'broken' }
  | { readonly is: 'done'; readonly lines: readonly string[] | undefined }
  | { readonly is: 'unable'; readonly reason: string };

/** A failure that a worker found, as it is printed. */
type FailureLines = readonly string[];

/** Processes that explore beside this one, which is the first of them. */
export class ExploreWorkers {
  readonly #children: readonly ChildProcess[];
  readonly #counts = new Map<ChildProcess, TallyCounts>();
  readonly #ends: readonly Promise<FailureLines | undefined>[];

  /**
   * @param of how many processes share the seeds, this one included
   * @param onBroken told when one of them found a promise broken
   */
  constructor(options: ExploreOptions, of: number, onBroken: () => void) {
    const parts = Array.from({ length: of - 1 }, (_, index) => ({ number: index + 1, of }));
    this.#children = parts.map(start);
    RunGuard.start().onEnd(() => this.#end());
    this.#ends = this.#children.map(async (child, index): Promise<FailureLines | undefined> => {
      const errorOutput = new OutputTail();
      child.stderr?.on('data', (chunk: Buffer) => errorOutput.push(chunk));
      const end = new Promise<FailureLines | undefined>((resolve, reject) => {
        child.on('message', (message: FromWorker) => {
          if (message.is === 'going on') this.#counts.set(child, message.counts);
          else if (message.is === 'broken') onBroken();
          else if (message.is === 'done') resolve(message.lines);
          else reject(new SuiteError(message.reason));
        });
        child.once('exit', () =>
          reject(new SuiteError(`A worker ended before its work: ${errorOutput.lastLines(LAST_LINES)}`)),
        );
      });
      const part = parts[index];
      if (part !== undefined) tell(child, { options, part });
      return await end;
    });
  }

  /** What all of them did so far. */
  get counts(): readonly TallyCounts[] {
    return [...this.#counts.values()];
  }

  /** Has them begin no other round, unless one is looking for a shorter program. */
  stop(): void {
    for (const child of this.#children) tell(child, 'stop');
  }

  /** Waits until all have done their part. @returns what they found @throws SuiteError where one could not judge, and none found anything */
  async failures(): Promise<readonly FailureLines[]> {
    const ended = await Promise.allSettled(this.#ends);
    const found = ended.flatMap((end) =>
      end.status === 'fulfilled' && end.value !== undefined ? [end.value] : [],
    );
    const unable = ended.find((end) => end.status === 'rejected');
    if (found.length === 0 && unable !== undefined) throw unable.reason;
    return found;
  }

  async #end(): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const gone = once(child, 'exit');
        child.kill('SIGTERM');
        await gone;
      }),
    );
  }
}

function start({ number, of }: Part): ChildProcess {
  return fork(ENTRY, {
    execArgv: ['-r', 'ts-node/register', ...WORKER_FLAGS],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // As Cucumber numbers its own workers, so that no two share a database or a bucket.
    env: { ...process.env, CUCUMBER_WORKER_ID: String(number), CUCUMBER_TOTAL_WORKERS: String(of) },
  });
}

function tell(child: ChildProcess, message: ToWorker): void {
  child.send(message, () => undefined);
}
