import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { count } from '../bytes/safe-text';
import { Coverage, type CoverageCounts } from './coverage';

/** A question that clients wait for. */
export type Question = 'ingest' | 'search' | 'raw';

const QUESTIONS: readonly Question[] = ['ingest', 'search', 'raw'];
const MICROSECONDS = 1_000;

/** What a run did, as it passes from one process to another. */
export interface TallyCounts {
  readonly programs: number;
  readonly steps: number;
  readonly jobs: number;
  readonly logs: number;
  readonly asked: number;
  readonly refused: number;
  readonly absences: number;
  readonly kills: number;
  readonly coverage: CoverageCounts;
}

/** Counts what a run did and measures how long the vault took to answer; of a size that does not grow with the run. */
export class Tally {
  readonly #latencies = new Map<Question, RecordableHistogram>(
    QUESTIONS.map((question) => [question, createHistogram()]),
  );
  /** What was judged, and what was met. */
  readonly coverage = new Coverage();
  programs = 0;
  steps = 0;
  jobs = 0;
  logs = 0;
  /** Ingestions that were asked for. */
  asked = 0;
  /** Ingestions that were refused because the queue was full. */
  refused = 0;
  /** How often MongoDB was taken away, and the vault killed. */
  absences = 0;
  kills = 0;

  /** @param startMs when the run began, on the monotonic clock */
  constructor(readonly startMs = performance.now()) {}

  get seconds(): number {
    return (performance.now() - this.startMs) / 1_000;
  }

  /** Notes how long an answer took, whatever it was. */
  async timed<T>(question: Question, ask: () => Promise<T>): Promise<T> {
    const startMs = performance.now();
    if (question === 'ingest') this.asked += 1;
    try {
      return await ask();
    } finally {
      const took = Math.max(1, Math.round((performance.now() - startMs) * MICROSECONDS));
      this.#latencies.get(question)?.record(took);
    }
  }

  /** Returns what was counted so far, without how long answers took. */
  counts(): TallyCounts {
    const { programs, steps, jobs, logs, asked, refused, absences, kills } = this;
    return { programs, steps, jobs, logs, asked, refused, absences, kills, coverage: this.coverage.counts() };
  }

  /** Adds what another process counted. */
  add({ coverage, ...counts }: TallyCounts): void {
    this.programs += counts.programs;
    this.steps += counts.steps;
    this.jobs += counts.jobs;
    this.logs += counts.logs;
    this.asked += counts.asked;
    this.refused += counts.refused;
    this.absences += counts.absences;
    this.kills += counts.kills;
    this.coverage.add(coverage);
  }

  /** Returns the plain summary, a line each. */
  lines(): readonly string[] {
    const { programs, steps, jobs, logs, seconds, asked } = this;
    const share = asked === 0 ? 0 : (100 * this.refused) / asked;
    return [
      `${count(programs, 'program')}, ${count(steps, 'step')}, ${count(jobs, 'job')}, ${count(logs, 'log')} in ${seconds.toFixed(1)} s (${(programs / seconds).toFixed(1)} programs/s, ${(jobs / seconds).toFixed(1)} jobs/s)`,
      `  refused for a full queue: ${this.refused} of ${count(asked, 'ingestion')} (${share.toFixed(1)} %)`,
      `  MongoDB taken away ${count(this.absences, 'time')}, the vault killed ${count(this.kills, 'time')}`,
    ];
  }

  /** Returns how long the vault took to answer, a line for each question. */
  latencyLines(): readonly string[] {
    return QUESTIONS.map((question) => this.#latencyLine(question));
  }

  #latencyLine(question: Question): string {
    const histogram = this.#latencies.get(question);
    if (histogram === undefined || histogram.count === 0) return `  ${question}: never asked`;
    const at = (percentile: number): string => (histogram.percentile(percentile) / MICROSECONDS).toFixed(1);
    return `  ${question.padEnd(6)} ms: median ${at(50)}, 95 % ${at(95)}, 99 % ${at(99)}, longest ${(histogram.max / MICROSECONDS).toFixed(1)} (${count(histogram.count, 'answer')})`;
  }
}
