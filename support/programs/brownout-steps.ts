import fc from 'fast-check';
import type { ArmedFault } from '../faults/fault-board';
import { describeProviderFault, type ProviderFault } from '../provider/provider-faults';
import type { Checker } from './checker';
import { offerMany } from './offer-steps';
import type { ProgramLog, ProgramRun } from './program-run';
import { calls, healAll } from './provider-steps';
import { SLOTS } from './slots';
import { stepKind } from './step';
import { passingReadFaults, passingUploadFaults } from './storage-faults';
import { armFor, inWords } from './storage-steps';
import { ingestion } from './vault-steps';

/** Some fail less often than a vault tries: a job survives that. Others go on until all is healed. */
const lasting = fc.constantFrom('survived' as const, 'until healed' as const);

/** So many that a vault which counts failures over all calls has something to count. */
const someLogs = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 6, max: 14 }) },
  { weight: 1, arbitrary: fc.integer({ min: 17, max: 30 }) },
);

const common = { provider: fc.nat({ max: 1 }), slot: fc.nat({ max: SLOTS - 1 }), logs: someLogs };

interface Brownout {
  readonly provider: number;
  readonly slot: number;
  readonly logs: number;
}

/** For a while storage fails uploads of many logs at once. */
export const uploadBrownouts = stepKind(
  fc.record({ ...common, fault: passingUploadFaults, lasting }),
  async ({ fault, lasting, ...where }, run, checker) => {
    const logs = offered(run, where);
    const times = timesOf(run, lasting, logs.length);
    for (const log of logs) await armFor(run, 'upload', log, { fault, times, taking: 'may be tried again' });
    run.transcript.given(
      inWords('upload', `each of "${logs[0]?.name}" and those after it`, { fault, times }),
    );
    await ingested(run, checker, where);
    await healed(run, checker, where);
  },
  { 'for longer than a job tries': ({ lasting }) => lasting === 'until healed' },
);

/** For a while a provider fails calls for many payloads at once. */
export const payloadBrownouts = stepKind(
  fc.record({
    ...common,
    fault: fc.oneof(
      fc.constantFrom(429, 500, 502, 503, 504).map((status) => ({ kind: 'status' as const, status })),
      fc.constant<ProviderFault>({ kind: 'reset' }),
    ),
    lasting,
  }),
  async ({ fault, lasting, ...where }, run, checker) => {
    const { provider } = run.shared.environment;
    const logs = offered(run, where);
    const times = timesOf(run, lasting, logs.length);
    for (const log of logs) {
      const { providerId, sourceId } = log.now;
      const armed = provider.arm({ kind: 'payload', providerId, sourceId }, fault, times);
      run.faults.armed(armed, { to: 'provider', how: 'may be tried again' }, log);
    }
    run.transcript.given(
      `"${run.provider(where.provider)}" answers ${calls(times)} for each of those payloads with ${describeProviderFault(fault)}`,
    );
    await ingested(run, checker, where);
    await healed(run, checker, where);
  },
  { 'for longer than a job tries': ({ lasting }) => lasting === 'until healed' },
);

/** For a while storage fails reads of many logs at once, of auditors or of a job that looks for them. */
export const readBrownouts = stepKind(
  fc.record({
    ...common,
    fault: passingReadFaults,
    times: fc.integer({ min: 1, max: 3 }),
    by: fc.constantFrom('auditors', 'a job'),
  }),
  async ({ fault, times, by, ...where }, run, checker) => {
    const logs = offered(run, where);
    await ingested(run, checker, where);
    const armed: ArmedFault<unknown>[] = [];
    for (const log of logs) armed.push(await armFor(run, 'read', log, { fault, times, taking: 'either' }));
    run.transcript.given(inWords('read', `each of "${logs[0]?.name}" and those after it`, { fault, times }));
    if (by === 'a job') {
      await ingested(run, checker, where);
    } else {
      run.transcript.when(`auditors retrieve each of them until none meets a fault any more`);
      // A look-up of the object is a read as well, and a vault may try again before it answers.
      for (let time = 0; time < times; time += 1) {
        const failing = logs.filter((_, index) => armed[index]?.spent === false);
        await Promise.all(failing.map((log) => checker.logs.read(log)));
      }
    }
    await healed(run, checker, where);
    await Promise.all(logs.map((log) => checker.logs.read(log)));
  },
  { 'met by a job': ({ by }) => by === 'a job', 'met by auditors': ({ by }) => by === 'auditors' },
);

function offered(run: ProgramRun, { provider, slot, logs }: Brownout): readonly ProgramLog[] {
  const providerId = run.provider(provider);
  const all = offerMany(run, providerId, slot, logs);
  run.transcript.given(`"${providerId}" offers "${all[0]?.name}" and ${logs - 1} logs after it`);
  return all;
}

/** With many logs fewer, for a vault that brings one after the other waits for each of them. */
const MANY_LOGS = 16;

function timesOf({ shared }: ProgramRun, lasting: 'survived' | 'until healed', logs: number): number {
  const most = shared.environment.vault.settings.retryMaxAttempts;
  if (lasting === 'until healed' || most < 2) return Number.POSITIVE_INFINITY;
  return Math.min(logs > MANY_LOGS ? 2 : 3, most - 1);
}

async function ingested(run: ProgramRun, checker: Checker, { provider, slot }: Brownout): Promise<void> {
  const range = { provider, from: slot, slots: 1 };
  const { request, words } = ingestion(run, { range, which: 0, askers: 1 });
  run.transcript.when(`${words}, and the job has ended`);
  const job = await checker.ingest(request);
  if (job !== undefined && job.ended === undefined) await checker.untilEnded(job);
}

/** Once all is healed, a vault goes on at once: the next job meets nothing any more, so that it has to complete. */
async function healed(run: ProgramRun, checker: Checker, where: Brownout): Promise<void> {
  healAll(run);
  await ingested(run, checker, where);
}
