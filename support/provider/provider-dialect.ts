import { NotOfThisShape } from '../profile/not-of-this-shape';
import { CONTRACT_PROVIDER, type ProviderShape } from '../profile/provider-shape';
import { type BrokenListing, brokenListing } from './broken-listing';
import { inlinePayload } from './inline-payload';
import { entryOf, listingBody } from './listing-body';
import { type ListingText, textOfPage } from './listing-text';
import type { OfferedLog } from './offered-log';
import { json, type ProviderAnswer, whole } from './provider-answer';
import type { ListingPage } from './provider-listing';
import {
  type IncomingProviderCall,
  type OpenProviderRequest,
  type ProviderRequest,
  type ProviderTarget,
  targetBelow,
} from './provider-request';

/** No provider hands over a gigabyte because it lists a log again and again. */
const MOST_LISTED_BYTES = 4 * 1024 * 1024;

/**
 * The language of a provider: makes questions to its script out of calls, and bytes of the script's answers
 * (contract, sections 2 and 8).
 */
export class ProviderDialect {
  readonly #shape: ProviderShape;

  constructor(shape: ProviderShape = CONTRACT_PROVIDER) {
    this.#shape = shape;
  }

  /**
   * Reads what a call asks for, and whether it comes with a key that is valid for it: the vault's own or, for a
   * health check, the one under test.
   * @param basePath the path of the provider's base URL, such as `/api/v2`; a call outside of it is of no
   * known kind
   */
  requestOf(
    call: IncomingProviderCall,
    basePath: string,
    keys: { readonly own: string; readonly tested: string | undefined },
  ): OpenProviderRequest {
    const { authorization } = this.#shape;
    const { kind, values } = this.#kindOf(targetBelow(basePath, call.target) ?? '/');
    const { start, end } = values;
    const carries = (key: string | undefined): boolean =>
      key !== undefined && call.headers[authorization.header] === authorization.value.fill({ key });
    const tested = kind === 'health' && carries(keys.tested);
    return {
      kind,
      path: call.target,
      providerId: values.provider_id,
      sourceId: values.id,
      range: start === undefined || end === undefined ? undefined : { start, end },
      cursor: values.cursor,
      authorized: tested || carries(keys.own),
      tested,
      arrivedMs: call.arrivedMs ?? performance.now(),
      answeredMs: undefined,
      answer: 'pending',
      refusal: undefined,
    };
  }

  /** The provider whose listing a call asks for; empty for any other call. */
  providerListedBy(target: string, basePath: string): string {
    const { kind, values } = this.#kindOf(targetBelow(basePath, target) ?? '/');
    return kind === 'listing' ? (values.provider_id ?? '') : '';
  }

  /** The address of a call, below the provider's base URL. @throws NotOfThisShape where there is no such call */
  addressOf(
    target: Pick<ProviderTarget, 'kind' | 'providerId' | 'sourceId' | 'range'>,
    cursor?: string,
  ): string {
    const { listing, payload, health } = this.#shape;
    const { providerId: provider_id, sourceId: id, range } = target;
    if (target.kind === 'health') return health.path.fill({});
    if (target.kind === 'listing') {
      return listing.path.fill({ provider_id, start: range?.start, end: range?.end, cursor });
    }
    if (payload === undefined) throw noPayloadCalls();
    return payload.fill({ provider_id, id });
  }

  /** The path of a provider's listings, whatever their range: where it needs one, its names stand there. */
  listingPath(providerId: string): string {
    const { path } = this.#shape.listing;
    const names = Object.fromEntries(path.names.map((name) => [name, `{${name}}`]));
    return path.path({ ...names, provider_id: encodeURIComponent(providerId) }, (value) => value);
  }

  /** The calls by which the payload of a log is fetched: those for a listing, where it lies there. */
  carrierOf({ providerId, sourceId }: Pick<OfferedLog, 'providerId' | 'sourceId'>): ProviderTarget {
    return this.#shape.payload === undefined
      ? { kind: 'listing', providerId }
      : { kind: 'payload', providerId, sourceId };
  }

