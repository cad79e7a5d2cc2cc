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

  /** Returns the answer to a test that has to call the connection secure. @throws AnswerError */
  secure(answer: VaultAnswer): { readonly latencyMs: number } {
    const body = expectAnswer({ client: this.#client, method: 'POST', path: PATH, answer }, 200, secureBody);
    return { latencyMs: body.latency_ms };
  }

  /** The answer as it came, whatever it is. @throws NoAnswerError */
  async ask(body: unknown): Promise<VaultAnswer> {
    return await this.#client.post(PATH, body);
  }

  /** Sends a body as it is, for requests that have to be refused. @throws NoAnswerError */
  async askRaw(body: string, headers: Readonly<Record<string, string>>): Promise<VaultAnswer> {
    return await this.#client.send('POST', PATH, { body, headers });
  }
}
