import { IngestionService } from '../../services/ingestion-service';
import { JobService } from '../../services/job-service';
import { LogService } from '../../services/log-service';
import { VaultClient } from '../../services/vault-client';
import { redactor } from '../bytes/redaction';
import type { Environment } from '../environments/environment';
import { Audit } from '../ledger/audit';
import { Ledger } from '../ledger/ledger';
import { JobWatcher } from './job-watcher';
import { ManifestInspector } from './manifest-inspector';
import { ScenarioEnd } from './scenario-end';

/** By which a vault is asked and in the end judged, where no scenario of Cucumber's does it: made anew for each program. */
export class Instruments {
  readonly client: VaultClient;
  readonly ledger: Ledger;
  readonly ingestion: IngestionService;
  readonly jobs: JobService;
  readonly logs: LogService;
  readonly watcher: JobWatcher;
  readonly manifests: ManifestInspector;
  readonly end: ScenarioEnd;

  constructor(environment: Environment) {
    const { vault, patience, secrets, provider, agent } = environment;
    this.client = new VaultClient(() => vault.baseUrl, redactor(secrets), patience, agent);
    this.ledger = new Ledger(provider);
    this.ingestion = new IngestionService(this.client, this.ledger);
    this.jobs = new JobService(this.client);
    this.logs = new LogService(this.client);
    this.watcher = new JobWatcher(this.jobs, patience, () => vault.crash());
    this.manifests = new ManifestInspector(environment, this.ledger);
    const audit = new Audit(this.ledger, { ...environment, logs: this.logs });
    this.end = new ScenarioEnd({ ...this, environment, secrets, audit });
  }
}
