import type { ListedLog } from '../../reference-vault/provider-integration/provider-client';
import type { Change } from './change';
import { breaking, type Defect } from './defect';
import { archiving, listing, requesting } from './part-changes';

/** Bugs in how a vault asks for, names, dates and describes a log. */
export const namesAndTimesDefects: readonly Defect[] = [
  ...breaking('API-21', {
    'id-sent-unencoded: puts an id into the path as it came': asking((id) => id),
    'id-encoded-as-uri: encodes an id as if it were a whole address: slashes and question marks stay': asking(
      (id) => encodeURI(id),
    ),
    'id-encoded-as-form: encodes an id as a form does: a space is a plus': asking((id) =>
      encodeURIComponent(id).replaceAll('%20', '+'),
    ),
    'id-encoded-twice: encodes an id that is encoded already': asking((id) =>
      encodeURIComponent(encodeURIComponent(id)),
    ),
    'id-decoded-first: decodes an id before it encodes it, to be sure': asking((id) =>
      encodeURIComponent(decoded(id)),
    ),
    'id-cut-at-128: keeps ids in a column of 128 characters': asking((id) =>
      encodeURIComponent(id.slice(0, 128)),
    ),
    'id-trimmed: trims ids': asking((id) => encodeURIComponent(id.trim())),
    'id-read-as-ascii: replaces what is not ASCII in an id': asking((id) =>
      encodeURIComponent(id.replaceAll(/[^ -~]/g, '?')),
    ),
  }),
  ...breaking('API-22', {
    'source-id-kept-encoded: keeps the id as it went into the path': describing((record) => ({
      ...record,
      source_id: encodeURIComponent(record.source_id),
    })),
    'job-id-of-nobody: describes a log without the job that wrote it': describing((record) => ({
      ...record,
      job_id: '',
    })),
    'bucket-not-described: describes an object by its key alone': describing((record) => ({
      ...record,
      object: { ...record.object, bucket: '' },
    })),
    'log-id-without-provider: makes the id of a log from the id at its provider alone': identifying(
      (real, _provider, id) => real('', id),
    ),
    'log-id-ignores-case: makes the id of a log from small letters': identifying((real, provider, id) =>
      real(provider, id.toLowerCase()),
    ),
    'log-id-normalised: normalises the id of a log before hashing it': identifying((real, provider, id) =>
      real(provider, id.normalize('NFC')),
    ),
    'log-filed-by-local-day: files a log under the day as its timestamp writes it': listed((log) => ({
      ...log,
      instant: { ...log.instant, dayPath: log.timestamp.slice(0, 10).replaceAll('-', '/') },
    })),
    'log-filed-by-day-of-ingestion: files a log under the day on which it is stored': listed((log) => ({
      ...log,
      instant: { ...log.instant, dayPath: new Date().toISOString().slice(0, 10).replaceAll('-', '/') },
    })),
    'timestamp-written-in-utc: keeps the timestamp in UTC': listed((log) => ({
      ...log,
      timestamp: new Date(log.timestamp).toISOString(),
    })),
    'timestamp-cut-to-milliseconds: cuts timestamps to milliseconds': listed((log) => ({
      ...log,
      timestamp: log.timestamp.replace(/(\.\d{3})\d+/, '$1'),
    })),
    'timestamp-zeros-dropped: writes fractions of a second in their shortest form': listed((log) => ({
      ...log,
      timestamp: log.timestamp.replace(/(\.\d*?)0+(?=[Z+-])/, '$1'),
    })),
  }),
];

function listed(change: (log: ListedLog) => ListedLog): Change {
  return listing(async (list, ...args) => {
    const page = await list(...args);
    return { ...page, logs: page.logs.map(change) };
  });
}

function asking(encode: (id: string) => string): Change {
  return requesting((path) => path.replace(/(?<=\/logs\/)(.*)$/, (id) => encode(decodeURIComponent(id))));
}

function describing(
  change: (
    record: Awaited<ReturnType<Parameters<typeof archiving>[0]>>,
  ) => Awaited<ReturnType<Parameters<typeof archiving>[0]>>,
): Change {
  return archiving(async (real, ...args) => change(await real.archive(...args)));
}

function identifying(
  identify: (real: (provider: string, id: string) => string, provider: string, id: string) => string,
): Change {
  return {
    'naming.logId': ({ real }, provider, id) => identify((...args) => real.logId(...args), provider, id),
  };
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
