import fc from 'fast-check';
import { isTerminal } from '../../services/job-service';
import { auditEvent } from '../bytes/audit-event';
import { SLOT_MS, SLOTS } from './slots';
import { stepKind } from './step';
import { ingestion } from './vault-steps';

const some = fc.nat({ max: 11 });

/** The provider has more logs by the time that a listing, or a further page of it, is answered. */
export const growths = stepKind(
  fc.record({
    which: some,
    logs: fc.integer({ min: 1, max: 3 }),
    slot: fc.nat({ max: SLOTS - 1 }),
    furtherPages: fc.boolean(),
  }),
  async ({ which, logs, slot, furtherPages }, run, checker) => {
    const { environment, services } = run.shared;
    const { provider, patience } = environment;
    const { request, words } = ingestion(run, { range: undefined, which, askers: 1 });
    const { provider_id: providerId } = request;
    const what = furtherPages ? 'a further page of its listing' : 'its listing';
    run.transcript.when(
      `${words}, "${providerId}" offers ${logs} logs more at 00:0${slot} while it is asked for ${what}, and the job has ended`,
    );
    const target = { kind: 'listing' as const, providerId, within: run.scope.range };
    const held = provider.arm({ ...target, ...(furtherPages ? { furtherPages } : {}) }, { kind: 'hold' }, 1);
    // On a busy machine it may be held for longer than a vault waits.
    run.faults.armed(held, { to: 'provider', how: 'may be tried again' }, providerId);
    const job = await checker.ingest(request);
    // While another program disturbs the vault, it may not be able to say.
    const isOver = async (): Promise<boolean> =>
      job === undefined ||
      (await services.watcher.look(job.jobId).then(
        ({ state }) => isTerminal(state),
        () => false,
      ));
    await patience.eventually(
      async () => held.hits > 0 || (await isOver()),
      (seen) => seen,
      { everyMs: 5, what: 'the vault to ask for the listing' },
    );
    for (let number = 0; number < logs; number += 1) {
      const payload = auditEvent(`log ${run.logs.length + 1}`);
      run.offer({ providerId, payload, timestamp: run.scope.at(slot * SLOT_MS + number) });
    }
    held.release();
    if (job !== undefined) await checker.untilEnded(job);
  },
  { 'while a further page is asked for': ({ furtherPages }) => furtherPages },
);
