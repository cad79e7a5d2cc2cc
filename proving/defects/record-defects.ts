import type { LogDocument } from '../../reference-vault/persistence/documents';
import type { Change } from './change';
import { breaking, type Defect } from './defect';

/** Bugs in metadata that is well-formed and not true. */
export const recordDefects: readonly Defect[] = [
  ...breaking('CON-12', {
    'log-renamed-by-re-ingest: gives a log that it knows a new id when it is ingested again': {
      'logRepository.recorded': async ({ real, metadataStore }, logIds) => {
        const recorded = await real.recorded(logIds);
        for (const record of recorded.values()) {
          const renamed = { ...record, _id: again(record._id) };
          await metadataStore.run(async ({ logs }) => {
            await logs.deleteOne({ _id: record._id });
            await logs.insertOne(renamed);
          });
        }
        return recorded;
      },
    },
    'log-recorded-as-the-one-before: writes the id of the log before into the metadata of a log':
      besideBefore((record, before) => ({ ...record, source_id: before.source_id })),
    'record-of-a-log-made-up: adds to the records of a job one that sums it up': {
      'logRepository.add': async ({ real }, records) => {
        const [first] = records;
        const summary = first && { ...first, _id: again(first._id), source_id: `summary of ${first.job_id}` };
        await real.add(summary === undefined ? records : [...records, summary]);
      },
    },
  }),
  ...breaking('CON-13', {
    'log-recorded-twice: writes two records of a log, under two ids': {
      'logRepository.add': async ({ real }, records) =>
        await real.add(records.flatMap((record) => [record, { ...record, _id: again(record._id) }])),
    },
  }),
  ...breaking('FID-4', {
    'object-of-the-log-before: names in the metadata of a log the object of the log before': besideBefore(
      (record, { object }) => ({ ...record, object }),
    ),
    'object-and-checksum-of-the-log-before: describes in the metadata of a log the bytes of the log before':
      besideBefore((record, { object, checksum, bytes }) => ({ ...record, object, checksum, bytes })),
  }),
];

/** Writes records otherwise that are written together with others. */
function besideBefore(change: (record: LogDocument, before: LogDocument) => LogDocument): Change {
  return {
    'logRepository.add': async ({ real }, records) =>
      await real.add(
        records.map((record, at) => {
          const before = records[at - 1];
          return before === undefined ? record : change(record, before);
        }),
      ),
  };
}

/** Another id of the same form. */
function again(id: string): string {
  return id.endsWith('0') ? `${id.slice(0, -1)}1` : `${id.slice(0, -1)}0`;
}
