import { distance } from 'fastest-levenshtein';

const FAR = 4;

/** Returns `, did you mean x?` where one of the known names is near; else nothing. */
export function nearest(name: string, known: readonly string[]): string {
  const [first] = known
    .map((candidate) => ({ candidate, far: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((one, other) => one.far - other.far);
  const isNear = first !== undefined && first.far <= Math.min(FAR, Math.ceil(name.length / 2));
  return isNear ? ` (did you mean ${first.candidate}?)` : '';
}
