/** Lines of a failure's words that are read alike. */
export interface Passage {
  readonly text: string;
  /** Bytes that stand one below the other: wrapped, they could not be compared. */
  readonly isOfBytes: boolean;
}

/** A side of a difference: its name, then hex digits with one byte in brackets, or its text after a bar. */
const OF_BYTES = /^ {2}\S.* {2}(?:\| |(?:… )?(?:[0-9a-f]{2} )*\[(?:[0-9a-f]{2}|end)\])/;

/**
 * The words of a failure, taken apart where lines of bytes begin and end; joined by line ends they are the
 * words again.
 */
export function passagesOf(words: string): readonly Passage[] {
  const passages: Passage[] = [];
  for (const line of words.split('\n')) {
    const isOfBytes = OF_BYTES.test(line);
    const last = passages.at(-1);
    if (last?.isOfBytes === isOfBytes) passages.splice(-1, 1, { ...last, text: `${last.text}\n${line}` });
    else passages.push({ text: line, isOfBytes });
  }
  return passages;
}
