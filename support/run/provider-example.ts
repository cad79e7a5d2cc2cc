import type { ProviderShape } from '../profile/provider-shape';
import { ProviderDialect } from '../provider/provider-dialect';

const PROVIDER = 'okta_system_log';
const BASE_URL = 'http://provider.example';

/** Writes a page of a listing as the suite will play the provider, to be held against one of the provider's own. */
export function exampleListing(shape: ProviderShape): readonly string[] {
  const dialect = new ProviderDialect(shape);
  const range = { start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z' };
  const target = dialect.addressOf({ kind: 'listing', providerId: PROVIDER, range });
  const request = dialect.requestOf({ target, headers: {} }, '', { own: '', tested: undefined });
  const log = dialect.asSent({
    providerId: PROVIDER,
    sourceId: 'evt-1',
    timestamp: '2026-01-01T12:00:00Z',
    payload: Buffer.from('{"user":"kim"}'),
  });
  const page = { logs: [log], nextCursor: 'page-2' };
  const { headers, body } = dialect.listing(page, request, { origin: BASE_URL });
  return [
    'A page of a listing, as the suite plays it',
    `  GET ${BASE_URL}${target}`,
    ...(headers.link === undefined ? [] : [`  Link: ${headers.link}`]),
    `  ${body.toString()}`,
  ];
}
