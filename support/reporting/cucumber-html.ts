import type { Writable } from 'node:stream';
import cucumbersOwn from '@cucumber/cucumber/lib/formatter/builtin/html';
import type { Envelope } from '@cucumber/messages';

type Context = Parameters<typeof cucumbersOwn.formatter>[0];

/** `reports/cucumber.html`: Cucumber's own page, of a run that may not have come to its end. */
export async function cucumberHtml(envelopes: readonly Envelope[]): Promise<string> {
  const chunks: string[] = [];
  const hearers: ((envelope: Envelope) => void)[] = [];
  const context: Context = {
    on: (_, hear) => hearers.push(hear),
    options: {},
    logger: console,
    stream: undefined as unknown as Writable,
    write: (chunk) => chunks.push(String(chunk)),
  };
  const finish = cucumbersOwn.formatter(context);
  for (const envelope of envelopes) for (const hear of hearers) hear(envelope);
  await finish();
  return chunks.join('');
}
