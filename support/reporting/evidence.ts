import type { Exchange } from '../../services/vault-client';
import { checksumOf } from '../integrity/checksum';
import { safeText } from '../integrity/safe-text';
import type { MetadataRecord, StoredRecord } from '../metadata-store/metadata-probe';
import type { ObjectAttempt } from '../object-store/bucket-script';
import type { ProviderRequest } from '../provider/provider-request';
import type { VaultWorld } from '../world';

const QUOTED_CHARACTERS = 400;
const SHOWN_ENTRIES = 60;

/** Attaches to the report what an engineer needs to see why a scenario failed; text only, for payloads are hostile. */
export async function attachEvidence(world: VaultWorld): Promise<void> {
  const redact = world.redact;
  const attach = (title: string, lines: readonly string[]): void => {
    if (lines.length > 0) world.attach(redact(`${title}\n${bounded(lines).join('\n')}`), 'text/plain');
  };
  const startMs = world.client.exchanges[0]?.sentMs ?? performance.now();
  attach(
    'Questions to the vault and its answers',
    withoutRepeats(world.client.exchanges.map((e) => exchangeLine(e, startMs))),
  );
  attach(
    'Calls of the vault to its provider',
    world.provider.requests.map((request) => providerLine(request, startMs)),
  );
  attach(
    'Calls of the vault to S3',
    world.bucket.attempts.map((attempt) => attemptLine(attempt, startMs)),
  );
  attach('Metadata', (await recordsOf(world)).map(recordLine));
  attach(
    'Output of the vault',
    world.vault
      .output()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => safeText(line)),
  );
}

async function recordsOf(world: VaultWorld): Promise<readonly StoredRecord[]> {
  try {
    return await world.metadata.allRecords();
  } catch {
    return [];
  }
}

function exchangeLine(exchange: Exchange, startMs: number): string {
  const { method, path, requestBody, answer, failure } = exchange;
  const sent = requestBody === '' ? '' : ` ${quoted(Buffer.from(requestBody))}`;
  const came = answer === undefined ? (failure ?? 'no answer') : `${answer.status} ${quoted(answer.body)}`;
  return `${at(exchange.sentMs, startMs)} ${method} ${safeText(path)}${sent} -> ${came} (${exchange.tookMs.toFixed(0)} ms)`;
}

function providerLine({ path, authorized, answer, arrivedMs }: ProviderRequest, startMs: number): string {
  return `${at(arrivedMs, startMs)} GET ${safeText(path)}${authorized ? '' : ' (without the right key)'} -> ${answer}`;
}

function attemptLine(attempt: ObjectAttempt, startMs: number): string {
  const body = attempt.checksum === undefined ? '' : ` ${attempt.bytes} bytes ${attempt.checksum}`;
  return `${at(attempt.arrivedMs, startMs)} ${attempt.operation} ${safeText(attempt.key)}${body} -> ${attempt.answer}`;
}

function recordLine(record: StoredRecord): string {
  return record.kind === 'malformed'
    ? `${safeText(record.logId)}: ${safeText(record.problem)}`
    : `${safeText(record.logId)} ${describeRecord(record)}`;
}

function describeRecord(record: MetadataRecord): string {
  const { providerId, sourceId, jobId, timestamp, checksum, bytes, object } = record;
  return safeText(
    `provider ${providerId}, source ${sourceId}, job ${jobId}, ${timestamp}, ${bytes} bytes, ${checksum}, object ${object.key}`,
  );
}

/** Long bodies are cut, with their SHA-256 in place of the rest. */
function quoted(body: Buffer): string {
  const text = safeText(body.subarray(0, QUOTED_CHARACTERS).toString());
  return body.byteLength <= QUOTED_CHARACTERS
    ? text
    : `${text}… (${body.byteLength} bytes, ${checksumOf(body)})`;
}

function at(ms: number, startMs: number): string {
  return `${(ms - startMs).toFixed(1).padStart(9)} ms`;
}

/** Polling asks the same again and again; only the last of equal neighbours is worth a line. */
function withoutRepeats(lines: readonly string[]): string[] {
  const core = (line: string | undefined): string | undefined =>
    line?.replace(/^\s*[\d.]+ ms /, '').replace(/ \(\d+ ms\)$/, '');
  return lines.filter((line, index) => core(line) !== core(lines[index + 1]));
}

function bounded(lines: readonly string[]): readonly string[] {
  const dropped = lines.length - SHOWN_ENTRIES;
  if (dropped <= 0) return lines;
  const half = SHOWN_ENTRIES / 2;
  return [...lines.slice(0, half), `… ${dropped} more …`, ...lines.slice(-half)];
}
