import { CONTRACT_PATHS, JOBS_COLLECTION, SUITE_COLLECTION } from './profile';
import { clashes, problem, type Rule } from './rule';

/** Metadata lies in a collection of its own, and each member of it in a place of its own. */
export const METADATA_RULES: readonly Rule[] = [
  ({ metadata = {} }) => {
    const { collection = '' } = metadata;
    const why = TAKEN_COLLECTIONS[collection];
    return [
      why === undefined
        ? undefined
        : problem(
            ['metadata', 'collection'],
            `"${collection}" is ${why}, and each document of this collection has to describe a log: name the one that holds the metadata of logs`,
          ),
    ];
  },
  ({ metadata = {} }) => {
    const { collection, object, ...paths } = metadata;
    const objects =
      typeof object === 'string'
        ? { object }
        : { 'object.bucket': object?.bucket, 'object.key': object?.key };
    const named = { ...paths, ...objects };
    const usual = object === undefined ? { ...DEFAULT_MEMBERS, ...DEFAULT_OBJECT } : DEFAULT_MEMBERS;
    // The object of a log, or its key, may be the log's id.
    const logId = paths.log_id ?? usual.log_id;
    const others = Object.entries(objects).filter(
      ([name, path]) => path !== logId || name === 'object.bucket',
    );
    return [
      ...clashes({ ...paths, ...Object.fromEntries(others) }, usual, 'metadata'),
      ...Object.entries(named).map(([name, path]) =>
        path === '_id' && SHARED[name] !== undefined
          ? problem(
              ['metadata', ...name.split('.')],
              `"_id" is another one in each document of MongoDB, and ${SHARED[name]}: name the member that holds it`,
            )
          : undefined,
      ),
    ];
  },
];

const DEFAULT_MEMBERS = {
  log_id: CONTRACT_PATHS.logId,
  provider_id: CONTRACT_PATHS.providerId,
  source_id: CONTRACT_PATHS.sourceId,
  job_id: CONTRACT_PATHS.jobId,
  timestamp: CONTRACT_PATHS.timestamp,
  checksum: CONTRACT_PATHS.checksum,
  bytes: CONTRACT_PATHS.bytes,
};

const DEFAULT_OBJECT = { 'object.bucket': 'object.bucket', 'object.key': 'object.key' };

const TAKEN_COLLECTIONS: Readonly<Record<string, string>> = {
  [JOBS_COLLECTION]: 'where a vault keeps its jobs (contract, section 3)',
  [SUITE_COLLECTION]: 'where the suite marks a database as its own',
};

/** What several logs may have in common. */
const SHARED: Readonly<Record<string, string>> = {
  provider_id: 'one provider has many logs',
  job_id: 'one job stores many logs',
  timestamp: 'two logs may be of one instant',
  checksum: 'two logs may have the same bytes',
  bytes: 'two logs may be of one length',
  'object.bucket': 'all objects lie in one bucket',
};
