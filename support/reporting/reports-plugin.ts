import type { Envelope } from '@cucumber/messages';
import { ReportFiles } from './report-files';
import { runResult } from './run-result';

interface CoordinatorContext {
  readonly operation: 'loadSources' | 'loadSupport' | 'runCucumber';
  on(event: 'message', handler: (envelope: Envelope) => void): void;
}

/**
 * Runs once, in the coordinator: hands the messages of the run to its result, which all reports are views of.
 */
export const plugin = {
  type: 'plugin' as const,
  coordinator: ({ operation, on }: CoordinatorContext): (() => Promise<void>) | undefined => {
    if (operation !== 'runCucumber') return undefined;
    const files = ReportFiles.open();
    on('message', (envelope) => runResult().hear(envelope));
    return async () => await files.end();
  },
};
