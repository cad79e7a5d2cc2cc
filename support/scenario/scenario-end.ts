import { AnswerError } from '../../services/answer';
import type { IngestionService } from '../../services/ingestion-service';
import type { Job } from '../../services/job-service';
import { NoAnswerError, type VaultClient } from '../../services/vault-client';
import { eventually, TimeoutError } from '../assertions/eventually';
import { SuiteError } from '../bytes/errors';
import { quoteAroundSecret, showsSecret } from '../bytes/redaction';
import type { Environment } from '../environments/environment';
import { probeReadiness } from '../environments/readiness';
import type { Audit } from '../ledger/audit';
import { indiscreetAnswers, keeperOf, type Secrets } from '../ledger/indiscretions';
import type { Ledger } from '../ledger/ledger';
import { type Problem, problemText } from '../ledger/problem';
import type { JobWatcher } from './job-watcher';

/** How many times as long as one job all of them together may take to end. */
const SETTLE_JOBS = 2;
const SHOWN_PROBLEMS = 10;
/** What is shown of a line of the vault that holds a secret. */
const QUOTED_CHARACTERS = 160;
const LATE_CRASH_MS = 500;
/** How long a call that was under way when its vault was killed may take to arrive. */
const LATE_CALLS_MS = 5_000;

interface Parts {
  readonly environment: Pick<
    Environment,
    | 'vault'
    | 'provider'
    | 'bucket'
    | 'metadataGate'
    | 'health'
    | 'patience'
    | 'callsUnderWay'
    | 'complaints'
    | 'reset'
    | 'secrets'
  >;
  readonly ingestion: Pick<IngestionService, 'ingest'>;
  readonly watcher: Pick<JobWatcher, 'untilEnded'>;
  readonly ledger: Ledger;
  readonly audit: Pick<Audit, 'findings'>;
  readonly client: Pick<VaultClient, 'exchanges'>;
  /** Those of the environment, and those that a scenario made. */
  readonly secrets: readonly string[];
}

/** What a scenario left behind that its own steps did not notice. */
export class ScenarioEndError extends Error {
  override readonly name = 'ScenarioEndError';
}

/**
 * How every scenario ends, always in this order: every armed fault fired? heal; settle; judge the ledger; empty the
 * stores (design, "How a scenario ends"). Each part runs whatever the parts before it found.
 */
export class ScenarioEnd {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * @param stepsPassed whether every step was carried out: only then has each armed fault had its chance
   * @param testify is called before the stores are emptied, with what there is to be said of problems, if any
   * @param accuse is called with every problem before they are thrown: which requirements are broken by them
   * @throws ScenarioEndError with every problem, one a line
   * @throws SuiteError when the suite cannot look into its own stores or empty them
   */
  async run({
    stepsPassed,
    testify,
    accuse,
  }: {
    readonly stepsPassed: boolean;
    readonly testify: (problems: readonly string[]) => Promise<void>;
    readonly accuse?: (problems: readonly Problem[]) => void;
  }): Promise<void> {
    const { environment } = this.#parts;
    const problems: Problem[] = stepsPassed ? this.#unfiredFaults() : [];
    const troubles: string[] = [];
    await this.#heal();
    const settled = await this.#settle();
    problems.push(...settled.problems);
    if (settled.problems.length === 0) problems.push(...(await this.#judge(settled.ended, troubles)));
    problems.push(...environment.complaints().map((words) => ({ words })), ...this.#indiscretions());
    try {
      await testify([...problems.map(problemText), ...troubles]);
    } catch (error) {
      troubles.push(`what happened could not be told (${messageOf(error)})`);
    }
    await this.#leave(settled.problems.length === 0, problems, troubles);
    if (problems.length > 0) {
      accuse?.(problems);
      throw new ScenarioEndError([...inShort(problems), ...troubles].join('\n'));
    }
    if (troubles.length > 0) throw new SuiteError(troubles.join('; '));
  }

  /** Ends a scenario that the suite itself could not carry out: nothing is judged, nothing is left behind. */
  async abandon(): Promise<void> {
    const troubles: string[] = [];
    await this.#heal();
    const settled = await this.#settle();
    await this.#leave(settled.problems.length === 0, [], troubles);
    if (troubles.length > 0) throw new SuiteError(troubles.join('; '));
  }

  async #leave(settled: boolean, problems: Problem[], troubles: string[]): Promise<void> {
    try {
      await this.#parts.environment.health.scenarioEnded(settled, problems, () => this.#empty());
    } catch (error) {
      troubles.push(`the stores could not be emptied after the scenario (${messageOf(error)})`);
    }
  }

  /** Empties the stores once nothing is under way any more: an upload of a killed vault can land late. */
  async #empty(): Promise<void> {
    try {
      await this.#untilIdle(LATE_CALLS_MS);
    } catch (error) {
      // A vault that still calls then was told of as one that did not settle.
      if (!(error instanceof TimeoutError)) throw error;
    }
    await this.#parts.environment.reset();
  }

  #unfiredFaults(): Problem[] {
    const { provider, bucket, metadataGate } = this.#parts.environment;
    return [...provider.unfired(), ...bucket.unfired(), ...metadataGate.unfired()].map((what) => ({
      words: `armed, but never met, so nothing was proved by it: ${what}`,
    }));
  }

