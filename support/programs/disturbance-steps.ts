import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { probeReadiness } from '../environments/readiness';
import type { ProgramRun } from './program-run';
import { stepKind } from './step';
import { ingestion } from './vault-steps';

const some = fc.nat({ max: 11 });

/** Short enough for every job to survive (contract, section 4). */
const ABSENCES_MS = [50, 300] as const;

/** MongoDB is away for a moment, in which somebody asks. */
export const absences = stepKind(
  fc.record({
    which: some,
    absentMs: fc.constantFrom(...ABSENCES_MS),
    asks: fc.constantFrom('search', 'read', 'ingest'),
  }),
  async ({ which, absentMs, asks }, run, checker) => {
    const { disturbances, environment } = run.shared;
    const { metadataGate } = environment;
    const log = run.pick(which);
    const { request, words } = ingestion(run, { range: undefined, which, askers: 1 });
    const questions = {
      search: { words: 'the auditor searches', ask: () => checker.search(50) },
      read: { words: `the auditor retrieves the raw "${log.name}"`, ask: () => checker.read(log) },
      ingest: { words, ask: () => checker.ingest(request) },
    } as const;
    const question = questions[asks as keyof typeof questions];
    run.transcript.when(`MongoDB is away for ${absentMs} ms, and meanwhile ${question.words}`);
    await disturbances.disturb('MongoDB is away', async () => {
      await metadataGate.cut();
      const answered = question.ask().then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      await pause(absentMs);
      await metadataGate.heal();
      const failure = await answered;
      await untilServing(run);
      if (failure !== undefined) throw failure.error;
    });
  },
);

/** Waits until every vault serves again by itself. @throws TimeoutError */
async function untilServing({ shared }: ProgramRun): Promise<void> {
  const { vault, patience } = shared.environment;
  for (const member of vault.members) {
    await patience.eventually(
      () => probeReadiness(member.baseUrl),
      (seen) => seen === 'ready',
      { what: 'the vault to serve again by itself, now that MongoDB is back' },
    );
  }
}
