import { availableParallelism } from 'node:os';
import Cli from '@cucumber/cucumber/lib/cli/index';
import { endThoughOpen } from '../process/left-open';
import { RunGuard } from '../process/run-guard';
import { knownFailures, refuseUnknownScenarios, scenarioNames } from '../reporting/known-failures';
import { runArguments } from './arguments';
import { commandLine } from './command-line';
import { tellUnjudged } from './unjudged';
import { WORKER_FLAGS } from './worker-flags';

/** Runs Cucumber in this process, as its own command would; whatever stops it, every report says so. */
export async function launch(args: readonly string[]): Promise<void> {
  const guard = RunGuard.start();
  try {
    const { cucumber, environment } = runArguments(args, {
      cores: availableParallelism(),
      startsVault: (process.env.VAULT_COMMAND ?? '') !== '',
    });
    Object.assign(process.env, environment);
    refuseUnknownScenarios(knownFailures(), scenarioNames());
    process.argv = [...(await commandLine(cucumber))];
    // Cucumber forks its workers, which inherit these.
    process.execArgv.push(...WORKER_FLAGS);
    const { argv, env, stdout, stderr } = process;
    const { shouldExitImmediately } = await new Cli({ argv, cwd: process.cwd(), stdout, stderr, env }).run();
    if (shouldExitImmediately) process.exit();
  } catch (error) {
    // What fails then fails because everything is being ended.
    if (guard.isInterrupted) return;
    await guard.end();
    tellUnjudged(error);
  }
  endThoughOpen();
}
