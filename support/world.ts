import { type IWorldOptions, World } from '@cucumber/cucumber';
import { bodyOf, errorBody } from '../services/answer';
import type { VaultAnswer } from '../services/vault-client';
import { throughout } from './assertions/eventually';
import { currentEnvironment } from './environments/current-environment';
import type { Environment } from './environments/environment';
import type { VaultUnderTest } from './environments/vault-under-test';
import type { Ledger } from './ledger/ledger';
import type { MetadataProbe } from './metadata-store/metadata-probe';
import type { BucketScript } from './object-store/bucket-script';
import type { ObjectContents } from './object-store/object-contents';
import type { ProviderScript } from './provider/provider-script';
import { boundedAttach } from './reporting/bounded-attach';
import { Helpers } from './scenario/helpers';
import { ScenarioJobs } from './scenario/scenario-jobs';
import { ScenarioScope } from './scenario/scenario-scope';
import { Services } from './scenario/services';

/**
 * The state that the steps of one scenario share. Everything is handed in by the environment that the run
 * chose; a World never asks which one it was.
 */
export class VaultWorld extends World {
  readonly environment: Environment;
  readonly provider: ProviderScript;
  readonly bucket: BucketScript;
  readonly objects: ObjectContents;
  readonly metadata: MetadataProbe;
  readonly vault: VaultUnderTest;
  readonly services: Services;
  readonly ledger: Ledger;
  /** The scenario's day and its logs, by name. */
  readonly scope: ScenarioScope;
  readonly jobs: ScenarioJobs;
  readonly helpers: Helpers;
  #answer: VaultAnswer | undefined;

  constructor(options: IWorldOptions) {
    const attach = boundedAttach(options.attach);
    super({ ...options, attach, log: (text) => attach(text, 'text/x.cucumber.log+plain') });
    const environment = currentEnvironment();
    const { provider, bucket, objects, metadata, vault, runId } = environment;
    this.environment = environment;
    this.provider = provider;
    this.bucket = bucket;
    this.objects = objects;
    this.metadata = metadata;
    this.vault = vault;
    this.services = new Services(environment);
    this.ledger = this.services.ledger;
    this.scope = new ScenarioScope(provider, runId, environment.nextScenarioNumber());
    this.jobs = new ScenarioJobs(this);
    this.helpers = new Helpers({
      ...this.services,
      environment,
      scope: this.scope,
      scenarioJobs: this.jobs,
    });
  }

  /** The answer the scenario is about. @throws Error while there is none */
  get answer(): VaultAnswer {
    if (this.#answer === undefined)
      throw new Error('the scenario has no answer yet; let the auditor ask in a When first');
    return this.#answer;
  }

  set answer(answer: VaultAnswer) {
    this.#answer = answer;
  }

  /** Returns the error body of the answer. @throws AnswerError when it has not the contract's shape */
  errorBody(): Readonly<Record<string, unknown>> {
    const { client } = this.services;
    return bodyOf({ client, method: 'GET', path: 'the answer', answer: this.answer }, errorBody);
  }

  /** Quotes the answer, with the question that it answers. */
  quoteAnswer(): string {
    const { client } = this.services;
    const asked = client.exchanges.find(({ answer }) => answer === this.answer);
    return client.quote(asked?.method ?? 'the', asked?.path ?? 'vault', this.answer);
  }

  /** Watches, for as long as a "never" takes, that something does not come to be. */
  async never(happened: () => boolean, what: string): Promise<void> {
    await throughout(
      async () => happened(),
      (did) => !did,
      { windowMs: this.environment.patience.neverMs, what: `never ${what}` },
    );
  }
}
