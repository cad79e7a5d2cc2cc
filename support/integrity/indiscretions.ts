import { type Exchange, READ_AS_STREAM } from '../../services/vault-client';
import { showsSecret } from '../reporting/redaction';

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

/**
 * What answers tell that they should not: a secret in any answer, a stack trace in an error, and an error that says nothing
 * in its `error` (contract, section 1). In sentences.
 */
export function indiscretions(exchanges: readonly Exchange[], secrets: readonly string[]): string[] {
  return exchanges.flatMap(({ method, path, answer }) => {
    if (answer === undefined) return [];
    const { status, headers, body } = answer;
    const subject = `the answer to ${method} ${path} (${status})`;
    const isError = status >= 400 && body.byteLength > 0 && body !== READ_AS_STREAM;
    // Raw logs may be long, and what they say need not be read: their bytes will do.
    const text = isError ? body.toString() : '';
    return [
      ...(showsSecret(Object.values(headers).join('\n'), secrets) || showsSecret(body, secrets)
        ? [`${subject} shows a secret`]
        : []),
      ...(isError && showsStackTrace(text) ? [`${subject} shows a stack trace`] : []),
      ...(isError && !hasPlainError(text) ? [`${subject} has no text in its "error"`] : []),
    ];
  });
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
