import { parseUtcInstant } from '../../reference-vault/timestamps';
import { readingJson } from './api-with';
import type { Change } from './change';

/** A request's body, once it is known to be an object. */
export type Body = Readonly<Record<string, unknown>>;

/** A vault that tidies requests up before it checks them. */
export function understanding(tidy: (body: Body) => Body): Change {
  return { 'requestValidation.ingest': ({ real }, body) => real.ingest(isBody(body) ? tidy(body) : body) };
}

/** The same, for the times of a range alone. */
export function readingTimes(read: (time: unknown) => unknown): Change {
  return understanding((body) =>
    withRange(body, ({ start, end }) => ({ start: read(start), end: read(end) })),
  );
}

/** The same, for times that are texts. */
export function rewritingTimes(rewrite: (time: string) => string): Change {
  return readingTimes((time) => (typeof time === 'string' ? rewrite(time) : time));
}

/**
 * A vault that checks providers in another way.
 * @param providerOf answers undefined for what goes the usual way
 */
export function knowingProviders(isKnown: (id: string, providers: readonly string[]) => boolean): Change {
  return {
    'requestValidation.ingest': ({ real, settings }, body) => {
      const id = isBody(body) ? body.provider_id : undefined;
      const [first = ''] = settings.providers;
      if (!isBody(body) || typeof id !== 'string' || !isKnown(id, settings.providers))
        return real.ingest(body);
      const request = real.ingest({ ...body, provider_id: first });
      return { ...request, providerId: id, coalescingKey: `${id}\n${request.coalescingKey}` };
    },
  };
}

/** A vault that compares the ends of a range in another way. */
export function comparing(isRange: (start: string, end: string) => boolean): Change {
  return {
    'requestValidation.ingest': ({ real }, body) => {
      const range = isBody(body) && isBody(body.range) ? body.range : {};
      const { start, end } = range;
      const isTimes = typeof start === 'string' && typeof end === 'string';
      const isUtc = isTimes && [start, end].every((time) => parseUtcInstant(time) !== undefined);
      if (!isBody(body) || !isUtc || !isRange(start, end)) return real.ingest(body);
      const request = real.ingest({
        ...body,
        range: { start: '1970-01-01T00:00:00Z', end: '1970-01-02T00:00:00Z' },
      });
      return {
        ...request,
        range: { start, end },
        coalescingKey: `${request.providerId}\n${start}\n${end}`,
      };
    },
  };
}

/** A vault with another JSON parser. */
export function parsing(read: (text: string) => unknown): Change {
  return readingJson(read);
}

/** The request with another range; as it is, when it has none. */
export function withRange(
  body: Body,
  change: (range: { readonly start?: unknown; readonly end?: unknown }) => object,
): Body {
  return isBody(body.range) ? { ...body, range: change(body.range) } : body;
}

export function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
