import { EventEmitter } from 'node:events';
import nock from 'nock';
import { providerFindings } from './provider-findings';
import type { ProviderScript } from './provider-script';

/** The listeners that Node takes for normal. */
const USUAL_LISTENERS = EventEmitter.defaultMaxListeners;

/**
 * The provider in-process: nock intercepts what the vault sends to `baseUrl` and answers from the script.
 * Anything the vault sends elsewhere, 127.0.0.1 apart, is refused and noted.
 */
export class NockProvider {
  readonly #script: ProviderScript;
  readonly #strangers: string[] = [];
  readonly #expected = new Set<string>();
  readonly #noteStranger = (request: { host?: string; path?: string; options?: { host?: string } }): void => {
    const host = request.host ?? request.options?.host ?? 'an unknown host';
    if (!host.startsWith('127.0.0.1')) this.#strangers.push(`${host}${request.path ?? ''}`);
  };

  constructor(
    script: ProviderScript,
    /** The URL that the vault is given as PROVIDER_BASE_URL; no such host exists. */
    readonly baseUrl: string,
  ) {
    this.#script = script;
    script.onOffer(({ providerId }) => this.#expectListing(providerId));
  }

  /** From here on nothing but 127.0.0.1 and the scripted provider can be reached from this process. */
  open(): void {
    if (!nock.isActive()) nock.activate();
    nock.disableNetConnect();
    nock.enableNetConnect('127.0.0.1');
    nock.emitter.on('no match', this.#noteStranger);
    // From Node 22 on the socket that nock plays waits for a connection with one listener for each chunk that
    // comes before it.
    EventEmitter.defaultMaxListeners = 0;
    this.reset();
  }

  /** Fresh interceptors: for the next scenario. */
  reset(): void {
    nock.cleanAll();
    this.#expected.clear();
    this.#strangers.length = 0;
    this.#reply((target) => !this.#expected.has(this.#providerOfListing(target)), { optional: true });
  }

  close(): void {
    nock.emitter.off('no match', this.#noteStranger);
    EventEmitter.defaultMaxListeners = USUAL_LISTENERS;
    nock.cleanAll();
    nock.enableNetConnect();
    nock.restore();
  }

  /** Tells what was meant to be asked and was not, and what was asked of hosts that no scenario offers. */
  findings(): string[] {
    return [
      // An interceptor that stayed pending is a listing nobody asked for; nock itself can only quote its
      // code.
      ...(nock.pendingMocks().length === 0 ? [] : providerFindings(this.#script, this.baseUrl)),
      ...this.#strangers.map((stranger) => `the vault called ${stranger}, which is not its provider`),
    ];
  }

  /**
   * A provider that offers logs is meant to be asked for its listing: its interceptor may not stay pending.
   */
  #expectListing(providerId: string): void {
    if (this.#expected.has(providerId)) return;
    this.#expected.add(providerId);
    this.#reply((target) => this.#providerOfListing(target) === providerId, { optional: false });
  }

  /** The provider whose listing a call asks for; empty for any other call. */
  #providerOfListing(target: string): string {
    return this.#script.dialect.providerListedBy(target, this.#script.basePath);
  }

  #reply(answers: (target: string) => boolean, { optional }: { readonly optional: boolean }): void {
    const script = this.#script;
    nock(this.baseUrl)
      .persist()
      .get(answers)
      .optionally(optional)
      .reply(async function (target) {
        const headers = Object.entries(this.req.headers).map(([name, value]) => [name, onlyOne(value)]);
        const answer = await script.answer({ target, headers: Object.fromEntries(headers) });
        return await answer.delivery.inProcess(answer);
      });
  }
}

function onlyOne(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
