import type { ListedLog } from '../../reference-vault/provider-integration/provider-client';
import type { Defect } from './defect';
import { archiving, listing, replacing, requesting } from './part-changes';

/** Bugs in how a vault asks for, names, dates and describes a log. */
export const namesAndTimesDefects: readonly Defect[] = [
  asking('id-sent-unencoded', 'puts an id into the path as it came', (id) => id),
  asking(
    'id-encoded-as-uri',
    'encodes an id as if it were a whole address: slashes and question marks stay',
    (id) => encodeURI(id),
  ),
  asking('id-encoded-as-form', 'encodes an id as a form does: a space is a plus', (id) =>
    encodeURIComponent(id).replaceAll('%20', '+'),
  ),
  asking('id-encoded-twice', 'encodes an id that is encoded already', (id) =>
    encodeURIComponent(encodeURIComponent(id)),
  ),
  asking('id-decoded-first', 'decodes an id before it encodes it, to be sure', (id) =>
    encodeURIComponent(decoded(id)),
  ),
  asking('id-cut-at-128', 'keeps ids in a column of 128 characters', (id) =>
    encodeURIComponent(id.slice(0, 128)),
  ),
  asking('id-trimmed', 'trims ids', (id) => encodeURIComponent(id.trim())),
  asking('id-read-as-ascii', 'replaces what is not ASCII in an id', (id) =>
    encodeURIComponent(id.replaceAll(/[^ -~]/g, '?')),
  ),
  describing('source-id-kept-encoded', 'keeps the id as it went into the path', (record) => ({
    ...record,
    source_id: encodeURIComponent(record.source_id),
  })),
  describing('job-id-of-nobody', 'describes a log without the job that wrote it', (record) => ({
    ...record,
    job_id: '',
  })),
  describing('bucket-not-described', 'describes an object by its key alone', (record) => ({
    ...record,
    object: { ...record.object, bucket: '' },
  })),
  identifying(
    'log-id-without-provider',
    'makes the id of a log from the id at its provider alone',
    (real, _provider, id) => real('', id),
  ),
  identifying('log-id-ignores-case', 'makes the id of a log from small letters', (real, provider, id) =>
    real(provider, id.toLowerCase()),
  ),
  identifying('log-id-normalised', 'normalises the id of a log before hashing it', (real, provider, id) =>
    real(provider, id.normalize('NFC')),
  ),
  listed(
    'log-filed-by-local-day',
    'API-22',
    'files a log under the day as its timestamp writes it',
    (log) => ({
      ...log,
      instant: { ...log.instant, dayPath: log.timestamp.slice(0, 10).replaceAll('-', '/') },
    }),
  ),
  listed(
    'log-filed-by-day-of-ingestion',
    'API-22',
    'files a log under the day on which it is stored',
    (log) => ({
      ...log,
      instant: { ...log.instant, dayPath: new Date().toISOString().slice(0, 10).replaceAll('-', '/') },
    }),
  ),
  listed('timestamp-written-in-utc', 'API-22', 'keeps the timestamp in UTC', (log) => ({
    ...log,
    timestamp: new Date(log.timestamp).toISOString(),
  })),
  listed('timestamp-cut-to-milliseconds', 'API-22', 'cuts timestamps to milliseconds', (log) => ({
    ...log,
    timestamp: log.timestamp.replace(/(\.\d{3})\d+/, '$1'),
  })),
  listed(
    'timestamp-zeros-dropped',
    'API-22',
    'writes fractions of a second in their shortest form',
    (log) => ({
      ...log,
      timestamp: log.timestamp.replace(/(\.\d*?)0+(?=[Z+-])/, '$1'),
    }),
  ),
];

function listed(
  name: string,
  requirement: string,
  sentence: string,
  change: (log: ListedLog) => ListedLog,
): Defect {
  return {
    name,
    sentence,
    requirement,
    replacements: listing(async (list, ...args) => {
      const page = await list(...args);
      return { ...page, logs: page.logs.map(change) };
    }),
  };
}

function asking(name: string, sentence: string, encode: (id: string) => string): Defect {
  return {
    name,
    sentence,
    requirement: 'API-21',
    replacements: requesting((path) =>
      path.replace(/(?<=\/logs\/)(.*)$/, (id) => encode(decodeURIComponent(id))),
    ),
  };
}

function describing(
  name: string,
  sentence: string,
  change: (
    record: Awaited<ReturnType<Parameters<typeof archiving>[0]>>,
  ) => Awaited<ReturnType<Parameters<typeof archiving>[0]>>,
): Defect {
  return {
    name,
    sentence,
    requirement: 'API-22',
    replacements: archiving(async (real, ...args) => change(await real.archive(...args))),
  };
}

function identifying(
  name: string,
  sentence: string,
  identify: (real: (provider: string, id: string) => string, provider: string, id: string) => string,
): Defect {
  return {
    name,
    sentence,
    requirement: 'API-22',
    replacements: replacing('naming', (real) => ({
      logId: (provider, id) => identify((...args) => real.logId(...args), provider, id),
    })),
  };
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
