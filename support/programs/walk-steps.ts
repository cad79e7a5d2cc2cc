import fc from 'fast-check';
import type { TimeRange } from '../../services/ingestion-service';
import { auditEvent } from '../bytes/audit-event';
import { compareInstants, instantOf, instantRangeOf, isWithin } from '../bytes/instant';
import { inSearchOrder } from '../ledger/search-order';
import type { Checker } from './checker';
import type { ProgramRun } from './program-run';
import { SLOT_MS } from './slots';
import { stepKind } from './step';

/** Later than most logs are dated; where one is later still, nothing is walked through. */
const LATER_MS = Date.UTC(2200, 0, 1);
const SLOT = 3;
/** More would only take long. */
const MOST_PAGES = 20;

/**
 * Somebody goes through the pages of a search while logs are added that come after all of them: each log that was there before is
 * seen once and in order (contract, section 1). Nobody else may be adding any.
 */
export const walks = stepKind(
  fc.record({
    provider: fc.nat({ max: 1 }),
    limit: fc.constantFrom(1, 2, 3),
    added: fc.integer({ min: 1, max: 3 }),
  }),
  async ({ provider, limit, added }, run, checker) => {
    const { services, isAlone } = run.shared;
    if (!isAlone || services.ledger.indeterminate.length > 0) return;
    await checker.untilAllEnded();
    const before = await records(run);
    const next = instantOf(later(run));
    if (before.some(({ timestamp }) => compareInstants(instantOf(timestamp), next) >= 0)) return;
    const pageLogs = Math.max(limit, Math.ceil(before.length / MOST_PAGES));
    run.transcript.when(
      `the auditor goes through pages of ${pageLogs}, and a later log is ingested before each of the first ${added}`,
    );
    const due = inSearchOrder(before).map(({ logId }) => logId);
    const seen: string[] = [];
    for (let page = 0; seen.length < due.length; page += 1) {
      if (page < added) await ingestLater(run, checker, provider);
      const { logs } = await services.logs.page({ limit: pageLogs, offset: page * pageLogs });
      // Whether a page is right is judged where somebody searches.
      if (logs.length === 0) break;
      seen.push(...logs.map(({ id }) => id));
    }
    const at = due.findIndex((id, index) => seen[index] !== id);
    run.judge(
      ['API-33'],
      at < 0
        ? undefined
        : `the auditor went through pages of ${pageLogs}, and saw ${seen[at] ?? 'nothing'} at place ${at + 1}, where ${due[at]} has to be: later logs were added meanwhile`,
    );
  },
);

/** After whatever was offered so before. */
function later({ logs }: ProgramRun): string {
  return new Date(LATER_MS + logs.length * 1_000).toISOString();
}

async function records({ shared }: ProgramRun) {
  const all = await shared.environment.metadata.allRecords();
  return all.filter((record) => record.kind === 'record');
}

async function ingestLater(run: ProgramRun, checker: Checker, provider: number): Promise<void> {
  const request = { provider_id: run.provider(provider), range: untouched(run, run.provider(provider)) };
  run.offer({
    providerId: request.provider_id,
    payload: auditEvent(`log ${run.logs.length + 1}`),
    timestamp: later(run),
    listedAt: request.range.start,
  });
  const job = await checker.ingest(request);
  if (job !== undefined && job.ended === undefined) await checker.untilEnded(job, false);
}

/** A millisecond of which the provider lists nothing: a log that nobody has ingested yet may belong before others. */
function untouched(run: ProgramRun, providerId: string): TimeRange {
  const listed = run.logs.filter(({ now }) => now.providerId === providerId);
  for (let ms = SLOT * SLOT_MS; ; ms += 1) {
    const range = { start: run.scope.at(ms), end: run.scope.at(ms + 1) };
    const instants = instantRangeOf(range);
    if (!listed.some(({ filedAt }) => isWithin(filedAt, instants))) return range;
  }
}
