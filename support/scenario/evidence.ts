import type { World } from '@cucumber/cucumber';
import pMap from 'p-map';
import type { Exchange, VaultClient } from '../../services/vault-client';
import { checksumOf } from '../bytes/checksum';
import { safeBytes, safeText } from '../bytes/safe-text';
import type { VaultUnderTest } from '../environments/vault-under-test';
import type { LogFinder } from '../ledger/log-finder';
import type { MetadataProbe } from '../metadata-store/metadata-probe';
import type { BucketScript, ObjectAttempt } from '../object-store/bucket-script';
import type { ObjectContents } from '../object-store/object-contents';
import type { StoredRecord } from '../profile/metadata-shape';
import type { ProviderRequest } from '../provider/provider-request';
import type { ProviderScript } from '../provider/provider-script';
import {
  boundedEvidence,
  type EvidenceLine,
  type FailureWords,
  failureWords,
  type Weight,
} from '../reporting/evidence-bounds';
import type { LocatedLog, ScenarioScope } from './scenario-scope';

/** The parts that the evidence of a scenario is taken from. */
export interface EvidenceSource {
  readonly attach: World['attach'];
  readonly redact: (text: string) => string;
  readonly client: VaultClient;
  readonly scope: ScenarioScope;
  readonly finder: LogFinder;
  readonly provider: ProviderScript;
  readonly bucket: BucketScript;
  readonly objects: ObjectContents;
  readonly metadata: MetadataProbe;
  readonly vault: VaultUnderTest;
}

/** Something that happened, at a moment of the monotonic clock. */
interface Event {
  readonly ms: number;
  readonly words: string;
  readonly weight: Weight;
}

/** An answer stands on a line of its own, below its question. */
const ANSWER = `\n${' '.repeat(14)}=> `;
const QUOTED_BYTES = 400;
const SHOWN_OBJECTS = 40;
const READ_AT_ONCE = 8;

/**
 * Attaches to the report what an engineer needs to see why a scenario failed: everything said and done, in
 * order, and what the stores hold. Text only, for payloads are hostile.
 *
 * @param stepsEndedMs when the last step had ended: what follows was asked by the suite itself, on the
 * monotonic clock
 * @param failure what is said of the failure: what has to do with it is told first, where not all can be told
 */
export async function attachEvidence(
  world: EvidenceSource,
  stepsEndedMs: number,
  failure: string,
): Promise<void> {
  const attachStory = (title: string, lines: readonly EvidenceLine[]): void => {
    const shown = lines.length === 0 ? ['none'] : boundedEvidence(lines);
    world.attach(world.redact(`${title}\n${shown.join('\n')}`), 'text/plain');
  };
  const attach = (title: string, lines: readonly string[]): void =>
    attachStory(
      title,
      lines.map((text) => ({ text, weight: 'plain' })),
    );
  attachStory('What happened, in order', chronology(world, stepsEndedMs, failureWords(failure)));
  const logs = await locatedLogs(world);
  attach('Logs of the scenario, as the provider serves them now', logs.map(logLine));
  attach('Metadata that MongoDB holds', await recordLines(world, logs));
  attach('Objects that S3 holds', await objectLines(world));
  const output = world.vault.output().split('\n');
  attach(
    'Output of the vault',
    output.filter((line) => line !== '').map((line) => safeText(line)),
  );
}

function chronology(
  world: EvidenceSource,
  stepsEndedMs: number,
  failure: FailureWords,
): readonly EvidenceLine[] {
  const { exchanges } = world.client;
  const exchangeEvents = (some: readonly Exchange[]): readonly Event[] =>
    withoutRepeats(some.map((exchange) => exchangeEvent(exchange, failure)));
  const events = [
    // What the last step saw is not to vanish behind the first question of the suite's own.
    ...exchangeEvents(exchanges.filter(({ sentMs }) => sentMs < stepsEndedMs)),
    ...exchangeEvents(exchanges.filter(({ sentMs }) => sentMs >= stepsEndedMs)),
    ...world.provider.requests.map((request) => providerEvent(request, failure)),
    ...world.bucket.attempts.map((attempt) => attemptEvent(attempt, failure)),
    {
      ms: stepsEndedMs,
      words: '-- the steps ended here; the rest the suite asked to judge the whole --',
      weight: 'telling' as const,
    },
  ].sort((one, other) => one.ms - other.ms);
  const startMs = events[0]?.ms ?? 0;
  return events.map(({ ms, words, weight }) => ({
    text: `${(ms - startMs).toFixed(1).padStart(9)} ms  ${words}`,
    weight,
  }));
}

