import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { OutputTail } from '../../../support/environments/output-tail';
import { WORKER_FLAGS } from '../../../support/run/worker-flags';
import type { BenchOrder } from './bench-process';
import type { TrialOrder, TrialResult, TrialSurroundings } from './trial';

const ENTRY = path.join(__dirname, 'bench-process.ts');
const END_LIMIT_MS = 8_000;

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
  readonly #child: ChildProcess;
  readonly #errorOutput = new OutputTail();

  constructor(
    surroundings: TrialSurroundings,
    readonly number: number,
    size: number,
  ) {
    this.#child = fork(ENTRY, {
      execArgv: ['-r', 'ts-node/register', ...WORKER_FLAGS],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: {
        ...process.env,
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        // As Cucumber numbers its own workers, so that no two benches share a database or a bucket.
        CUCUMBER_WORKER_ID: String(number),
        CUCUMBER_TOTAL_WORKERS: String(size),
      },
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => this.#errorOutput.push(chunk));
    this.#send({ surroundings });
  }

  async run(order: TrialOrder, limitMs: number): Promise<TrialResult> {
    this.#errorOutput.clear();
    const startedMs = performance.now();
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), limitMs);
    try {
      const answered = once(this.#child, 'message', { signal: limit.signal });
      const ended = once(this.#child, 'exit', { signal: limit.signal });
      ended.catch(() => undefined);
      this.#send({ order });
      const [first] = (await Promise.race([answered, ended.then(() => [undefined])])) as [
        TrialResult | undefined,
      ];
      answered.catch(() => undefined);
      return (
        first ?? unfinished(startedMs, `the run ended without a result: ${this.#errorOutput.lastLines(8)}`)
      );
    } catch {
      return unfinished(startedMs, `the run did not end within ${limitMs / 1000} s`);
    } finally {
      clearTimeout(timer);
      limit.abort();
    }
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), END_LIMIT_MS);
    await gone;
    clearTimeout(timer);
  }

  #send(order: BenchOrder): void {
    this.#child.send(order, () => undefined);
  }
}

function unfinished(startedMs: number, problem: string): TrialResult {
  const seconds = (performance.now() - startedMs) / 1000;
  return { scenarios: [], exitCode: 2, reached: false, seconds, problem };
}
