import { defineParameterType } from '@cucumber/cucumber';
import type { TimeRange } from '../services/ingestion-service';
import { tamperings } from './bytes/audit-event';
import { payload } from './bytes/payloads';
import type { KeySight } from './object-store/bucket-script';
import { objectFaultOf } from './object-store/object-faults';
import { providerFaultOf } from './provider/provider-faults';
import { mannerOf } from './scenario/good-requests';
import { type JobAskedFor, jobsOf } from './scenario/job-queue';
import { type Arrangement, offerAlike, offerInTurns, offerSetOf } from './scenario/log-sets';
import { sourceIdOf } from './scenario/provider-oddities';
import type { WhichJob } from './scenario/repeated-ingestions';
import type { LocatedLog } from './scenario/scenario-scope';
import { vaultSetupOf } from './scenario/vault-setup';
import { timestampOf } from './scenario/zoned-time';
import type { VaultWorld } from './world';

/** A type that suggestions for missing steps never name. */
function define(type: Parameters<typeof defineParameterType>[0]): void {
  defineParameterType({ useForSnippets: false, ...type });
}

/** A type whose value is what stands in the sentence, or in the group of its expression. */
function defineWords(name: string, regexp: RegExp): void {
  define({ name, regexp, transformer: (words: string) => words });
}

/** `"login"`: a log of the scenario, by its name, with where it lies as the step begins. */
define({
  name: 'log',
  regexp: /"([^"]+)"/,
  async transformer(this: VaultWorld, name: string): Promise<LocatedLog> {
    return await this.services.finder.locate(this.scope.log(name));
  },
});

/** `"login"`, `each of its logs`: one log of the scenario, or all that it has. */
define({
  name: 'logs',
  regexp: /"[^"]+"|each of its logs/,
  async transformer(this: VaultWorld, words: string): Promise<readonly LocatedLog[]> {
    const logs = words.startsWith('"') ? [this.scope.log(words.slice(1, -1))] : this.scope.logs;
    return await this.services.finder.locateAll(logs);
  },
});

/** `"login"`: the name that a scenario gives to a log which the step is about to make. */
defineWords('log name', /"([^"]+)"/);

/** `cut off`, `silent`: how MongoDB is away. */
defineWords('absence', /cut off|silent/);

/** `"aws_cloudtrail"`: the id of a provider the vault knows. */
defineWords('provider', /"([a-z0-9_]+)"/);

/** `"503 SlowDown"`, `"silence"`, …: how storage misbehaves. */
define({
  name: 'storage fault',
  regexp: /"([^"]+)"/,
  transformer: objectFaultOf,
});

/**
 * `duplicate keys`, `5 MiB`, …: the kind of a payload, one of those under features/payloads or a generated
 * one.
 */
define({
  name: 'kind of payload',
  regexp: /[^",]+/,
  transformer: payload,
});

/** `changed one byte of`, `emptied`, …: what somebody did to an object behind the vault's back. */
define({
  name: 'tampering',
  regexp: Object.keys(tamperings).join('|'),
  transformer: (words: string) => tamperings[words],
});

/** `"503"`, `"a body cut short"`, …: how a provider misbehaves. */
define({
  name: 'provider fault',
  regexp: /"([^"]+)"/,
  transformer: providerFaultOf,
});

/** `every listing`, `its listing`, `the further pages of its listing`, or `"login"`, a log: what a provider is asked for. */
defineWords('provider call', /every listing|its listing|the further pages of its listing|"[^"]+"/);

/** `breaks off` or `falls silent`: how storage ends an answer half-way. */
define({
  name: 'cut',
  regexp: /breaks off|falls silent/,
  transformer: (words: string) => (words === 'falls silent' ? { silent: true } : {}),
});

/** `no logs`, `1 log`, `12 logs`. */
define({
  name: 'count of logs',
  regexp: /no logs|1 log|\d+ logs/,
  transformer: (words: string) => (words === 'no logs' ? 0 : Number.parseInt(words, 10)),
});

/** What a job says it wrote. */
export interface CountedLogs {
  readonly recordsSynced: number;
  readonly bytesWritten: number;
}

/** `no logs`; `12 logs`, which are all that the scenario has; `"login" alone`: what a job has to count. */
define({
  name: 'counted logs',
  regexp: /no logs|1 log|\d+ logs|"[^"]+" alone/,
  transformer(this: VaultWorld, words: string): CountedLogs {
    const alone = /^"(.+)" alone$/.exec(words)?.[1];
    const logs = alone === undefined ? this.scope.logs : [this.scope.log(alone)];
    if (words === 'no logs') return { recordsSynced: 0, bytesWritten: 0 };
    return {
      recordsSynced: alone === undefined ? Number.parseInt(words, 10) : 1,
      bytesWritten: logs.reduce((sum, { payload }) => sum + payload.byteLength, 0),
    };
  },
});

/** Calls to storage that meet a fault: of which class, and how many of them. */
export interface StorageCalls {
  readonly class: 'upload' | 'read';
  readonly times: number;
}

/** `the first upload`, `the first 2 uploads`, `every upload`, `every read`: which calls meet a fault. */
define({
  name: 'storage calls',
  regexp: /the first upload|the first \d+ uploads|every upload|every read/,
  transformer: (words: string): StorageCalls => ({
    class: words.endsWith('read') ? 'read' : 'upload',
    times: timesIn(words),
  }),
});

/** An object of the bucket, by its key or by what tells it. */
export interface StoredObject {
  readonly key: KeySight;
}

