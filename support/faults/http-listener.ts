import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import { SuiteError } from '../bytes/errors';
import { resetSocket } from './reset-socket';

/** Answers one request. `gone` is aborted when the caller hangs up before it was answered whole. */
export type HttpHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  gone: AbortSignal,
) => Promise<void>;

export interface ListenOptions {
  /** A fixed port; a free one by default. */
  readonly port?: number;
  /** The address to listen on, 127.0.0.1 by default (BIND_HOST, contract section 7). */
  readonly bindHost?: string;
}

/** Longer than any scenario: a mock that closed an idle connection would inject a fault that nobody armed. */
const KEEP_ALIVE_MS = 10 * 60_000;

/** An HTTP server of the suite's, for the mocks that a vault meets on the wire. It leaves nothing open. */
export class HttpListener {
  /** The URL at which this machine reaches it, without a trailing slash. */
  readonly url: string;
  readonly #server: Server;
  #inFlight = 0;
  #failures: string[] = [];

  private constructor(server: Server, handler: HttpHandler, url: string) {
    this.#server = server;
    this.url = url;
    server.on('request', (request, response) => void this.#handle(handler, request, response));
    // Failing to accept one connection (too many open files, say) must not end the process.
    server.on('error', () => undefined);
  }

  /**
   * @param name what listens, as the subject of a sentence: `The mock provider`, …
   * @throws SuiteError if the address cannot be had
   */
  static async open(name: string, handler: HttpHandler, options: ListenOptions = {}): Promise<HttpListener> {
    const { port = 0, bindHost = '127.0.0.1' } = options;
    const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0, noDelay: true });
    try {
      server.listen(port, bindHost);
      await once(server, 'listening');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new SuiteError(
        `${name} cannot listen on ${bindHost}:${port} (${reason}): stop what uses that port or choose another.`,
        { cause: error },
      );
    }
    const address = server.address();
    const actualPort = address !== null && typeof address === 'object' ? address.port : port;
    return new HttpListener(server, handler, `http://${reachable(bindHost)}:${actualPort}`);
  }

  /** Requests whose headers have arrived and that have not been answered whole. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Tells what went wrong in the handler itself, in words. */
  failures(): readonly string[] {
    return this.#failures;
  }

  reset(): void {
    this.#failures = [];
  }

  /** Ends it for good, with every connection. May be called twice. */
  async close(): Promise<void> {
    const closed = this.#server.listening ? once(this.#server, 'close') : undefined;
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #handle(handler: HttpHandler, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) gone.abort();
    });
    // One that waits for the answer before it on the same connection is told of nothing by Node.
    const { socket } = request;
    const onClosed = (): void => void response.destroy();
    socket.once('close', onClosed);
    response.on('error', () => undefined); // "close" follows
    request.on('error', () => undefined);
    this.#inFlight += 1;
    try {
      await handler(request, response, gone.signal);
    } catch (error) {
      this.#failures.push(error instanceof Error ? error.message : String(error));
      resetConnection(response);
    } finally {
      this.#inFlight -= 1;
      socket.off('close', onClosed);
    }
  }
}

/** Resets the connection, so that the caller meets ECONNRESET and no part of an answer. */
export function resetConnection(response: ServerResponse): void {
  const { socket } = response;
  if (socket !== null) resetSocket(socket);
}

/** Ends the connection once what was written has left: the caller has those bytes, and misses the rest. */
export function cutConnection(response: ServerResponse): void {
  response.flushHeaders();
  response.socket?.destroySoon();
}

/** Settles when the caller hangs up. */
export async function hangUp(gone: AbortSignal): Promise<void> {
  if (!gone.aborted) await once(gone, 'abort');
}

function reachable(bindHost: string): string {
  if (bindHost === '0.0.0.0' || bindHost === '::') return '127.0.0.1';
  return isIPv6(bindHost) ? `[${bindHost}]` : bindHost;
}
