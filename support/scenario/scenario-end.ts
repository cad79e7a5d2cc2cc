import { AnswerError } from '../../services/answer';
import type { IngestionService } from '../../services/ingestion-service';
import type { Job } from '../../services/job-service';
import { NoAnswerError, type VaultClient } from '../../services/vault-client';
import { eventually, TimeoutError } from '../assertions/eventually';
import { SuiteError } from '../bytes/errors';
import { quoteAroundSecret, showsSecret } from '../bytes/redaction';
import type { Environment } from '../environments/environment';
import { probeReadiness } from '../environments/readiness';
import { answerFindings, keeperOf, type Secrets } from '../ledger/answer-findings';
import type { Audit } from '../ledger/audit';
import { type Finding, findingText } from '../ledger/finding';
import { type Ledger, withSubject } from '../ledger/ledger';
import { PROMISES } from '../ledger/promises';
import type { JobWatcher } from './job-watcher';

/** How many times as long as one job all of them together may take to end. */
const SETTLE_JOBS = 2;
const SHOWN_FINDINGS = 10;
/** So much is shown of a line of the vault that holds a secret. */
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
    | 'profile'
    | 'patience'
    | 'callsUnderWay'
    | 'findings'
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

/** Everything wrong that a scenario left behind and its own steps did not notice. */
export class ScenarioEndError extends Error {
  override readonly name = 'ScenarioEndError';
}

/**
 * How every scenario ends, always in this order: every armed fault fired? heal; settle; judge the ledger;
 * empty the stores (docs/architecture.md, "How a scenario ends"). Each part runs whatever the parts before it
 * found.
 */
