import { runContext } from '../process/run-context';
import { isEnding } from '../process/run-end';
import { RunGuard } from '../process/run-guard';
import type { Environment } from './environment';
import { pace } from './pace';
import { subjectFor } from './subject';

/**
 * Composes the environment of this worker, as the coordinator chose it for the run, and sees to its end.
 * Loaded as needed: a wire run has no use for the reference vault, an embedded one none for the wire mocks.
 * @throws SuiteError when the vault or what it stands on does not start
 */
export async function composeEnvironment(): Promise<Environment> {
  const context = runContext();
  const guard = RunGuard.start();
  try {
    // What hurries broken vaults along needs no patience with the machine.
    const slowness = context.patienceMs === undefined ? pace() : 1;
    const environment = await (context.mode === 'wire'
      ? (require('./wire') as typeof import('./wire')).composeWire(context, slowness)
      : (require('./embedded') as typeof import('./embedded')).composeEmbedded(
          context,
          slowness,
          subjectFor(context),
        ));
    let closing: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      closing ??= environment.close().finally(forget);
      await closing;
    };
    const forget = guard.onEnd(close);
    return { ...environment, close };
  } catch (error) {
    // What fails then fails because the run ends, and this process hears of that in a moment.
    if (isEnding(context.temporaryFolder)) return await new Promise<never>(() => undefined);
    throw error;
  }
}
