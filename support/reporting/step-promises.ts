import { requirementIdsOf } from './requirements';

/**
 * Which requirements the failure of a step speaks of, by the pattern of the step. A step that stands here
 * breaks those of its scenario's requirements that are named beside it, and the others were not reached; one
 * that does not, or that names none of its scenario's, breaks all of them. So a step stands here only where
 * its failure can mean nothing else. Errors in other than plain words and wrong bytes are found at the end of
 * every scenario too (`PROMISES` of the ledger), so that refusals need not name these.
 */
export const STEP_PROMISES: Readonly<Record<string, readonly string[]>> = {
  'the request is accepted': ['API-10'],
  'its job is active and names no manifest': ['API-10', 'API-16'],
  'the auditor is given the job {string} as it was': ['CON-11', 'OPS-12'],
  'the answer says where to find the job': ['API-11'],
  'the auditor(s) is/are given {which job}': ['CON-11'],
  'each of them is refused with {int}, in plain words': ['API-12', 'API-13'],
  'each of them is refused with the status beside it, in plain words': ['API-44'],
  'the vault answers each time that there is no such job': ['API-19'],
  'the job fails with the code {string}': ['API-18', 'RES-4', 'RES-5', 'RES-12', 'RES-15'],
  'it says why in plain words': ['API-18', 'SEC-3'],

  'the job completes': ['FID-3', 'OPS-1', 'RES-1', 'RES-3'],
  'the job was never seen going backwards': ['API-1'],
  'no job is seen going backwards for longer than a lease': ['API-1', 'OPS-6'],
  'no job has changed since it ended': ['OPS-5'],
  'every accepted job completes in time, without being asked for again': [
    'API-1',
    'OPS-1',
    'OPS-2',
    'OPS-3',
    'OPS-6',
  ],
  'the jobs together count each log and its bytes once': ['API-15', 'CON-13', 'CON-15', 'OPS-3', 'OPS-6'],
  "each job's manifest lists what it stored": ['OPS-3'],
  'each log has one record and one object': ['CON-13', 'CON-15', 'OPS-3'],
  'it counts {counted logs}(, to the byte)': ['API-20', 'API-24', 'FID-4', 'OPS-1'],
  'its counts are those of the metadata it wrote': ['API-15'],
  'its manifest lists {count of logs}, as metadata and storage have them': ['API-17', 'FID-4'],

  '(the raw log ){logs} is byte for byte what the provider served': [
    'FID-1',
    'FID-3',
    'FID-4',
    'FID-10',
    'RES-15',
  ],
  'its structure is what the provider served': ['FID-1'],
  'the raw answer, search, metadata and the stored object agree on the checksum of {logs}': [
    'CON-6',
    'FID-2',
  ],
  'the object of {log} still holds the bytes first stored': ['CON-7'],
  'the answer is declared as JSON': ['API-50'],
  'the checksum that the auditor computes is the same': ['FID-2'],
  '(the object of ){logs} is filed under its day in UTC': ['API-22'],
  'the metadata of {log} names its provider, its id and its timestamp there, and the job that wrote it': [
    'API-22',
  ],
  'search lists the logs in the order in which they happened': ['API-30'],
  'search finds {log} once': ['API-23', 'API-24', 'RES-1'],
  'search does not find {log}': ['API-24', 'RES-4'],
  'no metadata describes {log}': ['RES-4', 'RES-15'],
  'storage holds nothing of {log}': ['RES-15'],

  '{log} was uploaded {int} times': ['RES-1', 'RES-3'],
  'each upload of {log} carried the same bytes': ['RES-3', 'RES-15'],
  '{uploaded object} was uploaded as often as the retry policy allows': ['RES-4'],
  '{uploaded object} is not uploaded a second time': ['RES-5'],
  'every call to the provider carried its key': ['SEC-1'],
  'the vault answers that the provider did not confirm the key': ['API-42'],
  'the provider was asked about the key once': ['API-42', 'API-43'],

  'each answer says within the time allowed that the vault cannot know now, and when to ask again': [
    'RES-32',
  ],
  'the vault serves again without help': ['RES-33'],
  'the job ends as completed, or as failed because MongoDB was away': ['RES-34'],
  'it never shows more jobs as processing than it may, and the others as pending': ['OPS-7', 'OPS-13'],
  '{string} is seen processing, and the others are seen pending': ['OPS-13'],
  'the job {string} is begun before the job {string}': ['OPS-12'],
};

/**
 * Returns which of a scenario's requirements the failure of a step breaks; none where the step does not say.
 * @param pattern the source of the step's definition
 */
export function promisesOfStep(pattern: string | undefined, tags: readonly string[]): readonly string[] {
  const named = STEP_PROMISES[pattern ?? ''] ?? [];
  return requirementIdsOf(tags).filter((id) => named.includes(id));
}
