import { config } from 'chai';
import { composeEnvironment } from '../environments/compose';
import { type Mode, readConfiguration } from '../environments/configuration';
import type { Environment } from '../environments/environment';
import { endThoughOpen } from '../process/left-open';
import { RunGuard } from '../process/run-guard';
import { vaultVariables } from './default-vault';
import { prepareRun } from './prepare-run';

/** The work to be done with the environment of a run. */
export interface StandaloneWork {
  readonly mode: Mode;
  /** @returns whether everything held */
  work(environment: Environment): Promise<boolean>;
}

/**
 * A run without Cucumber: one environment, composed as for the suite, and given up however the run ends. Sets
 * the exit code as the suite does: 0 all held, 1 the vault broke a promise, 2 the suite could not judge.
 * @param choose reads the command line; its SuiteError is told in one sentence
 */
export async function runStandalone(choose: () => StandaloneWork): Promise<void> {
  // The SDK would announce the end of Node 20 at every start.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  // What is expected of several members at once is cut too short to be read, by default.
  config.truncateThreshold = 600;
  const guard = RunGuard.start();
  try {
    const { mode, work } = choose();
    Object.assign(process.env, vaultVariables(mode));
    await prepareRun(guard, readConfiguration(process.env, mode));
    process.exitCode = (await work(await composeEnvironment())) ? 0 : 1;
    await guard.end();
    endThoughOpen();
  } catch (error) {
    await guard.cannotJudge(error);
  }
}
