import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { messageOf } from '../faults';
import type { Logger } from '../logging';
import type { ErrorRenderer } from './error-rendering';

/** The HTTP side of the vault. */
export interface ApiServer {
  /** @returns the port that was taken; port 0 asks for a free one */
  listen(host: string, port: number): Promise<number>;
  /** Accepts nothing more, lets requests finish for a moment, then cuts them off. */
  close(): Promise<void>;
}

const BODY_LIMIT_BYTES = 64 * 1024;
/** Node reads no longer request line. */
const LONGEST_TARGET_BYTES = 16 * 1024;
/** How long a refused request may go on sending its body, so that its client gets to read the answer. */
const DRAIN_MS = 2000;
/** How long open requests may go on when the vault stops. */
const GRACE_MS = 1500;

export class FastifyApiServer implements ApiServer {
  readonly #app: FastifyInstance;

  constructor(
    private readonly renderError: ErrorRenderer,
    private readonly logger: Logger,
    registerRoutes: (app: FastifyInstance) => void,
  ) {
    const answer = (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      this.#answerError(error, request, reply);
    this.#app = fastify({
      logger: false,
      bodyLimit: BODY_LIMIT_BYTES,
      frameworkErrors: answer,
      // An id of any length is a question with an answer: 404.
      routerOptions: { maxParamLength: LONGEST_TARGET_BYTES },
    });
    // Fastify reads text as well; the contract knows one media type (415).
    this.#app.removeContentTypeParser('text/plain');
    this.#app.setErrorHandler(answer);
    this.#app.setNotFoundHandler((_request, reply) =>
      reply.code(404).send({ error: 'There is no such path.' }),
    );
    registerRoutes(this.#app);
  }

  async listen(host: string, port: number): Promise<number> {
    await this.#app.listen({ host, port });
    return (this.#app.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new AbortController();
    const cutOff = pause(GRACE_MS, undefined, { signal: closed.signal }).then(
      () => this.#app.server.closeAllConnections(),
      () => {},
    );
    await this.#app.close();
    closed.abort();
    await cutOff;
  }

  async #answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { status, headers, body } = this.renderError(error);
    if (status >= 500 && !reply.raw.destroyed) {
      const fields = { method: request.method, path: request.routeOptions.url, status };
      this.logger.error('request failed', { ...fields, reason: messageOf(error) });
    }
    await drain(request);
    await reply.code(status).headers(headers).send(body);
  }
}

/** A connection that is closed on a client which still sends is reset, and takes the answer with it. */
async function drain({ raw }: FastifyRequest): Promise<void> {
  if (raw.readableEnded || raw.destroyed) return;
  raw.resume();
  await once(raw, 'close', { signal: AbortSignal.timeout(DRAIN_MS) }).catch(() => {});
}
