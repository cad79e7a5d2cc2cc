import fc from 'fast-check';
import type { IngestRequest } from '../../services/ingestion-service';
import type { ProgramRun } from './program-run';
import { SLOT_MS, SLOTS } from './slots';
import { stepKind } from './step';

const NOON_MS = 12 * 3_600_000;
/** More would only take long. */
const MOST_LOGS = 12;

/**
 * Ranges that have nothing in common are asked for at once, and uploads fail a little: whoever works on a job of somebody else's
 * shows by tries that come too early, or too often.
 */
export const rushes = stepKind(
  fc.record({
    lateMs: fc.constantFrom(0, 5, 20),
    failing: fc.constantFrom(1, 2, 0),
    empty: fc.nat({ max: 6 }),
  }),
  async ({ lateMs, failing, empty }, run, checker) => {
    const { environment, services, isAlone } = run.shared;
    const { bucket, metadataGate } = environment;
    await checker.untilAllEnded();
    // For others an answer that comes late is a disturbance.
    const delayMs = isAlone ? lateMs : 0;
    const requests = requestsApart(run, empty);
    run.transcript.when(
      `${requests.length} ranges are ingested at once${delayMs === 0 ? '' : `, MongoDB answers ${delayMs} ms late`}${failing === 0 ? '' : `, storage fails ${failing === 1 ? 'the first upload' : `the first ${failing} uploads`} of each log`}, and the jobs have ended`,
    );
    for (const log of failing === 0 ? [] : run.logs.slice(0, MOST_LOGS)) {
      const { sight } = await services.finder.locate(log.now);
      const armed = bucket.arm(
        { class: 'upload', key: sight() },
        { kind: 'answer', status: 500, code: 'InternalError' },
        failing,
      );
      run.faults.armed(armed, { to: 'upload', how: 'may be tried again' }, log);
    }
    if (delayMs > 0) metadataGate.answerAfter(delayMs);
    try {
      await Promise.all(requests.map((request) => checker.ingest(request)));
      await checker.untilAllEnded();
    } finally {
      if (delayMs > 0) await metadataGate.heal();
    }
  },
  {
    'with a slow MongoDB': ({ lateMs }) => lateMs > 0,
    'with uploads that fail': ({ failing }) => failing > 0,
  },
);

/** Requests for each slot in which there are logs, and for some in which there are none. */
function requestsApart(run: ProgramRun, empty: number): readonly IngestRequest[] {
  const slots = run.providers.flatMap((provider) =>
    Array.from({ length: SLOTS }, (_, slot): IngestRequest => {
      const range = { start: run.scope.at(slot * SLOT_MS), end: run.scope.at((slot + 1) * SLOT_MS) };
      return { provider_id: provider, range };
    }),
  );
  const nothing = Array.from({ length: empty }, (_, index): IngestRequest => {
    const startMs = NOON_MS + run.jobs.length * 100 + index;
    return {
      provider_id: run.provider(index),
      range: { start: run.scope.at(startMs), end: run.scope.at(startMs + 1) },
    };
  });
  return [...nothing, ...slots.filter((request) => run.logsIn(request).length > 0)];
}
