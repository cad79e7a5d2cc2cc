/**
 * The weight of a line for why a scenario failed: what it quotes or went wrong itself; what has to do with
 * it; the rest.
 */
export type Weight = 'telling' | 'related' | 'plain';

/** A line of evidence that may be too long to be told in full. */
export interface EvidenceLine {
  readonly text: string;
  readonly weight: Weight;
}

/** The words of a failure, as far as they help to tell what has to do with it. */
export interface FailureWords {
  /** Returns true where it quotes this call, such as `GET /v1/jobs/7`. */
  quotes(call: string): boolean;
  /** Returns true where it names an id that stands in this path or key. */
  names(path: string): boolean;
}

/** More than this a page would cut at its end. */
const MOST: Bounds = { lines: 100, characters: 36_000 };
/** The beginning and the end are kept whatever lies between. */
const EDGE = 8;
/** Shorter parts of a path, and those without a digit, stand in many a sentence that is not about it. */
const ID = /^(?=.*\d).{6,}$/;

interface Bounds {
  readonly lines: number;
  readonly characters: number;
}

/**
 * Cuts evidence to size: its beginning and its end, then what tells most, then the rest, from both ends. What
 * is left out is counted in its place.
 */
export function boundedEvidence(lines: readonly EvidenceLine[], most = MOST): readonly string[] {
  const inward = lines.map((_, at) => (at % 2 === 0 ? at / 2 : lines.length - (at + 1) / 2));
  const ofWeight = (weight: Weight): readonly number[] => inward.filter((at) => lines[at]?.weight === weight);
  const wanted = [
    ...inward.slice(0, EDGE * 2),
    ...ofWeight('telling'),
    ...ofWeight('related'),
    ...ofWeight('plain'),
  ];
  const kept = new Set<number>();
  let characters = 0;
  for (const at of wanted) {
    const length = lines[at]?.text.length ?? 0;
    if (kept.has(at) || kept.size >= most.lines || characters + length > most.characters) continue;
    kept.add(at);
    characters += length;
  }
  return told(lines, kept);
}

/** Takes apart what is said of a failure: of its steps, and of what its end found. */
export function failureWords(words: string): FailureWords {
  return {
    quotes: (call) => {
      const after = words.split(call).slice(1);
      return call !== '' && after.some((rest) => !/^[\w/?&=%.~-]/.test(rest) || /^\.(?:\s|$)/.test(rest));
    },
    names: (path) => path.split(/[/?&=.]/).some((part) => ID.test(part) && words.includes(part)),
  };
}

function told(lines: readonly EvidenceLine[], kept: ReadonlySet<number>): readonly string[] {
  const shown: string[] = [];
  let left = 0;
  for (const [at, { text }] of lines.entries()) {
    if (!kept.has(at)) {
      left += 1;
      continue;
    }
    if (left > 0) shown.push(`… ${left} more …`);
    left = 0;
    shown.push(text);
  }
  return left > 0 ? [...shown, `… ${left} more …`] : shown;
}