  async #heal(): Promise<void> {
    const { provider, bucket, metadataGate } = this.#parts.environment;
    provider.heal();
    bucket.heal();
    await metadataGate.heal();
  }

  /** Waits until every accepted job has ended and no call is under way. */
  async #settle(): Promise<{ readonly ended: readonly Job[]; readonly problems: readonly Problem[] }> {
    const { environment, ingestion, ledger } = this.#parts;
    const { patience, vault } = environment;
    const ended = new Map<string, Job>();
    const crash = vault.crash();
    if (crash !== undefined) return { ended: [], problems: [{ words: crash }] };
    try {
      // A scenario that broke off may have left it down; what it had taken on is owed all the same.
      if (!vault.isRunning) await vault.start();
      await this.#untilMetadataIsBack();
      const limitMs = performance.now() + SETTLE_JOBS * patience.jobMs;
      // First what is known: it may fill the queue, and a full one would turn the next question away.
      await this.#untilJobsEnded(ended, limitMs);
      // Whether the vault had taken on an ingestion that got no answer cannot be known: asked again, it must take it on.
      for (const request of ledger.takeUnanswered()) await ingestion.ingest(request);
      await this.#untilJobsEnded(ended, limitMs);
      await this.#untilIdle(patience.jobMs);
      return { ended: [...ended.values()], problems: [] };
    } catch (error) {
      const end = error instanceof NoAnswerError ? await this.#lateCrash() : undefined;
      return {
        ended: [],
        problems: [{ words: end ?? `the vault did not settle after the scenario: ${messageOf(error)}` }],
      };
    }
  }

  /** That a vault has ended may be learnt a moment after it stopped to answer. */
  async #lateCrash(): Promise<string | undefined> {
    return await eventually(
      async () => this.#parts.environment.vault.crash(),
      (words) => words !== undefined,
      { withinMs: LATE_CRASH_MS, what: 'news of its end' },
    ).catch(() => undefined);
  }

  /** @param limitMs the one moment by which all of them have to have ended, on the monotonic clock */
  async #untilJobsEnded(ended: Map<string, Job>, limitMs: number): Promise<void> {
    const { ledger, watcher } = this.#parts;
    for (const { jobId } of ledger.jobs) {
      if (ended.has(jobId)) continue;
      ended.set(jobId, await watcher.untilEnded(jobId, Math.max(0, limitMs - performance.now())));
    }
  }

  async #untilIdle(withinMs: number): Promise<void> {
    await this.#parts.environment.patience.eventually(
      async () => this.#parts.environment.callsUnderWay(),
      (calls) => calls === 0,
      { withinMs, what: "the vault's calls to its provider and to S3 to end" },
    );
  }

  /** A vault that finds MongoDB again only in the next scenario would spoil that one (design, traps). */
  async #untilMetadataIsBack(): Promise<void> {
    const { metadataGate, vault, patience } = this.#parts.environment;
    if (!metadataGate.wasCut) return;
    await patience.eventually(
      () => probeReadiness(vault.baseUrl),
      (seen) => seen === 'ready',
      { what: 'the vault to serve again by itself, now that MongoDB is back' },
    );
  }

  /** Whatever a scenario is about, no answer may tell what it should not, nor may the vault write a secret. */
  #indiscretions(): Problem[] {
    const { client, secrets, environment } = this.#parts;
    const own = environment.secrets;
    const kept: Secrets = { own, tried: secrets.filter((secret) => !own.includes(secret)) };
    const output = environment.vault.output();
    const line = output.split('\n').find((text) => showsSecret(text, secrets)) ?? '';
    const quoted = JSON.stringify(quoteAroundSecret(line, secrets, QUOTED_CHARACTERS));
    const requirement = keeperOf([output], kept);
    return [
      ...indiscreetAnswers(client.exchanges, kept),
      ...(requirement === undefined
        ? []
        : [{ words: `the vault wrote a secret to its output: ${quoted}`, requirement }]),
    ];
  }

  async #judge(ended: readonly Job[], troubles: string[]): Promise<Problem[]> {
    const { audit, ledger } = this.#parts;
    try {
      const findings = await audit.findings(ended);
      return findings
        .filter((finding) => !ledger.isExpected(finding))
        .map(({ damage, subject, words, requirement }) => ({
          words: `${damage.toUpperCase()}: ${subject}: ${words}`,
          requirement,
        }));
    } catch (error) {
      const isVaults = error instanceof AnswerError || error instanceof NoAnswerError;
      if (isVaults) return [{ words: `the vault could not be audited: ${messageOf(error)}` }];
      troubles.push(
        `the vault could not be audited: the suite cannot look into its stores (${messageOf(error)})`,
      );
      return [];
    }
  }
}

/** A job of hundreds of logs may go wrong hundreds of times in the same way; a screenful shows it. */
function inShort(problems: readonly Problem[]): readonly string[] {
  // The same may be found again and again, as in every answer about one job.
  const different = [...new Map(problems.map((problem) => [problemText(problem), problem]))];
  const texts = different.map(([text]) => text);
  const more = different.length - SHOWN_PROBLEMS;
  if (more <= 1) return texts;
  const rest = different.slice(SHOWN_PROBLEMS).flatMap(([, { requirement }]) => requirement ?? []);
  const ids = rest.length === 0 ? '' : ` [${[...new Set(rest)].join(', ')}]`;
  return [...texts.slice(0, SHOWN_PROBLEMS), `and ${more} more of the kind${ids}`];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
