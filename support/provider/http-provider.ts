import type { IncomingMessage } from 'node:http';
import { HttpListener, type ListenOptions } from '../faults/http-listener';
import { json, type ProviderAnswer } from './provider-answer';
import { providerFindings } from './provider-findings';
import type { ProviderScript } from './provider-script';

/** The provider on the wire: an HTTP server that answers from the script (contract, section 2). */
export class HttpProvider {
  readonly #script: ProviderScript;
  readonly #listener: HttpListener;
  readonly #wrongCalls: Set<string>;

  private constructor(script: ProviderScript, listener: HttpListener, wrongCalls: Set<string>) {
    this.#script = script;
    this.#listener = listener;
    this.#wrongCalls = wrongCalls;
  }

  /** @throws SuiteError if the address cannot be had */
  static async open(script: ProviderScript, options: ListenOptions = {}): Promise<HttpProvider> {
    const wrongCalls = new Set<string>();
    const listener = await HttpListener.open(
      'The mock provider',
      async (request, response, gone) => {
        const arrivedMs = performance.now();
        request.resume();
        // What is reset on a connection that was used before, some HTTP clients send once more by themselves,
        // at once.
        response.shouldKeepAlive = false;
        const { method = '', url: target = '/' } = request;
        const answer =
          method === 'GET' && target.startsWith('/') && !target.startsWith('//')
            ? await script.answer({
                target,
                headers: headersOf(request),
                arrivedMs,
                gone,
              })
            : noSuchCall(method, target, wrongCalls);
        await answer.delivery.onTheWire(answer, response, gone);
      },
      options,
    );
    return new HttpProvider(script, listener, wrongCalls);
  }

  /** The URL that the vault is given as PROVIDER_BASE_URL. */
  get baseUrl(): string {
    return this.#listener.url;
  }

  /** Calls that have not been answered whole. */
  get inFlight(): number {
    return this.#listener.inFlight;
  }

  /** For the next scenario: forgets its findings; the script is reset by whoever owns it. */
  reset(): void {
    this.#wrongCalls.clear();
    this.#listener.reset();
  }

  /** Tells what was meant to be asked and was not, and what was asked that no contract names. */
  findings(): string[] {
    return [
      ...providerFindings(this.#script, this.baseUrl),
      ...[...this.#wrongCalls].map(
        (call) => `the vault called ${call} of the provider, which has no such call`,
      ),
      ...this.#listener.failures().map((failure) => `the mock provider failed: ${failure}`),
    ];
  }

  async close(): Promise<void> {
    await this.#listener.close();
  }
}

function headersOf({ headers }: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()]));
}

function noSuchCall(method: string, target: string, wrongCalls: Set<string>): ProviderAnswer {
  wrongCalls.add(`${method} ${target}`);
  return json(method === 'GET' ? 404 : 405, { error: 'no such call' });
}
