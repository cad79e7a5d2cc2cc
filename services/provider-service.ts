import { z } from 'zod';
import { expectAnswer } from './answer';
import type { VaultAnswer, VaultClient } from './vault-client';

const secureBody = z.looseObject({ connection: z.literal('secure'), latency_ms: z.number().nonnegative() });

const PATH = '/v1/providers/validate';

/** `POST /v1/providers/validate` (contract, section 1). */
export class ProviderService {
  readonly #client: VaultClient;

  constructor(client: VaultClient) {
    this.#client = client;
  }

  /** Tests a connection that has to be found secure. @throws AnswerError, NoAnswerError */
  async validate(apiKey: string): Promise<{ readonly latencyMs: number }> {
    const answer = await this.ask({ provider_type: 'rest', api_key: apiKey });
    const body = expectAnswer({ client: this.#client, method: 'POST', path: PATH, answer }, 200, secureBody);
    return { latencyMs: body.latency_ms };
  }

  /** The answer as it came, whatever it is. @throws NoAnswerError */
  async ask(body: unknown): Promise<VaultAnswer> {
    return await this.#client.post(PATH, body);
  }
}
