interface Changed {
  readonly bytes: Uint8Array;
  /** The differing stretch, `[from, to)`. */
  readonly changed: readonly [number, number];
}

/**
 * How far two stretches are aligned, in bytes: more than a picture shows, so that its end is right as well.
 */
const ALIGNED = 192;

/**
 * The bytes, by their offset, that the other side has no counterpart of, in the order they come; from the
 * beginning of the differing stretch as far as a picture reaches. The longest common subsequence decides, so
 * a blank that was taken out is one byte, not all that moved up behind it.
 */
export function withoutCounterpart(
  expected: Changed,
  actual: Changed,
): { readonly expected: ReadonlySet<number>; readonly actual: ReadonlySet<number> } {
  const left = stretchOf(expected);
  const right = stretchOf(actual);
  const width = right.length + 1;
  // common[i * width + j]: the length of what left from i and right from j have in common.
  const common = new Uint16Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const skipped = Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
      common[i * width + j] = left[i] === right[j] ? (common[(i + 1) * width + j + 1] ?? 0) + 1 : skipped;
    }
  }
  const marked = { expected: new Set<number>(), actual: new Set<number>() };
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    const isInBoth = i < left.length && j < right.length && left[i] === right[j];
    const skipsLeft = common[(i + 1) * width + j] ?? 0;
    const skipsRight = common[i * width + j + 1] ?? 0;
    if (isInBoth) {
      i += 1;
      j += 1;
    } else if (j >= right.length || (i < left.length && skipsLeft >= skipsRight)) {
      marked.expected.add(expected.changed[0] + i);
      i += 1;
    } else {
      marked.actual.add(actual.changed[0] + j);
      j += 1;
    }
  }
  return marked;
}

function stretchOf({ bytes, changed: [from, to] }: Changed): Uint8Array {
  return bytes.subarray(from, Math.min(to, from + ALIGNED));
}
