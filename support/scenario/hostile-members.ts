import type { IngestRequest } from '../../services/ingestion-service';

/**
 * Members that mean something to a runtime, and what each would do if a vault merged it into its own objects:
 * a request without a provider, a range or a good priority would be taken for one that has them all.
 */
const poison = {
  provider_id: 'github_audit',
  range: { start: '1971-01-01T00:00:00Z', end: '1971-01-02T00:00:00Z' },
  priority: 'urgent',
} as const;

/**
 * The request with a hostile member more, as a client may send it: `__proto__`, `constructor`, …
 * @param words the member's name, and ` to the range` where it is the range that holds it
 */
export function withHostileMember(request: IngestRequest, words: string): IngestRequest {
  const [name = '', within] = words.split(' to the ');
  const value = name === 'constructor' ? { prototype: poison } : poison;
  // Parsed, not written as a literal: there `__proto__` would be the prototype and never be sent.
  const member = JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`) as object;
  return within === undefined
    ? { ...request, ...member }
    : { ...request, range: { ...request.range, ...member } };
}
