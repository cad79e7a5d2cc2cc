import path from 'node:path';
import { SuiteError } from '../../support/bytes/errors';
import { RunGuard } from '../../support/process/run-guard';
import type { TallyCounts } from '../../support/programs/tally';
import { WorkerProcess } from '../defects/runner/worker-process';
import type { Part } from './exploration';
import type { ExploreOptions } from './options';

const ENTRY = path.join(__dirname, 'explore-worker.ts');

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
  readonly #workers: readonly WorkerProcess[];
  readonly #counts = new Map<WorkerProcess, TallyCounts>();
  readonly #ends: readonly Promise<FailureLines | undefined>[];

  /**
   * @param of how many processes share the seeds, this one included
   * @param onBroken told when one of them found a promise broken
   */
  constructor(options: ExploreOptions, of: number, onBroken: () => void) {
    this.#workers = Array.from({ length: of - 1 }, (_, index) => new WorkerProcess(ENTRY, index + 1, of));
    RunGuard.start().onEnd(async () => {
      await Promise.all(this.#workers.map((worker) => worker.end()));
    });
    this.#ends = this.#workers.map(async (worker) => {
      const end = this.#endOf(worker, onBroken);
      tell(worker, { options, part: { number: worker.number, of } });
      return await end;
    });
  }

  /** What all of them did so far. */
  get counts(): readonly TallyCounts[] {
    return [...this.#counts.values()];
  }

  /** Has them begin no other round, unless one is looking for a shorter program. */
  stop(): void {
    for (const worker of this.#workers) tell(worker, 'stop');
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

  async #endOf(worker: WorkerProcess, onBroken: () => void): Promise<FailureLines | undefined> {
    return await new Promise((resolve, reject) => {
      worker.child.on('message', (message: FromWorker) => {
        if (message.is === 'going on') this.#counts.set(worker, message.counts);
        else if (message.is === 'broken') onBroken();
        else if (message.is === 'done') resolve(message.lines);
        else reject(new SuiteError(message.reason));
      });
      worker.child.once('exit', () =>
        reject(new SuiteError(`A worker ended before its work: ${worker.lastWords}`)),
      );
    });
  }
}

function tell(worker: WorkerProcess, message: ToWorker): void {
  worker.tell(message);
}
