import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach } from 'node:test';
import { VaultClient } from './vault-client';

export const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

/** Answers a request. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A vault that answers what a test of the clients wants, and a client that asks it. */
export class StubVault {
  handle: Handler = () => undefined;
  /** Method and path of each request, in order. */
  asked: string[] = [];
  readonly patience = {
    answerMs: 30_000,
    inVain: 0,
    ranOut(): void {
      this.inVain += 1;
    },
  };
  readonly #server = createServer((request, response) => {
    this.asked.push(`${request.method} ${request.url}`);
    this.handle(request, response);
  });
  #client = this.clientOf(new Agent());

  /**
   * Serves the tests of the surrounding `describe`; each begins with a vault that answers 200 with nothing.
   */
  static forTests(): StubVault {
    const vault = new StubVault();
    before(() => vault.#listen());
    after(() => vault.#close());
    beforeEach(() => vault.#reset());
    return vault;
  }

  /** Remembers what the test has asked, without the secret `hidden`. */
  get client(): VaultClient {
    return this.#client;
  }

  answersJson(status: number, value: unknown): void {
    this.handle = (_, response) => response.writeHead(status, JSON_TYPE).end(JSON.stringify(value));
  }

  /** @returns a client whose questions take the connections of an agent */
  clientOf(agent: Agent): VaultClient {
    return new VaultClient(
      () => `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`,
      (text) => text.replaceAll('hidden', '[redacted]'),
      this.patience,
      agent,
    );
  }

  async #listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  #close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #reset(): void {
    this.asked = [];
    Object.assign(this.patience, { answerMs: 30_000, inVain: 0 });
    this.handle = (_, response) => response.end();
    this.#client = this.clientOf(new Agent());
  }
}

/** Returns the error that a call failed with; one that says so when it did not. */
export async function errorOf(call: Promise<unknown>): Promise<Error> {
  const outcome = await call.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );
  return outcome instanceof Error ? outcome : new Error(String(outcome));
}