function exchangeEvent(exchange: Exchange, words: FailureWords): Event {
  const { method, path, requestBody, answer, failure, sentMs, tookMs } = exchange;
  const wentWrong = answer === undefined || answer.status >= 400;
  const sent = requestBody === '' ? '' : ` ${quoted(Buffer.from(requestBody))}`;
  const came = answer === undefined ? (failure ?? 'no answer') : `${answer.status} ${quoted(answer.body)}`;
  return {
    ms: sentMs,
    words: `suite -> vault     ${method} ${safeText(path)}${sent}${ANSWER}${came} (${tookMs.toFixed(0)} ms)`,
    weight: wentWrong || words.quotes(`${method} ${path}`) ? 'telling' : weightOf(words.names(path)),
  };
}

function providerEvent(request: ProviderRequest, failure: FailureWords): Event {
  const { path, authorized, answer, arrivedMs } = request;
  const key = authorized ? '' : ' (without the right key)';
  return {
    ms: arrivedMs,
    words: `vault -> provider  GET ${safeText(path)}${key}${ANSWER}${safeText(answer)}`,
    weight: weightOf(failure.quotes(`GET ${path}`) || failure.names(path) || answer !== '200'),
  };
}

function attemptEvent(attempt: ObjectAttempt, failure: FailureWords): Event {
  const { operation, key, checksum, bytes, answer, fault, arrivedMs } = attempt;
  const body = checksum === undefined ? '' : ` ${bytes} bytes ${checksum}`;
  return {
    ms: arrivedMs,
    words: `vault -> S3        ${operation} ${safeText(key)}${body}${ANSWER}${safeText(answer)}`,
    // That a vault looks for an object which is not there yet is nothing amiss.
    weight: weightOf(
      failure.names(key) || fault !== undefined || (attempt.class === 'upload' && answer !== 'ok'),
    ),
  };
}

function weightOf(isRelated: boolean): Weight {
  return isRelated ? 'related' : 'plain';
}

/** Where metadata has to be asked and cannot be, the other evidence is worth as much. */
async function locatedLogs({ scope, finder }: EvidenceSource): Promise<readonly LocatedLog[]> {
  try {
    return await finder.locateAll(scope.logs);
  } catch {
    return [];
  }
}

function logLine({ name, logId, sourceId, payload, objectKey }: LocatedLog): string {
  return `${safeText(name)}: ${logId}, source ${safeText(sourceId)}, ${payload.byteLength} bytes ${checksumOf(payload)}, object ${safeText(objectKey)}`;
}

async function recordLines(world: EvidenceSource, logs: readonly LocatedLog[]): Promise<readonly string[]> {
  try {
    return (await world.metadata.allRecords()).map((record) => recordLine(record, logs));
  } catch (error) {
    return [`MongoDB could not be asked: ${safeText(String(error))}`];
  }
}

function recordLine(record: StoredRecord, logs: readonly LocatedLog[]): string {
  const name = logs.find(({ logId }) => logId === record.logId)?.name;
  const id = `${safeText(record.logId)}${name === undefined ? '' : ` (${safeText(name)})`}`;
  if (record.kind === 'malformed') return `${id}: ${safeText(record.problem)}`;
  const { providerId, sourceId, jobId, timestamp, checksum, bytes, object } = record;
  return `${id} ${safeText(`provider ${providerId}, source ${sourceId}, job ${jobId}, ${timestamp}, ${bytes} bytes, ${checksum}, object ${object.key}`)}`;
}

async function objectLines({ objects }: EvidenceSource): Promise<readonly string[]> {
  try {
    const keys = await objects.keys();
    const lines = await pMap(
      keys.slice(0, SHOWN_OBJECTS),
      async (key) => {
        const bytes = await objects.get(key);
        const what = bytes === undefined ? 'gone' : `${bytes.byteLength} bytes ${checksumOf(bytes)}`;
        return `${safeText(key)} ${what}`;
      },
      { concurrency: READ_AT_ONCE },
    );
    const more = keys.length - lines.length;
    return more === 0 ? lines : [...lines, `… ${more} more …`];
  } catch (error) {
    return [`S3 could not be asked: ${safeText(String(error))}`];
  }
}

/** Long bodies are cut, with their SHA-256 in place of the rest. */
function quoted(body: Buffer): string {
  const text = safeText(safeBytes(body.subarray(0, QUOTED_BYTES)), { limit: QUOTED_BYTES * 2 });
  return body.byteLength <= QUOTED_BYTES ? text : `${text}… (${body.byteLength} bytes, ${checksumOf(body)})`;
}

/**
 * Polling asks the same again and again; only the last of equal neighbours is worth a line, and their number.
 */
function withoutRepeats(events: readonly Event[]): readonly Event[] {
  const core = (event: Event | undefined): string | undefined => event?.words.replace(/ \(\d+ ms\)$/, '');
  let times = 0;
  return events.flatMap((event, index) => {
    times += 1;
    if (core(event) === core(events[index + 1])) return [];
    const repeated = times === 1 ? '' : `, the last of ${times} times`;
    times = 0;
    return [{ ...event, words: event.words + repeated }];
  });
}
