import { expect } from 'chai';
import { bodyOf, errorBody } from '../../services/answer';
import {
  acceptedBody,
  acceptedJobIn,
  type IngestionService,
  type IngestRequest,
} from '../../services/ingestion-service';
import type { Job } from '../../services/job-service';
import type { VaultAnswer, VaultClient } from '../../services/vault-client';
import { safeText } from '../bytes/safe-text';
import type { Environment } from '../environments/environment';
import { answerFindingTexts } from '../ledger/answer-findings';
import type { Ledger } from '../ledger/ledger';
import { requestOf, type SentRequest } from './ingest-request';
import { expectCompleted } from './job-end';
import type { JobWatcher } from './job-watcher';
import type { ScenarioScope } from './scenario-scope';

interface Parts {
  readonly client: VaultClient;
  readonly ingestion: IngestionService;
  readonly watcher: JobWatcher;
  readonly environment: Environment;
  readonly scope: ScenarioScope;
  readonly ledger: Pick<Ledger, 'acceptedWrongly'>;
  /** Texts that no answer may show. */
  readonly secrets: readonly string[];
}

const QUOTED_CHARACTERS = 200;

/** The provider of the good ingestion after a refused one; no refused request names it. */
const NEXT_PROVIDER = 'github_audit';

/**
 * Sends the requests of clients, good ones and bad, and judges what becomes of them (contract, section 1).
 */
export class ClientRequests {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The request for the logs that the scenario offers. */
  good(members: Partial<IngestRequest> = {}): IngestRequest {
    const { scope } = this.#parts;
    const [log] = scope.logs;
    if (log === undefined)
      throw new Error('nothing is offered yet; let a provider offer logs in a Given first');
    return { provider_id: log.providerId, range: scope.range, ...members };
  }

  /** The scenario's range, written otherwise. @param from a time of its day such as `00:00:00+00:00` */
  rangeOfDay(from: string, to: string): IngestRequest['range'] {
    const day = this.#parts.scope.at(0).slice(0, 10);
    return { start: `${day}T${from}`, end: `${day}T${to}` };
  }

  /** Asks for an ingestion that may well be accepted. */
  async ask(request: IngestRequest, mediaType?: string): Promise<VaultAnswer> {
    return await this.#parts.ingestion.ask(request, mediaType);
  }

  /** Ingests the scenario's range of a provider, and waits for the job's end. */
  async run(providerId: string): Promise<Job> {
    const { ingestion, watcher, scope } = this.#parts;
    const { jobId } = await ingestion.ingest({ provider_id: providerId, range: scope.range });
    return await watcher.untilEnded(jobId);
  }

  /** The same for every provider that offers logs, all at once. */
  async runAll(): Promise<readonly Job[]> {
    const providers = new Set(this.#parts.scope.logs.map(({ providerId }) => providerId));
    return await Promise.all([...providers].map(async (providerId) => await this.run(providerId)));
  }

  /**
   * Sends what has to be refused. Should it be accepted against all expectation, its job is waited for, so
   * that only this scenario suffers from it.
   */
  async send({ body, headers }: SentRequest): Promise<VaultAnswer> {
    const { ingestion, ledger, watcher } = this.#parts;
    const answer = await ingestion.askRaw(body, headers);
    const jobId = acceptedJobIn(answer);
    if (jobId === undefined) return answer;
    ledger.acceptedWrongly(jobId);
    await watcher.untilEnded(jobId);
    return answer;
  }

  /** Waits until the vault has turned to a provider for its logs, as it has to for every job. */
  async untilProviderAsked(): Promise<void> {
    const { provider, patience } = this.#parts.environment;
    await patience.eventually(
      async () => provider.requests,
      (calls) => calls.some(({ kind }) => kind !== 'health'),
      { what: 'the vault to ask its provider' },
    );
  }

  /** @returns the accepted job's id */
  expectAccepted(answer: VaultAnswer): string {
    const { client } = this.#parts;
    const asked = { client, method: 'POST', path: '/v1/ingest', answer };
    const quoted = client.quote(asked.method, asked.path, answer);
    expect(answer.status, quoted).to.equal(202);
    return bodyOf(asked, acceptedBody).job_id;
  }

  /** @param status the one the contract names for such a request */
  expectRefused(answer: VaultAnswer, status: number): void {
    const { client, secrets } = this.#parts;
    const exchange = client.exchanges.find((candidate) => candidate.answer === answer);
    const { method = 'the', path = 'vault', requestBody = '' } = exchange ?? {};
    const asked = { client, method, path, answer };
    const sent =
      requestBody === '' ? '' : `, for this request: ${safeText(requestBody, { limit: QUOTED_CHARACTERS })}`;
    const quoted = `${client.quote(method, path, answer)}${sent}`;
    expect(answer.status, `status of what has to be refused: ${quoted}`).to.equal(status);
    expect(bodyOf(asked, errorBody).error, `what a refusal says: ${quoted}`).to.match(/\S/);
    expect(answerFindingTexts(exchange === undefined ? [] : [exchange], secrets), quoted).to.deep.equal([]);
  }

  /** @throws AssertionError unless the request was accepted or refused, both as the contract says */
  expectAcceptedOrRefused(answer: VaultAnswer): void {
    if (answer.status === 202) this.expectAccepted(answer);
    else this.expectRefused(answer, 400);
  }

  /**
   * Whatever was sent before: a request without anything is still a bad one, one without a priority a good
   * one.
   */
  async expectSoundJudgement(): Promise<void> {
    const { watcher, environment } = this.#parts;
    this.expectRefused(await this.send(requestOf('as an empty object')), 400);
    const job = await watcher.untilEnded(this.expectAccepted(await this.ask(this.good())));
    expectCompleted([job], environment.provider, ({ jobId }) => `job ${jobId}, asked for by a good request,`);
  }

  /**
   * The next ingestion works and finds nothing of a refused one: no call to a provider, no metadata, no
   * object.
   */
  async expectNothingLeft(): Promise<void> {
    const { scope, environment } = this.#parts;
    const { provider, metadata, objects, profile } = environment;
    const { jobId, state } = await this.run(NEXT_PROVIDER);
    const calls = provider.requests.filter(
      ({ kind, providerId }) => kind !== 'health' && providerId !== NEXT_PROVIDER,
    );
    // What a vault keeps elsewhere in the bucket is its own business.
    const { keys: places, manifests } = profile;
    const own = manifests.ofAny({ jobId, providerId: NEXT_PROVIDER, rangeStart: scope.range.start });
    const keys = (await objects.keys()).filter((key) => places.isOwn(key) || manifests.isOne(key));
    expect(
      {
        'the next job': state,
        'calls to a provider for the refused request': calls.map(({ path }) => safeText(path)),
        'metadata records': await metadata.count(),
        'objects of the refused request': keys.filter((key) => key !== own),
      },
      'what is left of a refused request after the next ingestion, of a range without logs',
    ).to.deep.equal({
      'the next job': 'completed',
      'calls to a provider for the refused request': [],
      'metadata records': 0,
      'objects of the refused request': [],
    });
  }
}
