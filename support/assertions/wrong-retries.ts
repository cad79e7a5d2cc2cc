import type { ObjectAttempt } from '../object-store/bucket-script';
import type { ProviderRequest } from '../provider/provider-request';
import { leastWaitMs, TOLERANCE_MS } from './retried-with-backoff';

/** The end of a call, as the one who made it must have seen it. */
type Ending = 'well' | 'transient' | 'refused' | 'not known';

/** One of several calls about the same thing. Times are milliseconds on the monotonic clock. */
export interface Try {
  readonly arrivedMs: number;
  readonly answeredMs: number | undefined;
  readonly ending: Ending;
  /** The answer in words. */
  readonly answer: string;
  /** How long it asked to be left alone, in milliseconds; 0 when it did not. */
  readonly askedMs: number;
}

/** What a vault was told of retries, and how its waits have to grow. */
export interface RetryRule {
  readonly retryBaseMs: number;
  readonly retryMaxAttempts: number;
  /** Whether each wait is at least twice the one before: said of uploads alone (contract, section 4). */
  readonly grows: boolean;
}

/**
 * Says in words how calls about one thing break the retry policy (contract, sections 2 and 4); `undefined` when they keep to it:
 * so many tries at most, after each failure a wait, none after a refusal. A call that went well begins anew.
 * @param tries in order of arrival, made by one job in one process
 */
export function wrongRetries(tries: readonly Try[], rule: RetryRule): string | undefined {
  let failures: Try[] = [];
  for (const next of tries) {
    const last = failures.at(-1);
    if (last?.ending === 'refused')
      return `it was tried again after ${last.answer}, which no retry can better`;
    if (failures.length >= rule.retryMaxAttempts) {
      return `it was tried ${failures.length + 1} times or more, where VAULT_RETRY_MAX_ATTEMPTS is ${rule.retryMaxAttempts}`;
    }
    const early = last && wrongWait(last, next, failures.length, rule);
    if (early !== undefined) return early;
    failures = next.ending === 'well' ? [] : [...failures, next];
  }
  return undefined;
}

function wrongWait(
  { ending, answer, answeredMs, askedMs }: Try,
  next: Try,
  failure: number,
  { retryBaseMs, grows }: RetryRule,
): string | undefined {
  // Of any other answer nobody can say when the vault had it.
  if (ending !== 'transient' || answeredMs === undefined) return undefined;
  const leastMs = Math.max(leastWaitMs(retryBaseMs, grows ? failure : 1), askedMs);
  const waitedMs = next.arrivedMs - answeredMs;
  return waitedMs >= leastMs - TOLERANCE_MS
    ? undefined
    : `it was tried again ${waitedMs.toFixed(1)} ms after its failure ${failure} (${answer}), and not after ${leastMs} ms at least`;
}

const REFUSED_UPLOAD = /^(403 |404 NoSuchBucket$)/;
const FAILED_UPLOAD = /^(\d{3} |connection reset)/;

/** An upload as a try. */
export function uploadTry({ arrivedMs, answeredMs, answer, givenUp }: ObjectAttempt): Try {
  return {
    arrivedMs,
    answeredMs,
    answer,
    askedMs: 0,
    ending: givenUp ? 'not known' : endingOfUpload(answer),
  };
}

function endingOfUpload(answer: string): Ending {
  if (answer === 'ok') return 'well';
  if (REFUSED_UPLOAD.test(answer)) return 'refused';
  return FAILED_UPLOAD.test(answer) ? 'transient' : 'not known';
}

/** Answers that come late, or whose end the vault may not have waited for. */
const SLOW = /^\S+ \((?:an answer (?:delayed|held)|no answer|half a body)|hung up|^pending/;
const ASKED_SECONDS = /with Retry-After (\d{1,9})\)$/;

/** A call to a provider as a try. */
export function providerTry({ arrivedMs, answeredMs, answer }: ProviderRequest): Try {
  const seconds = ASKED_SECONDS.exec(answer)?.[1] ?? '0';
  return { arrivedMs, answeredMs, answer, askedMs: Number(seconds) * 1_000, ending: endingOfCall(answer) };
}

function endingOfCall(answer: string): Ending {
  if (answer === '200') return 'well';
  if (SLOW.test(answer)) return 'not known';
  const status = Number(answer.slice(0, answer.indexOf(' ') < 0 ? undefined : answer.indexOf(' ')));
  // A connection that was reset has none.
  const isTransient = status === 0 || status === 200 || status === 429 || status >= 500;
  return isTransient ? 'transient' : 'refused';
}