  /**
   * Says that a fault can be met here. @throws NotOfThisShape where the provider has no call to be struck, or
   * the fault is none in this dialect
   */
  expectCall({ kind }: Pick<ProviderTarget, 'kind'>, status: number | undefined): void {
    if (kind === 'payload' && this.#shape.payload === undefined) throw noPayloadCalls();
    const { ok } = this.#shape.health;
    const isSuccess = status !== undefined && status >= 200 && status <= 299;
    if (kind === 'health' && isSuccess && ok !== CONTRACT_PROVIDER.health.ok) {
      throw new NotOfThisShape(
        `this provider confirms a key with ${ok}, and the scenario is about ${status}`,
      );
    }
  }

  /** The log as this provider sends it. @throws NotOfThisShape where it cannot be sent so */
  asSent(log: OfferedLog): OfferedLog {
    if (this.#shape.payload !== undefined) return log;
    if (Object.keys(log.delivery ?? {}).length > 0) {
      throw new NotOfThisShape('payloads lie in the listing, so that none travels in a way of its own');
    }
    const { id, timestamp } = this.#shape.listing;
    const payload = inlinePayload(log, { id, timestamp });
    if (log.listedTimes === undefined) return { ...log, payload };
    const most = Math.max(2, Math.floor(MOST_LISTED_BYTES / payload.byteLength));
    return { ...log, payload, listedTimes: Math.min(log.listedTimes, most) };
  }

  /** The logs whose payloads a page of a listing hands over: all of them, or none. */
  handedOverBy({ logs }: ListingPage): readonly OfferedLog[] {
    return this.#shape.payload === undefined ? logs : [];
  }

  /**
   * @param origin where the provider was called, such as `http://127.0.0.1:8081`, and the path of its base URL
   * @param text how the contract's provider writes it; another one has a way of its own
   */
  listing(
    page: ListingPage,
    request: ProviderRequest,
    { origin, text }: { readonly origin: string; readonly text?: ListingText | undefined },
  ): ProviderAnswer {
    const { listing, payload } = this.#shape;
    if (text !== undefined && this.#shape === CONTRACT_PROVIDER) {
      const headers = { 'content-type': text.contentType };
      return { status: 200, headers, body: textOfPage(page, text), delivery: whole };
    }
    const entries = page.logs.map((log) =>
      payload === undefined
        ? log.payload
        : Buffer.from(JSON.stringify(entryOf(listing, log.sourceId, log.timestamp))),
    );
    const body = listingBody(listing, entries, page.nextCursor);
    const headers = { 'content-type': 'application/json' };
    if (!('link' in listing.next) || page.nextCursor === null) {
      return { status: 200, headers, body, delivery: whole };
    }
    const { providerId, range } = request;
    const address = this.addressOf(
      {
        kind: 'listing',
        ...(providerId === undefined ? {} : { providerId }),
        ...(range === undefined ? {} : { range }),
      },
      page.nextCursor,
    );
    // An address in a template may have what a header cannot.
    const link = `<${new URL(origin + address).href}>; rel="${listing.next.link}"`;
    return { status: 200, headers: { ...headers, link }, body, delivery: whole };
  }

  healthy(): ProviderAnswer {
    const { ok } = this.#shape.health;
    const answer = json(ok, { status: 'ok' });
    return ok === 204 || ok === 205 ? { ...answer, headers: {}, body: Buffer.alloc(0) } : answer;
  }

  /** A text that is no listing in this dialect. @throws NotOfThisShape where it would be one */
  brokenListing(how: BrokenListing): string {
    return brokenListing(this.#shape, how);
  }

  #kindOf(target: string): {
    readonly kind: ProviderRequest['kind'];
    readonly values: Readonly<Record<string, string | undefined>>;
  } {
    const { listing, payload, health } = this.#shape;
    const address = new URL(target, 'http://provider.invalid');
    const kinds = [
      ['health', health.path],
      ['payload', payload],
      ['listing', listing.path],
    ] as const;
    // A call that lacks something is still of the kind that has its path.
    for (const [kind, template] of kinds) {
      const values = template?.readWhole(address);
      if (values !== undefined) return { kind, values };
    }
    for (const [kind, template] of kinds) {
      const values = template?.read(address);
      if (values !== undefined) return { kind, values };
    }
    return { kind: 'unknown', values: {} };
  }
}

function noPayloadCalls(): NotOfThisShape {
  return new NotOfThisShape(
    'it is about a call for a payload, and the payloads of this provider lie in its listing',
  );
}
