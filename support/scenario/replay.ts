import { expect } from 'chai';
import pMap from 'p-map';
import type { IngestionService } from '../../services/ingestion-service';
import type { LogService } from '../../services/log-service';
import { noteDifference } from '../assertions/noted-differences';
import { explainDifference } from '../integrity/byte-difference';
import { checksumOf } from '../integrity/checksum';
import { renderDifference, SERVED_AND_RETURNED } from '../integrity/render-difference';
import { paceText } from '../reporting/tally';
import type { CorpusPayload } from './corpus';
import type { JobWatcher } from './job-watcher';
import type { NamedLog, ScenarioScope } from './scenario-scope';

const JOB_LOGS = 250;
const READ_AT_ONCE = 8;
const NAMED_FAILURES = 20;
const MINUTE_MS = 60_000;

interface Parts {
  readonly scope: ScenarioScope;
  readonly ingestion: IngestionService;
  readonly logs: LogService;
  readonly watcher: JobWatcher;
}

/** Sends real payloads through the vault, in jobs of a few hundred, and compares what comes back. */
export class Replay {
  readonly #parts: Parts;
  readonly #corpus: readonly CorpusPayload[];
  readonly #progress: (line: string) => void;
  readonly #failures: string[] = [];

  /** @param progress is told how far the replay is; where nobody watches, it does nothing. */
  constructor(parts: Parts, corpus: readonly CorpusPayload[], progress: (line: string) => void) {
    this.#parts = parts;
    this.#corpus = corpus;
    this.#progress = progress;
  }

  /** Ingests the whole corpus, each job in a minute of the scenario's day, and reads every payload back. */
  async run(providerId: string): Promise<void> {
    const startedMs = performance.now();
    for (let from = 0, minute = 0; from < this.#corpus.length; from += JOB_LOGS, minute += 1) {
      const batch = this.#corpus.slice(from, from + JOB_LOGS);
      await this.#ingest(providerId, batch, minute);
      const done = Math.min(from + JOB_LOGS, this.#corpus.length);
      this.#progress(`replay: ${paceText(done, this.#corpus.length, performance.now() - startedMs)}`);
    }
  }

  /** Fails with the names of the files that did not come back as they were. */
  expectAllUnchanged(): void {
    const { length } = this.#failures;
    const shown = this.#failures.slice(0, NAMED_FAILURES).join('\n');
    expect(
      length,
      `${length} of ${this.#corpus.length} payloads did not come back as they were:\n${shown}\n`,
    ).to.equal(0);
  }

  async #ingest(providerId: string, batch: readonly CorpusPayload[], minute: number): Promise<void> {
    const { scope, ingestion, watcher } = this.#parts;
    const logs = batch.map(({ name, payload }, index) =>
      scope.offer(name, {
        providerId,
        payload,
        timestamp: scope.at(minute * MINUTE_MS + index),
        sourceId: scope.sourceId(`corpus-${minute}-${index}`),
      }),
    );
    const range = { start: scope.at(minute * MINUTE_MS), end: scope.at((minute + 1) * MINUTE_MS) };
    const { jobId } = await ingestion.ingest({ provider_id: providerId, range });
    const job = await watcher.untilEnded(jobId);
    expect(job.state, `job ${jobId}, which brings ${batch.length} payloads of the corpus`).to.equal(
      'completed',
    );
    await pMap(logs, (log) => this.#compare(log), { concurrency: READ_AT_ONCE });
  }

  async #compare({ name, logId, payload }: NamedLog): Promise<void> {
    const { status, headers, body } = await this.#parts.logs.raw(logId);
    if (status !== 200) {
      this.#failures.push(`${name}: reading it answers ${status}`);
      return;
    }
    const difference = explainDifference(payload, body);
    if (difference !== undefined) {
      noteDifference({
        expected: payload,
        actual: body,
        wording: SERVED_AND_RETURNED,
        subject: name,
        difference,
      });
      this.#failures.push(`${name}: ${renderDifference(difference)}`);
    } else if (headers['x-vault-checksum'] !== checksumOf(payload)) {
      this.#failures.push(
        `${name}: X-Vault-Checksum is ${headers['x-vault-checksum'] ?? 'missing'}, not ${checksumOf(payload)}`,
      );
    }
  }
}
