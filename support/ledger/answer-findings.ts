import { type Exchange, READ_AS_STREAM } from '../../services/vault-client';
import { showsSecret } from '../bytes/redaction';
import type { Finding } from './finding';
import { PROMISES } from './promises';

/** How a line of a stack trace reads in the languages that vaults are written in. */
const STACK_TRACES: readonly RegExp[] = [
  /\bat .{0,200}\.[cm]?[jt]s:\d+/,
  /\.(?:java|kt|scala):\d+\)/,
  /Traceback \(most recent|File \\?"[^"]{1,200}", line \d+/,
  /goroutine \d+ \[|\.go:\d+/,
  /\.rs:\d+:\d+/,
  /\.cs:line \d+/,
  /\.rb:\d+:in /,
  /\.php(?:\(\d+\)| on line \d+)/,
];

/** A secret that a vault must not show. */
export interface Secrets {
  /** Those that it was started with. */
  readonly own: readonly string[];
  /** Keys that it was asked to try. */
  readonly tried: readonly string[];
}

/** Says in a sentence each what answers tell that they should not, whichever secret they show. */
export function answerFindingTexts(exchanges: readonly Exchange[], secrets: readonly string[]): string[] {
  return answerFindings(exchanges, { own: secrets, tried: [] }).map(({ words }) => words);
}

/**
 * Returns what answers tell that they should not: a secret in any answer, a stack trace in an error, and an
 * error that says nothing in its `error` (contract, section 1).
 */
export function answerFindings(exchanges: readonly Exchange[], secrets: Secrets): Finding[] {
  return exchanges.flatMap(({ method, path, answer }) => {
    if (answer === undefined) return [];
    const { status, headers, body } = answer;
    const subject = `the answer to ${method} ${path} (${status})`;
    const isError = status >= 400 && body.byteLength > 0 && body !== READ_AS_STREAM;
    // Raw logs may be long, and what they say need not be read: their bytes will do.
    const text = isError ? body.toString() : '';
    const shown = keeperOf([Object.values(headers).join('\n'), body], secrets);
    const requirement = PROMISES.plainErrors;
    return [
      ...(shown === undefined ? [] : [{ words: `${subject} shows a secret`, requirement: shown }]),
      ...(isError && showsStackTrace(text) ? [{ words: `${subject} shows a stack trace`, requirement }] : []),
      ...(isError && !hasPlainError(text)
        ? [{ words: `${subject} has no text in its "error"`, requirement }]
        : []),
    ];
  });
}

/** The requirement that is broken by whoever shows these texts; `undefined` where they hold no secret. */
export function keeperOf(
  texts: readonly (string | Buffer)[],
  { own, tried }: Secrets,
): Finding['requirement'] {
  if (texts.some((text) => showsSecret(text, own))) return PROMISES.ownKeysKept;
  return texts.some((text) => showsSecret(text, tried)) ? PROMISES.triedKeysKept : undefined;
}

/** Whether a text has a line of a stack trace in it. */
export function showsStackTrace(text: string): boolean {
  return STACK_TRACES.some((trace) => trace.test(text));
}

function hasPlainError(text: string): boolean {
  try {
    const body: unknown = JSON.parse(text);
    return (
      typeof body === 'object' &&
      body !== null &&
      'error' in body &&
      typeof body.error === 'string' &&
      body.error !== ''
    );
  } catch {
    return false;
  }
}
