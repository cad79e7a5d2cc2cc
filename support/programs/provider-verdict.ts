import type { TimeRange } from '../../services/ingestion-service';
import { providerTry, wrongRetries } from '../assertions/wrong-retries';
import { compareInstants, instantRangeOf, liesIn } from '../bytes/instant';
import type { RunSettings } from '../environments/vault-under-test';
import { isAimedAt, type ProviderRequest } from '../provider/provider-request';

/** The calls of one job to its provider, while one process held it. */
export interface ProviderCalls {
  readonly calls: readonly ProviderRequest[];
  /** The name of a log by the id that its provider gives it. */
  readonly nameOf: (sourceId: string) => string;
  readonly settings: RunSettings;
}

/** Says in words how calls to a provider break the retry policy; `undefined` when they keep to it (contract, section 2). */
export function wrongProviderCalls({ calls, nameOf, settings }: ProviderCalls): string | undefined {
  const byAddress = new Map<string, ProviderRequest[]>();
  for (const call of calls) {
    const { kind, sourceId, cursor } = call;
    const address =
      sourceId === undefined ? `the ${kind}${pageOf(cursor)}` : `the ${kind} of "${nameOf(sourceId)}"`;
    byAddress.set(address, [...(byAddress.get(address) ?? []), call]);
  }
  for (const [address, same] of byAddress) {
    const wrong = wrongRetries(same.map(providerTry), { ...settings, grows: false });
    if (wrong !== undefined) return `${address}: ${wrong}`;
  }
  return undefined;
}

/** Whoever waits that share of the time a call is given has not given it up yet. */
const SURE_SHARE = 0.8;

/**
 * Says in words that a job was begun while somebody was at work on it; `undefined` when it was not. It asks for the beginning of
 * its range anew while a call of its own is under way that nobody can have given up yet.
 * @param calls of the job, in order of arrival
 */
export function wrongBeginning(
  calls: readonly ProviderRequest[],
  range: TimeRange,
  callTimeoutMs: number,
): string | undefined {
  const beginnings = calls.filter(
    (call) => call.cursor === undefined && isAimedAt({ kind: 'listing', range }, call),
  );
  for (const { arrivedMs } of beginnings.slice(1)) {
    const other = calls.find(
      (call) =>
        call.arrivedMs < arrivedMs &&
        (call.answeredMs ?? Number.POSITIVE_INFINITY) > arrivedMs &&
        arrivedMs - call.arrivedMs < SURE_SHARE * callTimeoutMs,
    );
    if (other !== undefined) {
      return `the listing of a job was asked for once more while a call of that job (${other.path}) was under way: it is worked on twice at once`;
    }
  }
  return undefined;
}

/**
 * Says in words how the ranges that a provider was asked for differ from the one that a job is for; `undefined` when they do not
 * (contract, section 2: which logs lie in a range is the provider's to say). A range may be asked for in pieces.
 * @param asked by the job, those of first pages
 * @param isWhole whether nothing may be left out: the job completed
 */
export function wrongRanges(
  asked: readonly TimeRange[],
  range: TimeRange,
  isWhole: boolean,
): string | undefined {
  const whole = instantRangeOf(range);
  const inWords = `a job from ${range.start} to ${range.end}`;
  const wider = asked.find((each) => !liesIn(instantRangeOf(each), whole));
  if (wider !== undefined) {
    return `for ${inWords} the vault asked its provider for what lies from ${wider.start} to ${wider.end}`;
  }
  if (!isWhole) return undefined;
  const reached = asked
    .map(instantRangeOf)
    .sort((one, other) => compareInstants(one.start, other.start))
    .reduce(
      (until, { start, end }) =>
        compareInstants(start, until) <= 0 && compareInstants(end, until) > 0 ? end : until,
      whole.start,
    );
  return compareInstants(reached, whole.end) < 0
    ? `${inWords} completed, though of its range the vault asked its provider for no more than ${piecesInWords(asked)}`
    : undefined;
}

function piecesInWords(asked: readonly TimeRange[]): string {
  return asked.length === 0 ? 'nothing' : asked.map(({ start, end }) => `${start} to ${end}`).join(' and ');
}

function pageOf(cursor: string | undefined): string {
  return cursor === undefined ? '' : ` from the cursor ${cursor} on`;
}
