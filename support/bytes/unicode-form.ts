export type UnicodeForm = 'NFC' | 'NFD' | 'NFKC';

/** More marks on one letter than any language has. */
const MOST_MARKS = 64;

/**
 * A text in a Unicode normalisation form; undefined when it cannot be had in reasonable time: normalising
 * takes quadratic time over a long run of combining marks (160,000 of them take 7 s), and payloads are
 * hostile.
 */
export function inForm(text: string, form: UnicodeForm): string | undefined {
  for (const [marks] of text.matchAll(/\p{M}+/gu)) {
    if (marks.length > MOST_MARKS) return undefined;
  }
  return text.normalize(form);
}

/** True when two texts differ in nothing but their Unicode normalisation form. */
export function sameAfterNormalising(left: string, right: string): boolean {
  const form = inForm(left, 'NFC');
  return form !== undefined && form === inForm(right, 'NFC');
}
