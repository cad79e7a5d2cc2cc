import { availableParallelism } from 'node:os';
import path from 'node:path';
import { SuiteError } from '../../support/bytes/errors';
import { RunGuard } from '../../support/process/run-guard';
import type { TallyCounts } from '../../support/programs/tally';
import { WorkerProcess } from '../defects/runner/worker-process';
import { type Part, SEED_ROUNDS } from './exploration';
import type { ExploreOptions } from './options';

/** Each has a vault and some 400 MiB. */
const MOST_UNASKED = 16;
const ENTRY = path.join(__dirname, 'explore-worker.ts');

/** A message to a worker: what to explore, once, and that it is enough. */
export type ToWorker = { readonly options: ExploreOptions; readonly part: Part } | 'stop';

/** A message of a worker; nothing comes after its end. */
export type FromWorker =
  | { readonly is: 'going on'; readonly counts: TallyCounts }
  | { readonly is: 'broken'; readonly requirements: readonly string[] }
  | { readonly is: 'done'; readonly lines: readonly string[] | undefined }
  | { readonly is: 'unable'; readonly reason: string };

/** A failure that a worker found, as it is printed. */
type FailureLines = readonly string[];

/** Processes that explore beside this one. */
export class ExploreWorkers {
  readonly #workers: readonly WorkerProcess[];
  readonly #counts = new Map<WorkerProcess, TallyCounts>();
  readonly #ends: readonly Promise<FailureLines | undefined>[];
  readonly #forget: () => void;

  /**
   * @param parts which part of the seeds each process takes
   * @param onBroken told when one of them found a promise broken, and which requirements
   * @param variables of their environment, beside those of this one
   */
  constructor(
    options: ExploreOptions,
    parts: readonly Part[],
    onBroken: (requirements: readonly string[]) => void,
    variables: Readonly<Record<string, string>> = {},
  ) {
    const started = parts.map((part) => ({
      part,
      worker: new WorkerProcess(ENTRY, part.number, part.of, variables),
    }));
    this.#workers = started.map(({ worker }) => worker);
    this.#forget = RunGuard.start().onEnd(() => this.#endAll());
    this.#ends = started.map(async ({ worker, part }) => {
      const end = this.#endOf(worker, onBroken);
      tell(worker, { options, part });
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

  /** Ends them, whatever they are at, and waits until they are gone. */
  async end(): Promise<void> {
    await this.#endAll();
    this.#forget();
  }

  async #endAll(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.end()));
  }

  async #endOf(
    worker: WorkerProcess,
    onBroken: (requirements: readonly string[]) => void,
  ): Promise<FailureLines | undefined> {
    return await new Promise((resolve, reject) => {
      worker.child.on('message', (message: FromWorker) => {
        if (message.is === 'going on') this.#counts.set(worker, message.counts);
        else if (message.is === 'broken') onBroken(message.requirements);
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

/** More than there are processors, for most of a program is waiting; fewer where there is little to do. */
export function workersFor({ workers, runs, concurrency }: ExploreOptions): number {
  return Math.min(
    workers ?? Math.min(2 * availableParallelism() + 1, MOST_UNASKED),
    Math.ceil(runs / concurrency / SEED_ROUNDS),
  );
}

/** The parts of so many processes that share the seeds of a run. */
export function partsOf(processes: number): readonly Part[] {
  return Array.from({ length: processes }, (_, number) => ({ number, of: processes }));
}
