import type { IngestRequest } from '../../services/ingestion-service';

/** The same request: each asker writes its instants differently. */
export function respelt({ range, ...request }: IngestRequest, asker: number): IngestRequest {
  const spelt = (text: string): string =>
    [text, text.replace(/Z$/, '+00:00'), text.replace(/(\.\d+)?Z$/, (_, fraction = '.') => `${fraction}0Z`)][
      asker % 3
    ] ?? text;
  return { ...request, range: { start: spelt(range.start), end: spelt(range.end) } };
}
