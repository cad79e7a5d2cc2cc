/** A failure taken apart: what a reader wants to know, and where in the suite's own code it was noticed. */
export interface FailureText {
  /**
   * The message without the name of its class; a `TypeError` and its like keep it, for there it is the news.
   */
  readonly words: string;
  /** The frames of the suite's own code; none of a library or of Node. */
  readonly frames: readonly string[];
}

interface StepResult {
  readonly message?: string;
  readonly exception?: { readonly type: string; readonly message?: string };
}

const FRAME = /^\s+at .*:\d+:\d+\)?$/;
const FOREIGN_FRAME = /node_modules|node:|\(internal\//;
/** The difference of one line from another, with nothing around it. */
const IDLE_DIFFERENCE = /\n\s*\+ expected - actual\s*\n\s*-([^\n]+)\n\s*\+([^\n]+)\s*$/;
/** Chai writes a zero with its sign. */
const SIGNED_ZERO = /(?<=(?:[:[,]|expected|equal|above|below) )\+0(?=[ ,\n]|$)/g;
const CLASS_NAME = /^(?:Uncaught )?([A-Za-z][\w.]*)(?: \[[\w-]+\])?: /;
/** Errors of the language: bugs in the suite, mostly, so that the class says more than the message. */
const TELLING = /^(?:Type|Reference|Range|Syntax|URI|Eval)Error$/;
/** A longer message is not taken apart, for nobody is shown its end; so it still tells how long it is. */
const EXAMINED = 200_000;

/** Splits what Cucumber noted about a step that did not pass; `undefined` when it noted nothing. */
export function failureText({ message, exception }: StepResult): FailureText | undefined {
  if (message === undefined) return undefined;
  // A message may quote what looks like a stack: frames are sought only after its end.
  const quoted = exception?.message ?? '';
  if (message.length > EXAMINED) return { words: quoted === '' ? withoutClass(message) : quoted, frames: [] };
  const found = quoted === '' ? -1 : message.indexOf(quoted);
  const end = found < 0 ? 0 : found + quoted.length;
  const lines = message.slice(end).split('\n');
  const first = lines.findIndex((line) => FRAME.test(line));
  const rest = (first < 0 ? lines : lines.slice(0, first)).join('\n');
  const frames =
    first < 0 ? [] : lines.slice(first).filter((line) => FRAME.test(line) && !FOREIGN_FRAME.test(line));
  return {
    words: withoutIdleDifference(wordsOf(message.slice(0, end), rest, quoted))
      .replace(SIGNED_ZERO, '0')
      .trimEnd(),
    frames: frames.map((frame) => frame.trim()),
  };
}

function wordsOf(head: string, rest: string, quoted: string): string {
  if (head !== '') return withoutClass(head) + rest;
  // Where Cucumber shows a difference it leaves out chai's sentence, which says what was compared.
  return quoted === '' ? withoutClass(rest) : `${quoted}\n${rest.replace(/^[\w.]+Error\s*\n/, '')}`;
}

/** Of two single values the sentence says all: `expected 3 to equal 4`. */
function withoutIdleDifference(words: string): string {
  const found = IDLE_DIFFERENCE.exec(words);
  if (found === null) return words;
  const sentence = words.slice(0, found.index);
  const [, actual = '', expected = ''] = found;
  return sentence.includes(actual) && sentence.includes(expected) ? sentence : words;
}

function withoutClass(text: string): string {
  const name = CLASS_NAME.exec(text);
  if (name === null || TELLING.test(name[1] ?? '') || !/Error$/.test(name[1] ?? '')) return text;
  return text.slice(name[0].length);
}
