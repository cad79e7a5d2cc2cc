import { IngestionService } from '../../services/ingestion-service';
import { JobService } from '../../services/job-service';
import { LogService } from '../../services/log-service';
import { ProviderService } from '../../services/provider-service';
import { VaultClient } from '../../services/vault-client';
import { redactor } from '../bytes/redaction';
import type { Environment } from '../environments/environment';
import { Audit } from '../ledger/audit';
import { Ledger } from '../ledger/ledger';
import { LogFinder } from '../ledger/log-finder';
import { JobWatcher } from './job-watcher';
import { Manifests } from './manifests';
import { ScenarioEnd } from './scenario-end';

/**
 * Asks one vault, and judges it in the end: made anew for each scenario, and for each program of the
 * explorer.
 */
export class Services {
  /** Texts that must never be seen: those of the run, and those a scenario makes. */
  readonly secrets: string[];
  /** Takes the secrets out of a text. */
  readonly redact: (text: string) => string;
  readonly client: VaultClient;
  readonly ledger: Ledger;
  readonly finder: LogFinder;
  readonly ingestion: IngestionService;
  readonly jobs: JobService;
  readonly logs: LogService;
  readonly providers: ProviderService;
  readonly watcher: JobWatcher;
  readonly manifests: Manifests;
  readonly end: ScenarioEnd;

  constructor(environment: Environment) {
    const { vault, patience, provider, agent, profile } = environment;
    this.secrets = [...environment.secrets];
    this.redact = redactor(this.secrets);
    this.client = new VaultClient(() => vault.baseUrl, this.redact, patience, agent);
    this.ledger = new Ledger(provider, profile.ids);
    this.finder = new LogFinder(environment);
    this.ingestion = new IngestionService(this.client, this.ledger);
    this.jobs = new JobService(this.client, profile.answers);
    this.logs = new LogService(this.client, profile.answers);
    this.providers = new ProviderService(this.client);
    this.watcher = new JobWatcher(
      this.jobs,
      patience,
      () => vault.crash(),
      () => this.finder.noteIds(),
    );
    this.manifests = new Manifests(environment, this.ledger);
    const audit = new Audit(this.ledger, { ...environment, logs: this.logs, finder: this.finder });
    this.end = new ScenarioEnd({ ...this, environment, audit });
  }
}
