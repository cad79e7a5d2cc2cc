import type { Environment } from '../environments/environment';
import { ClientRequests } from './client-requests';
import { readCorpus } from './corpus';
import { HeldJobs } from './held-jobs';
import { JobQueue } from './job-queue';
import { ManyAnswers } from './many-answers';
import { MetadataOutage } from './metadata-outage';
import { RawReaders } from './raw-readers';
import { RepeatedIngestions } from './repeated-ingestions';
import { Replay } from './replay';
import type { ScenarioJobs } from './scenario-jobs';
import type { ScenarioScope } from './scenario-scope';
import { SearchPages } from './search-pages';
import type { Services } from './services';
import { StoredLogs } from './stored-logs';
import { TestedKey } from './tested-key';
import { VaultRestarts } from './vault-restarts';

interface Parts extends Services {
  readonly environment: Environment;
  readonly scope: ScenarioScope;
  readonly scenarioJobs: ScenarioJobs;
}

/**
 * Helpers that some steps need and most do not: each is made when it is first asked for, and lasts as long as
 * its scenario.
 */
export class Helpers {
  readonly #parts: Parts;
  readonly #made = new Map<string, unknown>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Looks at one log from every side. */
  get storedLogs(): StoredLogs {
    const { logs, environment, ledger, finder } = this.#parts;
    return this.#once('storedLogs', () => new StoredLogs(logs, environment, ledger, finder));
  }

  /** Reads the search page by page. */
  get searchPages(): SearchPages {
    const { logs, scope, finder } = this.#parts;
    return this.#once('searchPages', () => new SearchPages(logs, scope, finder));
  }

  /** Reads raw logs slowly, many at once, or half. */
  get rawReaders(): RawReaders {
    return this.#once('rawReaders', () => new RawReaders(this.#parts.logs, this.#parts.finder));
  }

  /** Asks for ingestions, in good requests and in bad ones. */
  get requests(): ClientRequests {
    return this.#once('requests', () => new ClientRequests(this.#parts));
  }

  /** Asks many things, and judges the answers together. */
  get answers(): ManyAnswers {
    return this.#once('answers', () => new ManyAnswers());
  }

  /** Ingests the same logs again, one ingestion after the other or many at once. */
  get repeatedIngestions(): RepeatedIngestions {
    const { scenarioJobs: jobs, ...parts } = this.#parts;
    const storedLogs = this.storedLogs;
    return this.#once('repeatedIngestions', () => new RepeatedIngestions({ ...parts, jobs, storedLogs }));
  }

  /** Asks for jobs that wait for one another. */
  get queue(): JobQueue {
    return this.#once('queue', () => new JobQueue(this.#parts));
  }

  /** Brings a job to a moment, and holds it there. */
  get heldJobs(): HeldJobs {
    return this.#once('heldJobs', () => new HeldJobs(this.#parts));
  }

  /** Takes MongoDB away, and gives it back. */
  get metadataOutage(): MetadataOutage {
    const { scenarioJobs, ...parts } = this.#parts;
    return this.#once('metadataOutage', () => new MetadataOutage({ ...parts, seenJobs: scenarioJobs.seen }));
  }

  /** Kills, stops and starts the vault. */
  get vaultRestarts(): VaultRestarts {
    return this.#once('vaultRestarts', () => new VaultRestarts(this.#parts));
  }

  /** Has the vault test a connection to a provider. */
  get testedKey(): TestedKey {
    const { provider, vault } = this.#parts.environment;
    return this.#once('testedKey', () => new TestedKey({ ...this.#parts, provider, vault }));
  }

  /** Sends the payloads of the corpus through the vault. */
  get replay(): Replay {
    const { corpusFolder } = this.#parts.environment;
    return this.#once('replay', () => new Replay(this.#parts, readCorpus(corpusFolder)));
  }

  #once<T>(name: string, make: () => T): T {
    if (!this.#made.has(name)) this.#made.set(name, make());
    return this.#made.get(name) as T;
  }
}
