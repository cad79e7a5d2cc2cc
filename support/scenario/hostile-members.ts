import type { IngestRequest } from '../../services/ingestion-service';

/**
 * Members that mean something to a runtime, and what each would do if a vault merged it into its own objects: a request
 * without a provider, a range or a good priority would be taken for one that has them all.
 */
const poison = {
  provider_id: 'github_audit',
  range: { start: '1971-01-01T00:00:00Z', end: '1971-01-02T00:00:00Z' },
  priority: 'urgent',
} as const;

/**
 * The request with a hostile member more, as a client may send it: `__proto__`, `constructor`, …
 * @param within the member that holds it, `range`; the request itself when absent
 */
export function withHostileMember(request: IngestRequest, name: string, within?: 'range'): IngestRequest {
  const value = name === 'constructor' ? { prototype: poison } : poison;
  // Parsed, not written as a literal: there `__proto__` would be the prototype and never be sent.
  const member = JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`) as object;
  return within === undefined
    ? { ...request, ...member }
    : { ...request, range: { ...request.range, ...member } };
}
