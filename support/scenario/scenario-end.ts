import type { IngestionService } from '../../services/ingestion-service';
import type { Job } from '../../services/job-service';
import type { VaultClient } from '../../services/vault-client';
import { eventually } from '../assertions/eventually';
import type { Environment } from '../environments/environment';
import { probeReadiness } from '../environments/readiness';
import type { Audit } from '../integrity/audit';
import { indiscretions } from '../integrity/indiscretions';
import type { Ledger } from '../integrity/ledger';
import { showsSecret } from '../reporting/redaction';
import type { JobWatcher } from './job-watcher';

interface Parts {
  readonly environment: Environment;
  readonly ingestion: IngestionService;
  readonly watcher: JobWatcher;
  readonly ledger: Ledger;
  readonly audit: Audit;
  readonly client: VaultClient;
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

  /** @throws ScenarioEndError with every problem, one a line */
  async run(): Promise<void> {
    const { environment } = this.#parts;
    const problems: string[] = this.#unfiredFaults();
    await this.#heal();
    const settled = await this.#settle();
    problems.push(...settled.problems);
    if (settled.problems.length === 0) problems.push(...(await this.#judge(settled.ended)));
    problems.push(...environment.complaints(), ...this.#indiscretions());
    await environment.health.scenarioEnded(settled.problems.length === 0, problems);
    await environment.reset();
    if (problems.length > 0) throw new ScenarioEndError(problems.join('\n'));
  }

  /** Ends a scenario that the suite itself could not carry out: nothing is judged, nothing is left behind. */
  async abandon(): Promise<void> {
    await this.#heal();
    await this.#settle();
    await this.#parts.environment.reset();
  }

  #unfiredFaults(): string[] {
    const { provider, bucket, metadataGate } = this.#parts.environment;
    return [...provider.unfired(), ...bucket.unfired(), ...metadataGate.unfired()].map(
      (what) => `armed, but never met, so nothing was proved by it: ${what}`,
    );
  }

  async #heal(): Promise<void> {
    const { provider, bucket, metadataGate } = this.#parts.environment;
    provider.heal();
    bucket.heal();
    await metadataGate.heal();
  }

  /** Waits until every accepted job has ended and no call is under way. */
  async #settle(): Promise<{ readonly ended: readonly Job[]; readonly problems: readonly string[] }> {
    const { environment, ingestion, ledger, watcher } = this.#parts;
    const { patience, vault } = environment;
    const ended: Job[] = [];
    const crash = vault.crash();
    if (crash !== undefined) return { ended, problems: [crash] };
    try {
      await this.#untilMetadataIsBack();
      // Whether the vault had taken on an ingestion that got no answer cannot be known: asked again, it must take it on.
      for (const request of ledger.takeUnanswered()) await ingestion.ingest(request);
      for (const { jobId } of ledger.jobs) ended.push(await watcher.untilEnded(jobId));
      await eventually(
        async () => environment.callsUnderWay(),
        (calls) => calls === 0,
        { withinMs: patience.jobMs, what: "the vault's calls to its provider and to S3 to end" },
      );
      return { ended, problems: [] };
    } catch (error) {
      return { ended, problems: [`the vault did not settle after the scenario: ${messageOf(error)}`] };
    }
  }

  /** A vault that finds MongoDB again only in the next scenario would spoil that one (design, traps). */
  async #untilMetadataIsBack(): Promise<void> {
    const { metadataGate, vault, patience } = this.#parts.environment;
    if (!metadataGate.wasCut) return;
    await eventually(
      () => probeReadiness(vault.baseUrl),
      (seen) => seen === 'ready',
      { withinMs: patience.jobMs, what: 'the vault to serve again by itself, now that MongoDB is back' },
    );
  }

  /** Whatever a scenario is about, no answer may tell what it should not, nor may the vault write a secret. */
  #indiscretions(): string[] {
    const { client, secrets, environment } = this.#parts;
    const isWritten = showsSecret(environment.vault.output(), secrets);
    return [
      ...indiscretions(client.exchanges, secrets),
      ...(isWritten ? ['the vault wrote a secret to its output'] : []),
    ];
  }

  async #judge(ended: readonly Job[]): Promise<string[]> {
    const { audit, ledger } = this.#parts;
    try {
      const findings = await audit.findings(ended);
      return findings
        .filter((finding) => !ledger.isExpected(finding))
        .map(({ damage, subject, words }) => `${damage.toUpperCase()}: ${subject}: ${words}`);
    } catch (error) {
      return [`the vault could not be audited: ${messageOf(error)}`];
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
