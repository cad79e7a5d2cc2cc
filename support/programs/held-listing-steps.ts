import fc from 'fast-check';
import { stepKind } from './step';
import { ingestion } from './vault-steps';

/** By then the vault has given up the first call, and an ingestion that waits for it is late. */
const CALLS_HELD = 2;

/**
 * A provider holds its listing back while somebody asks for an ingestion: that is accepted at once, however slow the provider is
 * (contract, section 1).
 */
export const heldListings = stepKind(
  fc.record({ which: fc.nat({ max: 11 }) }),
  async ({ which }, run, checker) => {
    const { environment, disturbances } = run.shared;
    const { provider, patience, vault } = environment;
    if (vault.settings.retryMaxAttempts <= CALLS_HELD) return;
    await checker.untilAllEnded();
    const { request, words } = ingestion(run, { range: undefined, which, askers: 1 });
    const { provider_id: providerId } = request;
    run.transcript.when(`${words}, and "${providerId}" holds its listing back`);
    const held = provider.arm(
      { kind: 'listing', providerId, within: run.scope.range },
      { kind: 'hold' },
      CALLS_HELD,
    );
    run.faults.armed(held, { to: 'provider', how: 'may be tried again' }, providerId);
    const startMs = performance.now();
    let isAnswered = false;
    const asking = checker.ingest(request).finally(() => {
      isAnswered = true;
    });
    // Whatever it throws is thrown where it is awaited, below.
    asking.catch(() => undefined);
    try {
      const seen = await patience.eventually(
        async () => (isAnswered ? 'answered' : held.hits < CALLS_HELD ? 'waiting' : 'late'),
        (state) => state !== 'waiting',
        { everyMs: 5, what: 'the answer to an ingestion' },
      );
      run.judge(
        ['API-10'],
        seen === 'late' && !disturbances.wasDisturbed(startMs)
          ? `an ingestion from "${providerId}" was not answered while the provider held its listing back for ${CALLS_HELD} calls, each as long as a call may take`
          : undefined,
      );
    } finally {
      held.release();
      await asking.catch(() => undefined);
    }
    const job = await asking;
    if (job !== undefined && job.ended === undefined) await checker.untilEnded(job);
  },
);