export class ScenarioEnd {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * @param stepsPassed whether every step was carried out: only then has each armed fault had its chance
   * @param attachEvidence is called before the stores are emptied, with what there is to be said of findings,
   * if any
   * @param attachBroken is called with every finding before they are thrown: which requirements are broken by
   * them
   * @throws ScenarioEndError with every finding, one a line
   * @throws SuiteError when the suite cannot look into its own stores or empty them
   */
  async run({
    stepsPassed,
    attachEvidence,
    attachBroken,
  }: {
    readonly stepsPassed: boolean;
    readonly attachEvidence: (findings: readonly string[]) => Promise<void>;
    readonly attachBroken?: (findings: readonly Finding[]) => void;
  }): Promise<void> {
    const { environment } = this.#parts;
    const findings: Finding[] = stepsPassed ? this.#unfiredFaults() : [];
    const suiteErrors: string[] = [];
    await this.#heal();
    const settled = await this.#settle();
    findings.push(...settled.findings);
    if (settled.findings.length === 0) findings.push(...(await this.#judge(settled.ended, suiteErrors)));
    findings.push(
      ...environment.findings().map((words) => ({ words })),
      ...this.#claimed(this.#answersAndOutput()),
    );
    try {
      await attachEvidence([...findings.map(findingText), ...suiteErrors]);
    } catch (error) {
      suiteErrors.push(`what happened could not be told (${messageOf(error)})`);
    }
    await this.#leave(settled.findings.length === 0, findings, suiteErrors);
    if (findings.length > 0) {
      attachBroken?.(findings);
      throw new ScenarioEndError([...inShort(findings), ...suiteErrors].join('\n'));
    }
    if (suiteErrors.length > 0) throw new SuiteError(suiteErrors.join('; '));
  }

  /** Ends a scenario that the suite itself could not carry out: nothing is judged, nothing is left behind. */
  async abandon(): Promise<void> {
    const suiteErrors: string[] = [];
    await this.#heal();
    const settled = await this.#settle();
    await this.#leave(settled.findings.length === 0, [], suiteErrors);
    if (suiteErrors.length > 0) throw new SuiteError(suiteErrors.join('; '));
  }

  async #leave(settled: boolean, findings: Finding[], suiteErrors: string[]): Promise<void> {
    const { health, metadataGate } = this.#parts.environment;
    try {
      const mayWriteLate = metadataGate.wasCut;
      await health.scenarioEnded({ settled, mayWriteLate }, findings, () => this.#empty());
    } catch (error) {
      suiteErrors.push(`the stores could not be emptied after the scenario (${messageOf(error)})`);
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

  #unfiredFaults(): Finding[] {
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
  async #settle(): Promise<{ readonly ended: readonly Job[]; readonly findings: readonly Finding[] }> {
    const { environment, ingestion, ledger } = this.#parts;
    const { patience, vault } = environment;
    const ended = new Map<string, Job>();
    const crash = vault.crash();
    if (crash !== undefined) return { ended: [], findings: [{ words: crash }] };
    try {
      // A scenario that broke off may have left it down; what it had taken on is owed all the same.
      if (!vault.isRunning) await vault.start();
      await this.#untilMetadataIsBack();
      const limitMs = performance.now() + SETTLE_JOBS * patience.jobMs;
      // First what is known: it may fill the queue, and a full one would turn the next question away.
      await this.#untilJobsEnded(ended, limitMs);
      // Whether the vault had taken on an ingestion that got no answer cannot be known: asked again, it must
      // take it on, as soon as those that nobody knows of have left room in the queue.
      for (const request of ledger.takeUnanswered()) {
        await patience.eventually(
          () => ingestion.ingest(request),
          () => true,
          { what: 'the vault to take on an ingestion that it had not answered', isFinal: isNoFullQueue },
        );
        await this.#untilJobsEnded(ended, limitMs);
      }
      await this.#untilIdle(patience.jobMs);
      return { ended: [...ended.values()], findings: [] };
    } catch (error) {
      const end = error instanceof NoAnswerError ? await this.#lateCrash() : undefined;
      return {
        ended: [],
        findings: [{ words: end ?? `the vault did not settle after the scenario: ${messageOf(error)}` }],
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

  /** A vault that finds MongoDB again only in the next scenario would spoil that one. */
  async #untilMetadataIsBack(): Promise<void> {
    const { metadataGate, vault, patience } = this.#parts.environment;
    if (!metadataGate.wasCut) return;
    await patience.eventually(
      () => probeReadiness(vault.baseUrl),
      (seen) => seen === 'ready',
      { what: 'the vault to serve again by itself, now that MongoDB is back' },
    );
  }

  /**
   * Whatever a scenario is about, no answer may tell what it should not, nor may the vault write a secret.
   */
  #answersAndOutput(): Finding[] {
    const { client, secrets, environment } = this.#parts;
    const own = environment.secrets;
    const kept: Secrets = { own, tried: secrets.filter((secret) => !own.includes(secret)) };
    const output = environment.vault.output();
    const line = output.split('\n').find((text) => showsSecret(text, secrets)) ?? '';
    const quoted = JSON.stringify(quoteAroundSecret(line, secrets, QUOTED_CHARACTERS));
    const requirement = keeperOf([output], kept);
    return [
      ...answerFindings(client.exchanges, kept),
      ...(requirement === undefined
        ? []
        : [{ words: `the vault wrote a secret to its output: ${quoted}`, requirement }]),
      ...(environment.metadataGate.sawWatched
        ? [{ words: 'the vault told MongoDB a key that it was to try', requirement: PROMISES.triedKeysKept }]
        : []),
    ];
  }

  /** What a vault does not claim is not held against it. */
  #claimed(findings: readonly Finding[]): Finding[] {
    const { unclaimed } = this.#parts.environment.profile;
    return findings.filter(({ requirement }) => requirement === undefined || !unclaimed.has(requirement));
  }

  async #judge(ended: readonly Job[], suiteErrors: string[]): Promise<Finding[]> {
    const { audit, ledger } = this.#parts;
    try {
      const findings = await audit.findings(ended);
      return this.#claimed(findings.filter((finding) => !ledger.isExpected(finding)).map(withSubject));
    } catch (error) {
      const isVaults = error instanceof AnswerError || error instanceof NoAnswerError;
      if (isVaults) return [{ words: `the vault could not be audited: ${messageOf(error)}` }];
      suiteErrors.push(
        `the vault could not be audited: the suite cannot look into its stores (${messageOf(error)})`,
      );
      return [];
    }
  }
}

/** A job of hundreds of logs may go wrong hundreds of times in the same way; a screenful shows it. */
function inShort(findings: readonly Finding[]): readonly string[] {
  // The same may be found again and again, as in every answer about one job.
  const different = [...new Map(findings.map((finding) => [findingText(finding), finding]))];
  const texts = different.map(([text]) => text);
  const more = different.length - SHOWN_FINDINGS;
  if (more <= 1) return texts;
  const rest = different.slice(SHOWN_FINDINGS).flatMap(([, { requirement }]) => requirement ?? []);
  const ids = rest.length === 0 ? '' : ` [${[...new Set(rest)].join(', ')}]`;
  return [...texts.slice(0, SHOWN_FINDINGS), `and ${more} more of the kind${ids}`];
}

/** A full queue has room again once its jobs are at work; anything else does not get better. */
function isNoFullQueue(error: unknown): boolean {
  return !(error instanceof AnswerError && error.status === 429);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
