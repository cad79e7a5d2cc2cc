import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { parseTree } from 'jsonc-parser';
import { memberAt } from '../../../support/profile/member-path';
import type { ProviderShape } from '../../../support/profile/provider-shape';

/** A call to the provider as the reference vault makes it, and what is asked in its place. */
interface Question {
  readonly address: string;
  readonly kind: 'listing' | 'payload' | 'health';
  readonly providerId?: string;
}

/**
 * Stands between the reference vault and a provider that speaks another dialect: passes calls on in that, and
 * answers as they come, but for listings, which become the contract's (section 2).
 */
export class ProviderRelay {
  readonly #server: Server;
  readonly #base: URL;
  readonly #shape: ProviderShape;
  /** Payloads that came with a listing. */
  readonly #inline = new Map<string, Buffer>();

  private constructor(baseUrl: string, shape: ProviderShape) {
    this.#base = new URL(baseUrl);
    this.#shape = shape;
    this.#server = createServer((call, reply) => this.#relay(call, reply));
  }

  static async open(baseUrl: string, shape: ProviderShape): Promise<ProviderRelay> {
    const relay = new ProviderRelay(baseUrl, shape);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  /** The provider's base URL for the vault. */
  get baseUrl(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${this.#path}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  get #path(): string {
    return this.#base.pathname.replace(/\/$/, '');
  }

  #relay(call: IncomingMessage, reply: ServerResponse): void {
    const question = this.#questionOf(call.url ?? '/');
    const stored = question === undefined ? undefined : this.#inline.get(question.address);
    if (stored !== undefined) {
      reply.writeHead(200, { 'content-type': 'application/json', 'content-length': stored.byteLength });
      reply.end(stored);
      return;
    }
    const address = new URL(question?.address ?? call.url ?? '/', this.#base.origin);
    const passed = request(address, { method: call.method ?? 'GET', headers: this.#headersOf(call) });
    // What breaks off on one side breaks off on the other.
    passed.on('error', () => reply.destroy());
    reply.on('close', () => passed.destroy());
    passed.on('response', (answer) => void this.#answer(question, answer, reply));
    passed.end();
  }

  async #answer(
    question: Question | undefined,
    answer: IncomingMessage,
    reply: ServerResponse,
  ): Promise<void> {
    const { statusCode = 502, rawHeaders } = answer;
    answer.on('error', () => reply.destroy());
    if (question?.kind === 'listing' && statusCode === 200) {
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of answer) chunks.push(chunk as Buffer);
      } catch {
        return;
      }
      const listing = this.#listingIn(
        entityOf(Buffer.concat(chunks), answer),
        String(answer.headers.link ?? ''),
        question,
      );
      reply.writeHead(200, { 'content-type': 'application/json' });
      reply.end(listing);
      return;
    }
    const isGood = question?.kind === 'health' && statusCode === this.#shape.health.ok;
    reply.writeHead(isGood ? 200 : statusCode, rawHeaders);
    reply.flushHeaders();
    answer.pipe(reply);
  }

  /** Undefined for a call that the contract does not have. */
  #questionOf(target: string): Question | undefined {
    const { listing, payload, health } = this.#shape;
    const url = new URL(target, this.#base.origin);
    if (!url.pathname.startsWith(`${this.#path}/`)) return undefined;
    const path = url.pathname.slice(this.#path.length);
    if (path === '/health') return { kind: 'health', address: this.#path + health.path.fill({}) };
    const [, provider, source] = /^\/([^/]+)\/logs(?:\/([^/]+))?$/.exec(path) ?? [];
    if (provider === undefined) return undefined;
    const provider_id = decoded(provider);
    if (source !== undefined) {
      const id = decoded(source);
      const address =
        payload === undefined ? entryName(provider_id, id) : this.#path + payload.fill({ provider_id, id });
      return { kind: 'payload', address };
    }
    const cursor = url.searchParams.get('cursor') ?? undefined;
    const start = url.searchParams.get('start') ?? undefined;
    const end = url.searchParams.get('end') ?? undefined;
    const isLink = 'link' in listing.next && cursor !== undefined;
    return {
      kind: 'listing',
      providerId: provider_id,
      address: isLink ? cursor : this.#path + listing.path.fill({ provider_id, start, end, cursor }),
    };
  }

  #headersOf({ headers }: IncomingMessage): OutgoingHttpHeaders {
    const { host, connection, authorization, ...others } = headers;
    const [, key] = /^Bearer (.*)$/s.exec(authorization ?? '') ?? [];
    const { header, value } = this.#shape.authorization;
    const credentials = key === undefined ? { authorization } : { [header]: value.fill({ key }) };
    return { ...others, ...credentials };
  }

  /** The text of the contract's listing; where there is none in it, of none. */
  #listingIn(body: Buffer, link: string, { providerId = '' }: Question): string {
    const { listing, payload } = this.#shape;
    const text = body.toString();
    const whole: unknown = parsed(text);
    const logs = listing.logs === undefined ? whole : memberAt(whole, listing.logs);
    if (!Array.isArray(logs)) return 'null';
    if (payload === undefined) this.#keepEntries(text, providerId);
    const entries = logs.map((entry: unknown) => ({
      id: memberAt(entry, listing.id),
      timestamp: memberAt(entry, listing.timestamp),
    }));
    const next =
      'member' in listing.next ? memberAt(whole, listing.next.member) : linkIn(link, listing.next.link);
    return JSON.stringify({ logs: entries, next_cursor: next });
  }

  #keepEntries(text: string, providerId: string): void {
    const { logs, id } = this.#shape.listing;
    const root = parseTree(text);
    const list = logs
      ?.split('.')
      .reduce(
        (node, name) => node?.children?.find(({ children }) => children?.[0]?.value === name)?.children?.[1],
        root,
      );
    for (const entry of (logs === undefined ? root : list)?.children ?? []) {
      const bytes = Buffer.from(text.slice(entry.offset, entry.offset + entry.length));
      this.#inline.set(entryName(providerId, String(memberAt(parsed(bytes.toString()), id))), bytes);
    }
  }
}

/** No address of a call. */
function entryName(providerId: string, id: string): string {
  return `inline ${providerId} ${id}`;
}

function linkIn(header: string, relation: string): string | null {
  const links = [...header.matchAll(/<([^>]*)>\s*;[^,]*?rel="?([^",;]*)"?/g)];
  return links.find(([, , rel]) => rel === relation)?.[1] ?? null;
}

/** Nothing where it cannot be decoded: then it is no listing. */
function entityOf(sent: Buffer, { headers }: IncomingMessage): Buffer {
  if (headers['content-encoding'] !== 'gzip') return sent;
  try {
    return gunzipSync(sent);
  } catch {
    return Buffer.alloc(0);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
