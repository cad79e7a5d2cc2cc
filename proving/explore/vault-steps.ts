import fc from 'fast-check';
import type { IngestRequest } from '../../services/ingestion-service';
import { SLOT_MS, SLOTS } from './provider-steps';
import type { Step } from './step';
import type { Story } from './story';

const some = fc.nat({ max: 11 });

const ranges = fc.record({
  provider: fc.nat({ max: 1 }),
  from: fc.nat({ max: SLOTS - 1 }),
  slots: fc.integer({ min: 1, max: SLOTS }),
});

interface SlotRange {
  readonly provider: number;
  readonly from: number;
  readonly slots: number;
}

const asked = fc.record({
  range: fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 3, arbitrary: ranges }),
  which: some,
  priority: fc.constantFrom(undefined, 'high' as const, 'low' as const),
  askers: fc.constantFrom(1, 1, 1, 4),
});

/** Somebody has a range ingested, and waits for the job. */
export const ingestions: fc.Arbitrary<Step> = asked.map(
  (how): Step =>
    async (story, auditor) => {
      const { request, words } = ingestion(story, how);
      story.tell.when(`${words}, and the job has ended`);
      const job = await auditor.ingest(request, how.askers);
      if (job !== undefined && job.ended === undefined) await auditor.untilEnded(job);
    },
);

/** Somebody has a range ingested, and goes on with something else. */
export const beginnings: fc.Arbitrary<Step> = asked.map(
  (how): Step =>
    async (story, auditor) => {
      const { request, words } = ingestion(story, how);
      story.tell.when(words);
      await auditor.ingest(request, how.askers);
    },
);

/** Somebody waits until every job has ended. */
export const waits: fc.Arbitrary<Step> = fc.constant(async (story, auditor) => {
  if (!story.jobs.some(({ ended }) => ended === undefined)) return;
  story.tell.when('every job has ended');
  await auditor.untilAllEnded();
});

/** Somebody searches, page by page. */
export const searches: fc.Arbitrary<Step> = fc.constantFrom(1, 2, 3, 50, 1_000).map(
  (limit): Step =>
    async (story, auditor) => {
      story.tell.when(`the auditor searches by pages of ${limit}`);
      await auditor.search(limit);
    },
);

/** Somebody reads a raw log; several at once where there are several readers. */
export const reads: fc.Arbitrary<Step> = fc.record({ which: some, readers: fc.constantFrom(1, 1, 3) }).map(
  ({ which, readers }): Step =>
    async (story, auditor) => {
      const logs = Array.from({ length: readers }, (_, reader) => story.pick(which + reader));
      const names = logs.map(({ name }) => `"${name}"`).join(' and ');
      story.tell.when(`the auditor retrieves the raw ${names}${readers === 1 ? '' : ' at once'}`);
      await Promise.all(logs.map((log) => auditor.read(log)));
    },
);

/** Somebody asks how a job is. */
export const lookUps: fc.Arbitrary<Step> = some.map(
  (which): Step =>
    async (story, auditor) => {
      const number = which % Math.max(1, story.jobs.length);
      const job = story.jobs[number];
      if (job === undefined) return;
      story.tell.when(`the auditor asks how the ${ordinal(number + 1)} job is`);
      await auditor.lookUp(job);
    },
);

/** The request for some slots of the day, and how it reads; without a range, for that of the log of that number. */
export function ingestion(
  story: Story,
  {
    range,
    which,
    priority,
    askers,
  }: {
    readonly range: SlotRange | undefined;
    readonly which: number;
    readonly priority?: IngestRequest['priority'];
    readonly askers: number;
  },
): { readonly request: IngestRequest; readonly words: string } {
  const slots = range ?? { from: 0, slots: SLOTS };
  const providerId = range === undefined ? story.pick(which).now.providerId : story.provider(range.provider);
  const until = Math.min(SLOTS, slots.from + slots.slots);
  const request = {
    provider_id: providerId,
    range: { start: story.scope.at(slots.from * SLOT_MS), end: story.scope.at(until * SLOT_MS) },
    ...(priority === undefined ? {} : { priority }),
  };
  const who = askers === 1 ? '' : `, asked for by ${askers} at once`;
  const urgency = priority === undefined ? '' : `, priority ${priority}`;
  return {
    request,
    words: `"${providerId}" is ingested from 00:0${slots.from} to 00:0${until}${urgency}${who}`,
  };
}

function ordinal(number: number): string {
  return ['first', 'second', 'third', 'fourth', 'fifth'][number - 1] ?? `${number}th`;
}
