import type { ByteDifference, ComparedSide } from './byte-difference';
import { count } from './safe-text';
import type { StructuralDifference } from './structural-difference';

/** The names of the two sides in a sentence: `the vault returned 118 bytes, the provider served 120`. */
export interface Wording {
  readonly expected: string;
  readonly actual: string;
}

/** The names of the sides where nobody says otherwise. */
export const SERVED_AND_RETURNED: Wording = { expected: 'the provider served', actual: 'the vault returned' };

/**
 * The difference in plain text of several lines, a few KB at most, safe for a terminal. The first line is a
 * sentence that can stand alone.
 */
export function renderDifference(difference: ByteDifference, wording: Wording = SERVED_AND_RETURNED): string {
  const { expected, actual } = difference;
  const width = Math.max(wording.expected.length, wording.actual.length);
  const side = (words: string, text: string): string => `  ${words.padEnd(width)}  ${text}`;
  return [
    headline(difference, wording),
    ...verdict(difference),
    side(wording.expected, `${count(expected.bytes, 'byte')}, ${expected.checksum}`),
    side(wording.actual, `${count(actual.bytes, 'byte')}, ${actual.checksum}`),
    `  ${stretch(difference)}`,
    side(wording.expected, expected.window.hex),
    side(wording.actual, actual.window.hex),
    side(wording.expected, `| ${expected.window.text}`),
    side(wording.actual, `| ${actual.window.text}`),
    ...structure(difference),
  ].join('\n');
}

function headline(difference: ByteDifference, wording: Wording): string {
  const { expected, actual, offset, path } = difference;
  const where = path === undefined ? '' : ` (${path})`;
  const sizes = `${wording.actual} ${count(actual.bytes, 'byte')}, ${wording.expected} ${expected.bytes.toLocaleString('en-US')}`;
  return `${sizes}: first difference at byte ${offset.toLocaleString('en-US')}${where}`;
}

function verdict(difference: ByteDifference): string[] {
  const { causes, sameStructure, suspect, note } = difference;
  const named = causes.length === 0 ? '' : causes.join('; ');
  return [
    ...(sameStructure ? [`  same structure, different bytes: ${named}`] : named === '' ? [] : [`  ${named}`]),
    ...(suspect === undefined ? [] : [`  this is exactly what comes of ${suspect}`]),
    ...(note === undefined ? [] : [`  ${note}`]),
  ];
}

function stretch({ expected, actual }: ByteDifference): string {
  const [from, to] = expected.changed;
  const same = from === 0 && to === expected.bytes ? 'nothing' : 'all';
  return `${change(expected.changed, actual.changed)}; ${same} before and after is the same`;
}

/** Both stretches begin at the first difference. */
function change([from, to]: ComparedSide['changed'], [, newTo]: ComparedSide['changed']): string {
  const was = to - from;
  const is = newTo - from;
  if (was === 0) return `${count(is, 'byte')} ${is === 1 ? 'was' : 'were'} added at byte ${from}`;
  const old = was === 1 ? `byte ${from}` : `bytes ${from} to ${to - 1} (${count(was, 'byte')})`;
  if (is === 0) return `${old} ${was === 1 ? 'is' : 'are'} missing`;
  return was === is ? `${old} ${was === 1 ? 'differs' : 'differ'}` : `${old} became ${count(is, 'byte')}`;
}

function structure({ differences, moreDifferences }: ByteDifference): string[] {
  if (differences.length === 0) return [];
  const more = moreDifferences === 0 ? [] : [`    and ${moreDifferences.toLocaleString('en-US')} more`];
  return ['  what it says differs:', ...differences.map((found) => `    ${sentence(found)}`), ...more];
}

function sentence({ path, change, expected, actual }: StructuralDifference): string {
  if (change === 'removed') return `${path}: ${expected} is missing`;
  if (change === 'added') return `${path}: ${actual} was added`;
  return `${path}: ${expected} became ${actual}`;
}
