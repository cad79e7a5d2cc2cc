import { z } from 'zod';
import { providerFault, type VaultFault } from '../faults';
import type { IngestRange } from '../persistence/documents';
import { SilentCall } from '../silence';
import { type Instant, parseInstant } from '../timestamps';
import type { EntityReader } from './entity';
import type { ProviderCalls, ProviderResponse } from './provider-calls';

/** A log as a provider lists it. */
export interface ListedLog {
  /** The provider's own id. */
  readonly sourceId: string;
  /** As the provider wrote it. */
  readonly timestamp: string;
  readonly instant: Instant;
}

export interface ListingPage {
  readonly logs: readonly ListedLog[];
  readonly nextCursor: string | null;
}

/**
 * Asks a provider (contract section 2). Each call is one attempt. Every failure is a VaultFault:
 * `provider_unavailable` (transient), `provider_unauthorized` or `provider_rejected`.
 */
export interface ProviderClient {
  /** @param cursor of the page before; undefined for the first page */
  listPage(
    providerId: string,
    range: IngestRange,
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<ListingPage>;
  /** A log's raw payload, byte for byte. */
  fetchPayload(providerId: string, sourceId: string, signal: AbortSignal): Promise<Buffer>;
}

const MAX_SOURCE_ID_CHARACTERS = 200;

const sourceIdSchema = z
  .string()
  .min(1)
  .refine((id) => [...id].length <= MAX_SOURCE_ID_CHARACTERS)
  // A path segment of two dots leads elsewhere, and half a surrogate pair cannot be percent-encoded.
  .refine((id) => id !== '.' && id !== '..' && !/\p{Surrogate}/u.test(id));

const listingSchema = z.object({
  logs: z.array(
    z
      .object({ id: sourceIdSchema, timestamp: z.string() })
      .transform(({ id, timestamp }, context): ListedLog => {
        const instant = parseInstant(timestamp);
        if (instant !== undefined) return { sourceId: id, timestamp, instant };
        context.addIssue({ code: 'custom', message: 'not an RFC 3339 timestamp' });
        return z.NEVER;
      }),
  ),
  next_cursor: z.string().nullable(),
});

export class HttpProviderClient implements ProviderClient {
  constructor(
    private readonly calls: ProviderCalls,
    private readonly readEntity: EntityReader,
    private readonly apiKey: string,
  ) {}

  async listPage(
    providerId: string,
    range: IngestRange,
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<ListingPage> {
    const query = new URLSearchParams({ ...range, ...(cursor === undefined ? {} : { cursor }) });
    const body = await this.#get(`${pathOf(providerId)}?${query}`, 'the listing', signal);
    const listing = listingSchema.safeParse(parseJson(body));
    if (!listing.success) throw providerFault('unavailable', "The provider's listing is not a listing.");
    return { logs: listing.data.logs, nextCursor: listing.data.next_cursor };
  }

  async fetchPayload(providerId: string, sourceId: string, signal: AbortSignal): Promise<Buffer> {
    return await this.#get(`${pathOf(providerId)}/${encodeURIComponent(sourceId)}`, 'a payload', signal);
  }

  async #get(path: string, what: string, signal: AbortSignal): Promise<Buffer> {
    const response = await this.calls.get(path, this.apiKey, signal).catch((error: unknown) => {
      if (signal.aborted) throw signal.reason;
      const how = error instanceof SilentCall ? 'stayed silent when asked for' : 'broke off';
      throw providerFault('unavailable', `The provider ${how} ${what}.`, { cause: error });
    });
    const fault = faultOf(response, what);
    if (fault !== undefined) throw fault;
    return await this.readEntity(response);
  }
}

function faultOf({ status, headers }: ProviderResponse, what: string): VaultFault | undefined {
  if (status === 200) return undefined;
  const message = `The provider answered ${status} to ${what}.`;
  if (status === 401 || status === 403) return providerFault('unauthorized', message);
  if (status !== 429 && status < 500) return providerFault('rejected', message);
  const seconds = headers['retry-after'];
  const retryAfter = /^\d{1,9}$/.test(seconds ?? '') ? { retryAfterMs: Number(seconds) * 1000 } : {};
  return providerFault('unavailable', message, retryAfter);
}

function pathOf(providerId: string): string {
  return `/${encodeURIComponent(providerId)}/logs`;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}
