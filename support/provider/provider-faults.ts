import type { ProviderFault } from './provider-answer';

const entry = (members: object): string => JSON.stringify({ logs: [members], next_cursor: null });

/** What stands in place of a listing, by how it differs from what the contract says one is (section 2). */
const listings: Readonly<Record<string, string>> = {
  'an empty body': '',
  'a web page for people': '<!doctype html><title>Maintenance</title><p>We are back soon.</p>',
  'JSON cut off': '{"logs":[{"id":"evt-1","time',
  'the word null': 'null',
  'a list alone': '[{"id":"evt-1","timestamp":"2026-01-01T12:00:00Z"}]',
  'no logs member': '{"next_cursor":null}',
  'logs that are null': '{"logs":null,"next_cursor":null}',
  'logs that are not a list': '{"logs":{"id":"evt-1"},"next_cursor":null}',
  'an entry without an id': entry({ timestamp: '2026-01-01T12:00:00Z' }),
  'an id that is a number': entry({ id: 1, timestamp: '2026-01-01T12:00:00Z' }),
  'an entry without a timestamp': entry({ id: 'evt-1' }),
  'a timestamp that is not one': entry({ id: 'evt-1', timestamp: 'yesterday' }),
  'a cursor that is a number': '{"logs":[],"next_cursor":2}',
};

const named: Readonly<Record<string, ProviderFault>> = {
  'a connection reset': { kind: 'reset' },
  silence: { kind: 'silence' },
  'a body cut short': { kind: 'short-body' },
  'half a body and then silence': { kind: 'stalled-body' },
  'chunks that break off': { kind: 'broken-chunks' },
  'an empty body with the digest of the whole': { kind: 'emptied-body' },
  'a body that does not match its digest': { kind: 'corrupt-body' },
};

/** The fault a feature file names: `503`, `429 with Retry-After 1`, `silence`, … @throws Error for any other words */
export function providerFaultOf(words: string): ProviderFault {
  const answer = /^(\d{3})(?: with Retry-After (\S+))?$/.exec(words);
  if (answer !== null) {
    const [, status, retryAfter] = answer;
    const asked = retryAfter === undefined ? {} : { retryAfter };
    return { kind: 'status', status: Number(status), ...asked };
  }
  const text = listings[words];
  if (text !== undefined) return { kind: 'listing-text', text };
  const fault = named[words];
  if (fault === undefined) {
    const known = [...Object.keys(named), ...Object.keys(listings)];
    throw new Error(
      `a provider knows no fault "${words}"; it knows an answer such as "503", and: ${known.join(', ')}`,
    );
  }
  return fault;
}