/** The key is looked for when the step asks: that a shape has none is the step's affair, which is skipped then. */
function toldBy(key: () => KeySight, name: string): UploadedObject {
  return {
    name,
    get key() {
      return key();
    },
  };
}

/** `"login"`, a log, or `a manifest`, whichever comes: an object that storage is given. */
define({
  name: 'object',
  regexp: /"[^"]+"|a manifest/,
  async transformer(this: VaultWorld, words: string): Promise<StoredObject> {
    if (words === 'a manifest') return toldBy(() => this.services.finder.manifestSight(), words);
    const log = await this.services.finder.locate(this.scope.log(words.slice(1, -1)));
    return toldBy(log.sight, words);
  },
});

/** An object that storage was given, and what a message calls it. */
export interface UploadedObject {
  readonly key: KeySight;
  readonly name: string;
}

/** `"login"`, a log, or `its manifest`, that of the last job: an object that storage was given. */
define({
  name: 'uploaded object',
  regexp: /"[^"]+"|its manifest/,
  async transformer(this: VaultWorld, words: string): Promise<UploadedObject> {
    if (words === 'its manifest') {
      return toldBy(() => this.services.manifests.keyOf(this.jobs.last), 'the manifest');
    }
    const log = await this.services.finder.locate(this.scope.log(words.slice(1, -1)));
    return toldBy(log.sight, words);
  },
});

/** `the first request`, `the first 2 requests`, `every request`: how many of them meet a fault. */
define({
  name: 'requests',
  regexp: /the first request|the first \d+ requests|every request/,
  transformer: timesIn,
});

/** `12 logs`, `6 large logs`, `3 logs with the same bytes`: what a provider offers. */
define({
  name: 'set of logs',
  regexp: /1 log|\d+ (?:large )?logs(?: with the same (?:bytes|timestamp))?/,
  transformer: offerSetOf,
});

/** `taking turns`, `under the same ids`: how logs are spread over providers. */
define({
  name: 'arrangement',
  regexp: /taking turns|under the same ids/,
  transformer: (words: string): Arrangement => (words === 'taking turns' ? offerInTurns : offerAlike),
});

/** `10:00:00 UTC`, `3 days ago`, `2026-01-01T00:00:00Z`, …: when a log happened. */
define({
  name: 'time',
  regexp: [
    /\S+ UTC(?: and written in the time zone \S+)?/,
    /at the very end of the day|just before the day/,
    /\d+ days (?:ago|ahead)/,
    /\d{4}-\S+/,
  ],
  transformer(this: VaultWorld, words: string): string {
    return timestampOf(this.scope, words);
  },
});

/** `has slashes`, …, `is 007`: the id that a provider has for a log. */
define({
  name: 'id',
  regexp: [/has .+/, /is \S+/],
  transformer(this: VaultWorld, words: string): string {
    return sourceIdOf(this.scope, words);
  },
});

/** `with high priority`, `from 10:00:00Z to 11:00:00Z`, …: how a client writes a good request. */
define({
  name: 'manner',
  regexp: /(?:with|from|in|and) .+/,
  transformer: mannerOf,
});

/** `the job "late"`, `the job "late" with high priority`: a job, by a name of the scenario's own. */
define({
  name: 'job asked for',
  regexp: /the job "[^"]+"(?: with (?:high|normal|low) priority)?/,
  transformer: (words: string): JobAskedFor | undefined => jobsOf(words)[0],
});

/** `4 jobs`, `jobs with the priorities low, none`, `the job "late" with high priority`: jobs that wait for others. */
define({
  name: 'jobs asked for',
  regexp: /\d+ jobs|jobs with the priorities [a-z, ]+|the job "[^"]+"(?: with (?:high|normal|low) priority)?/,
  transformer: jobsOf,
});

/** `the same job`, `the active job`, `another job`: which one auditors are given. */
define({
  name: 'which job',
  regexp: /the same job|the active job|another job/,
  transformer: (words: string) => words.replace(/^the | job$/g, '') as WhichJob,
});

/** `ends a millisecond later`, `begins a millisecond earlier`: a range that is nearly the scenario's. */
define({
  name: 'ends otherwise',
  regexp: /ends a millisecond later|begins a millisecond earlier/,
  transformer(this: VaultWorld, words: string): TimeRange {
    const { start, end } = this.scope.range;
    if (words.startsWith('begins')) return { start: this.scope.at(-1), end };
    return { start, end: new Date(Date.parse(end) + 1).toISOString() };
  },
});

/** `again`, `the third time`: a request that was waited for, by how many went before the one it repeats. */
define({
  name: 'occasion',
  regexp: /again|the third time/,
  transformer: (words: string) => (words === 'again' ? 0 : 1),
});

/** `an API key`, `an API key of 2000 characters`: how long it is at least. */
define({
  name: 'API key',
  regexp: /an API key(?: of \d+ characters)?/,
  transformer: (words: string) => Number(/\d+/.exec(words)?.[0] ?? 0),
});

/** `that gives each call 10 seconds`, `whose …`: how a vault is set up. */
define({
  name: 'setup',
  regexp: /(?:that|whose) .+/,
  transformer: vaultSetupOf,
});

/** `killed`, or `stopped` as an operator does it: how a vault ends. */
defineWords('end', /killed|stopped/);

function timesIn(words: string): number {
  if (words.startsWith('every')) return Number.POSITIVE_INFINITY;
  return Number(/\d+/.exec(words)?.[0] ?? 1);
}
