import { expect } from 'chai';
import type { IngestionService } from '../../services/ingestion-service';
import { NoAnswerError } from '../../services/vault-client';
import { eventually, throughout } from '../assertions/eventually';
import type { Environment } from '../environments/environment';
import type { RunSettings } from '../environments/vault-under-test';
import type { Ledger } from '../ledger/ledger';
import { rangeOf } from './held-jobs';
import type { JobWatcher } from './job-watcher';
import type { Manifests } from './manifests';
import type { ScenarioScope } from './scenario-scope';

interface Parts {
  readonly environment: Environment;
  readonly ingestion: IngestionService;
  readonly watcher: JobWatcher;
  readonly ledger: Ledger;
  readonly manifests: Manifests;
  readonly scope: ScenarioScope;
}

/**
 * Without a word, in the middle of whatever it does; or asked to, as an operator does who brings a new
 * version.
 */
export type VaultEnd = 'killed' | 'stopped';

/** A recovery may take so much longer than twice its parts. */
const SLACK_MS = 5_000;
/** As many logs as take no longer than the waits of their job do. */
const FEW_LOGS = 12;
const LEISURELY_LOG_MS = 750;
/** How soon after its end a lease is taken for ended. */
const NOTICED_MS = 500;
/** How soon a dead process's connections are seen to be closed. */
const DEAD_CALLS_MS = 5_000;

/** Ends of a vault process, and what has to come of the jobs it had accepted (contract, section 4). */
export class VaultRestarts {
  readonly #parts: Parts;
  #readyAfterMs = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Ends the vault, and notes how its jobs were before. */
  async end(how: VaultEnd): Promise<void> {
    const { vault } = this.#parts.environment;
    await this.#look();
    if (how === 'stopped') return await vault.stop();
    await vault.kill();
    await this.#untilCallsEnded();
  }

  /**
   * Asks for a job for each log, all at once, and kills the vault as soon as the first was accepted. Whether
   * it had taken on those that got no answer, nobody can know.
   */
  async killWhileAccepting(): Promise<void> {
    const { environment, ingestion, scope, ledger } = this.#parts;
    const answers = scope.logs.map(
      async (log) => await ingestion.ask({ provider_id: log.providerId, range: rangeOf(log) }),
    );
    const first = await Promise.race(answers);
    await environment.vault.kill();
    for (const outcome of await Promise.allSettled(answers)) {
      if (outcome.status === 'rejected' && !(outcome.reason instanceof NoAnswerError)) throw outcome.reason;
    }
    expect(first.status, 'status of the first answer, after which the vault was killed').to.equal(202);
    expect(ledger.jobs.length, 'jobs that were accepted before the vault was killed').to.be.above(0);
  }

  /** @param overrides settings it is given otherwise than usual */
  async start(overrides: Partial<RunSettings> = {}): Promise<void> {
    const { vault, health } = this.#parts.environment;
    health.expectPossible(overrides);
    const startMs = performance.now();
    await vault.start(overrides);
    this.#readyAfterMs = performance.now() - startMs;
  }

  /** Waits until every accepted job has ended; nobody asks for any of them anew. */
  async untilEnded(): Promise<void> {
    const { environment, watcher, ledger } = this.#parts;
    const { settings } = environment.vault;
    const logs = ledger.jobs.reduce((sum, { owed }) => sum + owed.length, 0);
    const withinMs =
      2 * (this.#readyAfterMs + settings.leaseMs + workMs(settings)) + manyLogsMs(logs) + SLACK_MS;
    await Promise.all(ledger.jobs.map(({ jobId }) => watcher.untilEnded(jobId, withinMs)));
  }

  /**
   * Watches all jobs until every lease of the dead process has run out, and a little longer: none may go
   * backwards.
   */
  async expectNoneBackwards(): Promise<void> {
    const { environment, watcher, ledger } = this.#parts;
    const { leaseMs } = environment.vault.settings;
    await throughout(
      async () => await Promise.all(ledger.jobs.map(({ jobId }) => watcher.look(jobId))),
      () => true,
      { windowMs: leaseMs + NOTICED_MS, everyMs: 50, what: 'every job to go forward only' },
    );
  }

  /** Each job's manifest lists what the job stored, before and after the vault ended. */
  async expectTrueManifests(): Promise<void> {
    const { ledger, watcher, manifests } = this.#parts;
    for (const { jobId } of ledger.jobs) {
      const job = await watcher.look(jobId);
      await manifests.expectTrueManifest(job, job.recordsSynced);
    }
  }

  /**
   * The calls of a dead vault end with it. What held them may let go only then, or they would take effect
   * after all.
   */
  async #untilCallsEnded(): Promise<void> {
    const { environment } = this.#parts;
    await eventually(
      async () => environment.callsUnderWay(),
      (calls) => calls === 0,
      { withinMs: DEAD_CALLS_MS, what: 'the calls of a killed vault to end with it' },
    );
  }

  /** Notes the states of all jobs: seen from there they may only go forward. */
  async #look(): Promise<void> {
    const { ledger, watcher } = this.#parts;
    await Promise.all(ledger.jobs.map(({ jobId }) => watcher.look(jobId)));
  }
}

/** The contract names no speed: a vault may take its logs one at a time, each at its leisure. */
function manyLogsMs(logs: number): number {
  return Math.max(0, logs - FEW_LOGS) * LEISURELY_LOG_MS;
}

/** The longest that a job of a few logs takes, with every wait and every silence that its settings allow. */
function workMs({ retryBaseMs, retryMaxAttempts, callTimeoutMs }: RunSettings): number {
  return retryBaseMs * 2 ** retryMaxAttempts + callTimeoutMs;
}
