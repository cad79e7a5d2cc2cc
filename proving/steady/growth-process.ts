import { parseArgs } from 'node:util';
import { SuiteError } from '../../support/bytes/errors';
import type { Environment } from '../../support/environments/environment';
import { Patience } from '../../support/environments/patience';
import { runStandalone } from '../../support/run/standalone';
import { Instruments } from '../../support/scenario/instruments';
import { ScenarioScope } from '../../support/scenario/scenario-scope';

const PROVIDER = 'aws_cloudtrail';
const MIB = 1024 ** 2;
const JOB_LIMIT_MS = 900_000;

/**
 * Part of `npm run bench -- growth`, in a process of its own because its memory is measured: so many logs offered, ingested by one job, found
 * by one search, and judged as at the end of a scenario.
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
  const instruments = new Instruments(environment);
  const scope = new ScenarioScope(environment.provider, environment.runId, environment.nextScenarioNumber());
  const offerMs = await timed(async () => scope.offerMany(logs, PROVIDER));
  const jobMs = await timed(async () => {
    const { jobId } = await instruments.ingestion.ingest({ provider_id: PROVIDER, range: scope.range });
    const { state, error } = await instruments.watcher.untilEnded(jobId);
    if (state !== 'completed') throw new SuiteError(`the job of ${logs} logs ${state}: ${error?.message}`);
  });
  const searchMs = await timed(async () => {
    const found = await instruments.logs.all();
    if (found.length !== logs) throw new SuiteError(`search shows ${found.length} of ${logs} logs`);
  });
  const cpuBefore = process.cpuUsage();
  const endMs = await timed(() =>
    instruments.end.run({ stepsPassed: true, testify: () => Promise.resolve() }),
  );
  const { user, system } = process.cpuUsage(cpuBefore);
  const cell = (ms: number): string =>
    `${ms.toFixed(0).padStart(7)} ms ${(ms / logs).toFixed(2).padStart(6)}`;
  const peak = (process.resourceUsage().maxRSS * 1024) / MIB;
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
  const { values } = parseArgs({ options: { logs: { type: 'string' }, wire: { type: 'boolean' } } });
  return {
    mode: values.wire === true ? 'wire' : 'embedded',
    work: (environment) => measure(environment, Number(values.logs)),
  };
});
