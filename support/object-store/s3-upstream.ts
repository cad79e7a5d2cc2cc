import { once } from 'node:events';
import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as TlsAgent } from 'node:https';
import { isIP } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { codeOf, type S3Answer, S3Refusal } from './s3-answer';

const SILENCE_LIMIT_MS = 30_000;

/**
 * Headers that are about one connection, not about the message (RFC 9110, section 7.6.1); the gate answered
 * `Expect`.
 */
const HOP_BY_HOP = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The S3 behind the gate: requests are passed on as they came, `Host` included, so that their signatures stay
 * valid.
 */
export class S3Upstream {
  readonly #endpoint: URL;
  readonly #agent: Agent;
  readonly #isTls: boolean;

  /** @param endpoint its URL; a path in it is not kept. */
  constructor(endpoint: string) {
    this.#endpoint = new URL(endpoint);
    this.#isTls = this.#endpoint.protocol === 'https:';
    this.#agent = this.#isTls ? new TlsAgent({ keepAlive: true }) : new Agent({ keepAlive: true });
  }

  /**
   * Carries the call out. The body of a successful read comes as a stream, any other whole.
   * @throws S3Refusal if S3 answers with an error; any other error if it does not answer
   */
  async call(incoming: IncomingMessage, body: Buffer, asStream: boolean): Promise<S3Answer> {
    const response = await this.#exchange(incoming, body);
    const status = response.statusCode ?? 0;
    const headers = passedOn(response);
    const length = response.headers['content-length'];
    if (length !== undefined) headers['content-length'] = length;
    if (asStream && status < 400) return { status, headers, body: response };
    const answer = { status, headers, body: await buffer(response) };
    if (status >= 400) throw new S3Refusal(codeOf(status, answer.body), answer);
    return answer;
  }

  close(): void {
    this.#agent.destroy();
  }

  /**
   * S3 may close an idle connection just as it is used again: such a call never arrived, and is made once
   * more.
   */
  async #exchange(incoming: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
    const request = this.#request(incoming);
    try {
      return await sent(request, body);
    } catch (error) {
      if (!request.reusedSocket || !isReset(error)) throw error;
      return await sent(this.#request(incoming), body);
    }
  }

  #request(incoming: IncomingMessage): ClientRequest {
    const { hostname, port } = this.#endpoint;
    const host = hostname.replace(/^\[|\]$/g, '');
    const options = {
      host,
      port: port === '' ? (this.#isTls ? 443 : 80) : Number(port),
      method: incoming.method,
      path: incoming.url,
      headers: passedOn(incoming),
      agent: this.#agent,
    };
    return this.#isTls
      ? httpsRequest({ ...options, servername: isIP(host) === 0 ? host : '' })
      : httpRequest(options);
  }
}

function isReset(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

async function sent(request: ClientRequest, body: Buffer): Promise<IncomingMessage> {
  request.setTimeout(SILENCE_LIMIT_MS, () =>
    request.destroy(new Error(`no answer within ${SILENCE_LIMIT_MS} ms`)),
  );
  if (body.byteLength > 0 || request.method === 'PUT' || request.method === 'POST') {
    request.setHeader('content-length', body.byteLength);
  }
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  request.end(body);
  const [response] = await answered;
  request.on('error', () => undefined); // from here on the response tells
  return response;
}

function passedOn(message: IncomingMessage): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, values = []] of Object.entries(message.headersDistinct)) {
    const [only = ''] = values;
    if (!HOP_BY_HOP.has(name)) headers[name] = values.length > 1 ? values : only;
  }
  return headers;
}
