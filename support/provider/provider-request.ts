import { type InstantRange, instantRangeOf, isSameRange, liesIn } from '../bytes/instant';
/** The three calls a vault makes to a provider (contract, section 2). */
export type ProviderCallKind = 'listing' | 'payload' | 'health';

/** A call as a transport hands it on. */
export interface IncomingProviderCall {
  /** Path and query as received. */
  readonly target: string;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly arrivedMs?: number;
  /** Aborted when the vault hangs up. */
  readonly gone?: AbortSignal;
}

/** One call as the provider received it. Times are milliseconds on the monotonic clock. */
export interface ProviderRequest {
  readonly kind: ProviderCallKind | 'unknown';
  readonly path: string;
  readonly providerId: string | undefined;
  readonly sourceId: string | undefined;
  readonly range: { readonly start: string; readonly end: string } | undefined;
  readonly cursor: string | undefined;
  /** Whether it came with a key that is valid for it. */
  readonly authorized: boolean;
  /** Whether that is the key of a connection test, and not the vault's own. */
  readonly tested: boolean;
  readonly arrivedMs: number;
  readonly answeredMs: number | undefined;
  readonly answer: string;
  /** The fault of the call itself, where the provider turned it away without an armed fault. */
  readonly refusal: string | undefined;
}

/**
 * The calls that a fault is armed against: calls of one kind, to one provider, about one log or one range, or
 * any.
 */
export interface ProviderTarget {
  readonly kind: ProviderCallKind;
  readonly providerId?: string;
  readonly sourceId?: string;
  /** The same instants, however they are written. */
  readonly range?: { readonly start: string; readonly end: string };
  /** Any range that lies in this one. */
  readonly within?: { readonly start: string; readonly end: string };
  /** Pages of a listing that a cursor led to. */
  readonly furtherPages?: true;
}

/** A request whose answer is still being found. */
export type OpenProviderRequest = { -readonly [K in keyof ProviderRequest]: ProviderRequest[K] };

/** Path and query below the path of the provider's base URL; `undefined` for a target outside of it. */
export function targetBelow(basePath: string, target: string): string | undefined {
  return target.startsWith(`${basePath}/`) ? target.slice(basePath.length) : undefined;
}

/**
 * True when a fault armed against `target` strikes this call; a call with a wrong key is turned away before
 * any fault.
 */
export function isAimedAt(target: ProviderTarget, request: ProviderRequest): boolean {
  return (
    request.kind === target.kind &&
    request.authorized &&
    (target.providerId === undefined || request.providerId === target.providerId) &&
    (target.sourceId === undefined || request.sourceId === target.sourceId) &&
    (target.range === undefined || is(isSameRange, request.range, target.range)) &&
    (target.within === undefined || is(liesIn, request.range, target.within)) &&
    (target.furtherPages === undefined || request.cursor !== undefined)
  );
}

function is(
  compared: (asked: InstantRange, wanted: InstantRange) => boolean,
  asked: ProviderRequest['range'],
  wanted: { readonly start: string; readonly end: string },
): boolean {
  return asked !== undefined && compared(instantRangeOf(asked), instantRangeOf(wanted));
}
