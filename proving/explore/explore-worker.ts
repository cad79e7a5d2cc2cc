import '../defects/provide';
import { composeEnvironment } from '../../support/environments/compose';
import { RunGuard } from '../../support/process/run-guard';
import { Exploration } from './exploration';
import type { FromWorker, ToWorker } from './explore-workers';
import { failureLines, keepFailure } from './failure';

const TOLD_EVERY_MS = 500;

/** One process of `npm run explore`: composes an environment of its own, explores its part, and tells how that goes. */
async function explore({ options, part }: Exclude<ToWorker, 'stop'>, enough: AbortSignal): Promise<void> {
  const tell = (message: FromWorker): void => void process.send?.(message);
  try {
    const environment = await composeEnvironment();
    const exploration = new Exploration(environment, options, part, (requirements) =>
      tell({ is: 'broken', requirements }),
    );
    enough.addEventListener('abort', () => exploration.stop());
    // Another may have found something while this one was being started.
    if (enough.aborted) exploration.stop();
    const tellCounts = (): void => tell({ is: 'going on', counts: exploration.tally.counts() });
    const telling = setInterval(tellCounts, TOLD_EVERY_MS);
    const failure = await exploration.run().finally(() => clearInterval(telling));
    tellCounts();
    const lines = failure === undefined ? undefined : failureLines(failure, keepFailure(failure), options);
    tell({ is: 'done', lines });
  } catch (error) {
    tell({ is: 'unable', reason: error instanceof Error ? error.message : String(error) });
  }
}

RunGuard.start();
const enough = new AbortController();
process.on('message', (message: ToWorker) => {
  if (message === 'stop') enough.abort();
  else void explore(message, enough.signal);
});
