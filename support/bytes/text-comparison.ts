import { LINE_ENDS, trailingPhrase } from './token-comparison';
import { sameAfterNormalising } from './unicode-form';

/**
 * Tells how two texts that are not JSON differ, when it is in spelling only: each phrase returned is one kind
 * of change, and together they are all there is. Empty when the texts say different things.
 */
export function spellingOfTexts(expected: string, actual: string): string[] {
  if (expected.replaceAll('\r\n', '\n') === actual.replaceAll('\r\n', '\n')) return [LINE_ENDS];
  const left = split(expected);
  const right = split(actual);
  const trailing = left.end === right.end ? [] : [trailingPhrase(left.end, right.end)];
  if (left.body === right.body) return trailing;
  if (left.body.replaceAll('\r\n', '\n') === right.body.replaceAll('\r\n', '\n')) {
    return [...trailing, LINE_ENDS];
  }
  if (sameButForBlanks(left.body, right.body)) return [...trailing, 'white space'];
  return sameAfterNormalising(left.body, right.body) ? [...trailing, 'Unicode normalisation'] : [];
}

/**
 * Tells what else changed when the members of two JSON texts with the same structure come in another order.
 * Tokens cannot be paired then, but the characters that white space and escapes are made of can be counted.
 */
export function spellingOfReordered(expected: string, actual: string): string[] {
  const left = census(expected);
  const right = census(actual);
  return [
    ...(left.blanks === right.blanks ? [] : ['white space']),
    ...(left.escapes === right.escapes ? [] : ['string escapes']),
  ];
}

/** A walk that ends at the first real difference, which in megabytes saves two copies without blanks. */
function sameButForBlanks(left: string, right: string): boolean {
  let at = 0;
  let other = 0;
  for (;;) {
    while (isBlank(left.charCodeAt(at))) at += 1;
    while (isBlank(right.charCodeAt(other))) other += 1;
    if (at >= left.length || other >= right.length) return at >= left.length && other >= right.length;
    if (left.charCodeAt(at) !== right.charCodeAt(other)) return false;
    at += 1;
    other += 1;
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function split(text: string): { readonly body: string; readonly end: string } {
  // A loop, not /\s+$/, which takes quadratic time over a text that is mostly blank.
  let length = text.length;
  while (length > 0 && isBlank(text.charCodeAt(length - 1))) length -= 1;
  return { body: text.slice(0, length), end: text.slice(length) };
}

function census(text: string): { readonly blanks: string; readonly escapes: number } {
  const counts = { ' ': 0, '\t': 0, '\r': 0, '\n': 0, '\\': 0 };
  for (const [character] of text.matchAll(/[ \t\r\n\\]/g)) counts[character as keyof typeof counts] += 1;
  const { '\\': escapes, ...blanks } = counts;
  return { blanks: JSON.stringify(blanks), escapes };
}
