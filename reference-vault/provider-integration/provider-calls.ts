import { once } from 'node:events';
import { Agent as HttpAgent, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import got, { type Got } from 'got';
import { failOnSilence } from '../silence';

/** The answer of a provider, as it came over the wire. */
export interface ProviderResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /**
   * The body as sent, transport encodings still on; empty when the status is not 200, for then nobody reads
   * it.
   */
  readonly sent: Buffer;
}

/** One HTTP GET to the provider: no retries, no redirects, nothing decoded. */
export interface ProviderCalls {
  /**
   * @param path below the provider's base URL, percent-encoded
   * @throws SilentCall, the reason of `signal`, or got's RequestError
   */
  get(path: string, apiKey: string, signal?: AbortSignal): Promise<ProviderResponse>;
  /** Ends what is running and closes the connections that were kept. */
  close(): void;
}

/**
 * ProviderCalls by got, whose one time-out restarts with every byte, so that a slow but steady body is no
 * fault.
 */
export class GotProviderCalls implements ProviderCalls {
  readonly #agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  readonly #closing = new AbortController();
  readonly #got: Got;

  constructor(
    private readonly baseUrl: string,
    private readonly callTimeoutMs: number,
  ) {
    this.#got = got.extend({
      agent: this.#agents,
      retry: { limit: 0 },
      followRedirect: false,
      throwHttpErrors: false,
      // Decoding is the payload's business: see entity.ts.
      decompress: false,
      headers: { accept: 'application/json', 'accept-encoding': 'gzip' },
    });
  }

  async get(path: string, apiKey: string, signal?: AbortSignal): Promise<ProviderResponse> {
    const enders = signal === undefined ? [this.#closing.signal] : [this.#closing.signal, signal];
    return await failOnSilence(
      this.callTimeoutMs,
      async (watched) => {
        const stream = this.#got.stream(`${this.baseUrl}${path}`, {
          headers: { authorization: `Bearer ${apiKey}` },
          signal: watched.signal,
        });
        // Whoever waits below hears of an error; one that comes after that concerns nobody.
        stream.on('error', () => {});
        const [{ statusCode: status, headers }] = (await once(stream, 'response')) as [
          { statusCode: number; headers: IncomingHttpHeaders },
        ];
        watched.heard();
        const chunks: Buffer[] = [];
        if (status === 200) {
          for await (const chunk of stream) {
            watched.heard();
            chunks.push(chunk);
          }
        }
        stream.destroy();
        return { status, headers, sent: Buffer.concat(chunks) };
      },
      ...enders,
    );
  }

  close(): void {
    this.#closing.abort(new Error('the vault is stopping'));
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }
}
