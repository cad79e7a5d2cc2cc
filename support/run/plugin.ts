import { SuiteError } from '../bytes/errors';
import { type Configuration, readConfiguration } from '../environments/configuration';
import { RunGuard } from '../process/run-guard';
import { ON_THE_WIRE } from '../reporting/last-failures';
import { describeRun } from '../reporting/run-description';
import { runResult } from '../reporting/run-result';
import type { InfraLease } from './infra-lease';
import { prepareRun } from './prepare-run';
import { exitCodeOf } from './verdict';

interface CoordinatorContext {
  readonly operation: 'loadSources' | 'loadSupport' | 'runCucumber';
  readonly options: { readonly mode?: 'embedded' | 'wire' };
}

/**
 * Runs once, in the coordinator, around the whole run: reads the configuration, starts the one MongoDB, hands
 * the run's context to the workers and sets the exit code.
 */
export const plugin = {
  type: 'plugin' as const,
  coordinator: async ({
    operation,
    options,
  }: CoordinatorContext): Promise<(() => Promise<void>) | undefined> => {
    if (operation !== 'runCucumber') return undefined;
    const guard = RunGuard.start();
    const result = runResult();
    guard.onInterrupt((reason) => result.cutShort(reason));
    // Cucumber sets its own exit code after the clean-up; what the suite means by it is said last.
    process.on('exit', () => {
      if (!guard.isInterrupted) process.exitCode = exitCodeOf(result.conclusion());
    });
    const configuration = readConfiguration(process.env, options.mode ?? 'embedded');
    refuseParallelOnOneVault(configuration);
    const { lease, mongo } = await prepareRun(guard, configuration);
    describeRun({
      ...targetOf(configuration, lease),
      ...shardOf(process.argv),
      seed: String(configuration.seed),
      mongo:
        lease === undefined ? mongo.description : `the infra's MongoDB, ${lease.stores.mongo.description}`,
    });
    return async () => await guard.end();
  },
};

/** Which shard of a run the arguments ask for. */
function shardOf(args: readonly string[]): { readonly shard?: string } {
  const shard = / --shard[= ](\d+\/\d+)/.exec(args.join(' '))?.[1];
  return shard === undefined ? {} : { shard };
}

/** Workers that share one vault would see each other's logs. @throws SuiteError */
function refuseParallelOnOneVault({ mode, target }: Configuration): void {
  const isParallel = / --parallel[= ][^0]/.test(process.argv.join(' '));
  if (mode === 'wire' && 'baseUrl' in target && isParallel) {
    throw new SuiteError(
      '--parallel needs a vault for each worker, and VAULT_BASE_URL names one: leave --parallel out, or set VAULT_COMMAND.',
    );
  }
}

/** Describes what runs, in the words of the report's head. */
function targetOf(
  { mode, target, s3Upstream, defect, profile }: Configuration,
  lease: InfraLease | undefined,
): { readonly mode: string; readonly vault: string; readonly s3: string } {
  if (mode === 'embedded') {
    const vault = defect === undefined ? 'reference vault' : `reference vault with the defect ${defect}`;
    return { mode: 'in-process', vault, s3: 'S3 in memory (aws-sdk-client-mock)' };
  }
  const where = 'command' in target ? `VAULT_COMMAND ${target.command}` : `VAULT_BASE_URL ${target.baseUrl}`;
  const vault = profile.vault === undefined ? where : `${profile.vault} (${where})`;
  if (lease !== undefined) return { mode: ON_THE_WIRE, vault, s3: "the infra's S3" };
  return { mode: ON_THE_WIRE, vault, s3: s3Upstream === undefined ? 'fauxqs' : `the S3 at ${s3Upstream}` };
}
