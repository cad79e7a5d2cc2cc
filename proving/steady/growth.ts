import { parseArgs } from 'node:util';
import { SuiteError } from '../../support/bytes/errors';
import type { Environment } from '../../support/environments/environment';
import { Patience } from '../../support/environments/patience';
import { runStandalone } from '../../support/run/standalone';
import { ScenarioScope } from '../../support/scenario/scenario-scope';
import { Services } from '../../support/scenario/services';

const PROVIDER = 'aws_cloudtrail';
const MIB = 1024 ** 2;
/** How long a job may take, at least and for each log: slow is not wrong here, on a busy machine least of all. */
const LEAST_JOB_LIMIT_MS = 900_000;
const JOB_LIMIT_MS_A_LOG = 200;
/** A vault that is too busy to keep a short lease begins the job anew, and that would be measured. */
const LEASE_MS = 60_000;

/**
 * `npm run growth`: offers so many logs (`--logs`), has them ingested by one job, finds them by one search, and judges
 * them as at the end of a scenario. Says how long each took, in all and per log, which is even where growth is linear,
 * and the peak of memory. It never fails for being slow. `--wire` measures a vault over the wire.
 */
async function measure(shared: Environment, logs: number): Promise<boolean> {
  const { answerMs, neverMs } = shared.patience;
  const jobMs = Math.max(LEAST_JOB_LIMIT_MS, logs * JOB_LIMIT_MS_A_LOG);
  const patience = new Patience({
    answerMs,
    neverMs,
    jobMs,
    leastJobMs: jobMs,
    workDone: () => 0,
  });
  const environment = { ...shared, patience };
  if (environment.lacks('settings') === undefined) await environment.health.runWith({ leaseMs: LEASE_MS });
  const services = new Services(environment);
  const scope = new ScenarioScope(environment.provider, environment.runId, environment.nextScenarioNumber());
  // Each as soon as it is known: of 100,000 logs the last is an hour away.
  const say = (cell: string): boolean => process.stdout.write(cell);
  const sayMs = (ms: number): boolean =>
    say(`${ms.toFixed(0).padStart(9)} ms ${(ms / logs).toFixed(2).padStart(6)}`);
  say('   logs     suite: offering     vault: one job  vault: one search     suite: the end    ');
  say(`of it processor   peak of memory\n${String(logs).padStart(7)}`);
  sayMs(await timed(async () => scope.offerMany(logs, PROVIDER)));
  sayMs(
    await timed(async () => {
      const { jobId } = await services.ingestion.ingest({ provider_id: PROVIDER, range: scope.range });
      const { state, error } = await services.watcher.untilEnded(jobId);
      if (state !== 'completed') throw new SuiteError(`the job of ${logs} logs ${state}: ${error?.message}`);
    }),
  );
  sayMs(
    await timed(async () => {
      const found = await services.logs.all();
      if (found.length !== logs) throw new SuiteError(`search shows ${found.length} of ${logs} logs`);
    }),
  );
  const cpuBefore = process.cpuUsage();
  sayMs(await timed(() => services.end.run({ stepsPassed: true, attachEvidence: () => Promise.resolve() })));
  const { user, system } = process.cpuUsage(cpuBefore);
  sayMs((user + system) / 1_000);
  const peak = (process.resourceUsage().maxRSS * 1024) / MIB;
  say(`${peak.toFixed(0).padStart(13)} MiB\n`);
  return true;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

void runStandalone(() => {
  const { values } = parseArgs({
    options: { logs: { type: 'string', default: '1000' }, wire: { type: 'boolean' } },
  });
  return {
    mode: values.wire === true ? 'wire' : 'embedded',
    work: (environment) => measure(environment, Number(values.logs)),
  };
});
