/** Traces as the languages print them in which vaults are written. */
const STACK_TRACE =
  /^\s+at .*:\d+\)?$|Traceback \(most recent call last\)|File "[^"]+", line \d+, in |goroutine \d+ \[|\.(ts|js|mjs|cjs|py|rb|go|rs|java|kt|cs|php|exs?):\d+/m;

/** What looks like a stack trace in an answer's text, JSON or not; `undefined` when nothing does. */
export function stackTraceIn(text: string): string | undefined {
  return STACK_TRACE.exec(text.replaceAll('\\n', '\n').replaceAll('\\"', '"'))?.[0];
}
