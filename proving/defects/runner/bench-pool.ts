import { once } from 'node:events';
import path from 'node:path';
import type { BenchOrder } from './bench-process';
import type { TrialOrder, TrialResult, TrialSurroundings } from './trial';
import { WorkerProcess } from './worker-process';

const ENTRY = path.join(__dirname, 'bench-process.ts');

export interface BenchPoolOptions {
  /** The number of benches. */
  readonly size: number;
  /** A trial that takes longer hangs. */
  readonly trialLimitMs: number;
}

/** Benches side by side. One that ends before its trial does is replaced by a new one. */
export class BenchPool {
  readonly #free: BenchProcess[] = [];
  readonly #all = new Set<BenchProcess>();
  readonly #waiting: ((bench: BenchProcess) => void)[] = [];
  #closed = false;

  constructor(
    private readonly surroundings: TrialSurroundings,
    private readonly options: BenchPoolOptions,
  ) {
    for (let number = 0; number < options.size; number += 1) this.#add(number);
  }

  /** Never rejects: a run that ended without a result has a `problem`. */
  async run(order: TrialOrder): Promise<TrialResult> {
    const bench =
      this.#free.pop() ?? (await new Promise<BenchProcess>((resolve) => this.#waiting.push(resolve)));
    const result = await bench.run(order, this.options.trialLimitMs);
    if (result.problem === undefined) this.#giveBack(bench);
    else await this.#replace(bench);
    return result;
  }

  /** Ends every bench; what still waits for one waits for ever. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#all].map((bench) => bench.end()));
  }

  #add(number: number): void {
    const bench = new BenchProcess(this.surroundings, number, this.options.size);
    this.#all.add(bench);
    this.#giveBack(bench);
  }

  #giveBack(bench: BenchProcess): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(bench);
    else next(bench);
  }

  async #replace(bench: BenchProcess): Promise<void> {
    await bench.end();
    this.#all.delete(bench);
    if (!this.#closed) this.#add(bench.number);
  }
}

/** One bench in a process of its own. */
class BenchProcess {
  readonly #process: WorkerProcess;

  constructor(
    surroundings: TrialSurroundings,
    readonly number: number,
    size: number,
  ) {
    this.#process = new WorkerProcess(ENTRY, number, size);
    this.#tell({ surroundings });
  }

  async run(order: TrialOrder, limitMs: number): Promise<TrialResult> {
    this.#process.forgetWords();
    const startedMs = performance.now();
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), limitMs);
    try {
      const answered = once(this.#process.child, 'message', { signal: limit.signal });
      const ended = once(this.#process.child, 'exit', { signal: limit.signal });
      ended.catch(() => undefined);
      this.#tell({ order });
      const [first] = (await Promise.race([answered, ended.then(() => [undefined])])) as [
        TrialResult | undefined,
      ];
      answered.catch(() => undefined);
      return first ?? unfinished(startedMs, `the run ended without a result: ${this.#process.lastWords}`);
    } catch {
      return unfinished(startedMs, `the run did not end within ${limitMs / 1000} s`);
    } finally {
      clearTimeout(timer);
      limit.abort();
    }
  }

  async end(): Promise<void> {
    await this.#process.end();
  }

  #tell(order: BenchOrder): void {
    this.#process.tell(order);
  }
}

function unfinished(startedMs: number, problem: string): TrialResult {
  const seconds = (performance.now() - startedMs) / 1000;
  return { scenarios: [], exitCode: 2, reached: false, seconds, problem };
}
