/**
 * True when two JSON numbers, as written, are the same number: `1.0` and `1`, `1.688560107857E9` and
 * `1688560107.857`. Exact, never through a double. `-0` and `0` are two: a program can tell them apart.
 */
export function sameNumber(left: string, right: string): boolean {
  if (left === right) return true;
  const a = normalForm(left);
  return a !== undefined && a === normalForm(right);
}

function normalForm(text: string): string | undefined {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (parts === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  // Beyond any real exponent, and beyond what a double counts exactly: such numbers are the same only as
  // written.
  if (exponent.length > 12) return undefined;
  const digits = whole + fraction;
  // Loops, not expressions like /0+$/, which take quadratic time over a megabyte of noughts.
  let from = 0;
  while (from < digits.length && digits[from] === '0') from += 1;
  let to = digits.length;
  while (to > from && digits[to - 1] === '0') to -= 1;
  if (from === to) return `${sign}0`;
  const power = Number(exponent) - fraction.length + (digits.length - to);
  return `${sign}${digits.slice(from, to)}e${power}`;
}
