import { parseArgs } from 'node:util';
import { SuiteError } from '../../support/bytes/errors';
import type { Environment } from '../../support/environments/environment';
import { Patience } from '../../support/environments/patience';
import { runStandalone } from '../../support/run/standalone';
import { ScenarioScope } from '../../support/scenario/scenario-scope';
import { Services } from '../../support/scenario/services';

const PROVIDER = 'aws_cloudtrail';
const MIB = 1024 ** 2;
const JOB_LIMIT_MS = 900_000;

/**
 * `npm run growth`: offers so many logs (`--logs`), has them ingested by one job, finds them by one search, and judges
 * them as at the end of a scenario. Says how long each took, in all and per log, which is even where growth is linear,
 * and the peak of memory. It never fails for being slow. `--wire` measures a vault over the wire.
 */
async function measure(shared: Environment, logs: number): Promise<boolean> {
  const { answerMs, neverMs } = shared.patience;
  const patience = new Patience({
    answerMs,
    neverMs,
    jobMs: JOB_LIMIT_MS,
    leastJobMs: JOB_LIMIT_MS,
    workDone: () => 0,
  });
  const environment = { ...shared, patience };
  const services = new Services(environment);
  const scope = new ScenarioScope(environment.provider, environment.runId, environment.nextScenarioNumber());
  const offerMs = await timed(async () => scope.offerMany(logs, PROVIDER));
  const jobMs = await timed(async () => {
    const { jobId } = await services.ingestion.ingest({ provider_id: PROVIDER, range: scope.range });
    const { state, error } = await services.watcher.untilEnded(jobId);
    if (state !== 'completed') throw new SuiteError(`the job of ${logs} logs ${state}: ${error?.message}`);
  });
  const searchMs = await timed(async () => {
    const found = await services.logs.all();
    if (found.length !== logs) throw new SuiteError(`search shows ${found.length} of ${logs} logs`);
  });
  const cpuBefore = process.cpuUsage();
  const endMs = await timed(() =>
    services.end.run({ stepsPassed: true, attachEvidence: () => Promise.resolve() }),
  );
  const { user, system } = process.cpuUsage(cpuBefore);
  const cell = (ms: number): string =>
    `${ms.toFixed(0).padStart(7)} ms ${(ms / logs).toFixed(2).padStart(6)}`;
  const peak = (process.resourceUsage().maxRSS * 1024) / MIB;
  process.stdout.write(
    '   logs  vault: one job      vault: one search   suite: the end      of it processor     suite: offering     peak of memory\n',
  );
  process.stdout.write(
    `${String(logs).padStart(7)}  ${cell(jobMs)}  ${cell(searchMs)}  ${cell(endMs)}  ${cell((user + system) / 1_000)}  ${cell(offerMs)}  ${peak.toFixed(0).padStart(5)} MiB\n`,
  );
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
