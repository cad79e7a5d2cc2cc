import { diff } from 'deep-object-diff';
import type { LosslessValue } from './lossless-json';

/**
 * One place where two JSON documents say different things. Values are leaves as `LosslessValue` writes them.
 */
export interface StructuralDifference {
  /**
   * Such as `$.user.name` or `$.events[3]`. Unbounded, like the payload it comes from: quote it with
   * `safeText`.
   */
  readonly path: string;
  readonly change: 'removed' | 'added' | 'changed';
  /** The value that the expected document has there; absent when the place was added. */
  readonly expected?: string;
  /** The value that the actual document has there; absent when the place was removed. */
  readonly actual?: string;
}

/**
 * Finds where two lossless values differ, as deep-object-diff finds it. Key order and spelling (white space,
 * escapes) are no structure: two payloads of other bytes may have no such difference.
 */
export function* structuralDifferences(
  expected: LosslessValue,
  actual: LosslessValue,
): Generator<StructuralDifference> {
  // deep-object-diff compares objects only; under a root, a document that is a bare number is one too.
  const left = { $: expected };
  const right = { $: actual };
  // A stack, not recursion: delegating generators cost a step per level for each difference.
  const open: Open[] = [openAt('', diff(left, right), left, right)];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const name = top.names[top.next];
    top.next += 1;
    if (name === undefined) {
      open.pop();
      continue;
    }
    const before = member(top.expected, name);
    const after = member(top.actual, name);
    const path = top.path + (/^\d/.test(name) ? `[${name}]` : name);
    if (after === undefined) {
      yield { path, change: 'removed', expected: summary(before) };
    } else if (before === undefined) {
      yield { path, change: 'added', actual: summary(after) };
    } else if (typeof before === 'string' || sort(before) !== sort(after)) {
      yield { path, change: 'changed', expected: summary(before), actual: summary(after) };
    } else {
      open.push(openAt(path, Reflect.get(top.found, name) as object, before, after));
    }
  }
}

interface Open {
  readonly path: string;
  readonly found: object;
  readonly names: readonly string[];
  readonly expected: LosslessValue;
  readonly actual: LosslessValue;
  next: number;
}

function openAt(path: string, found: object, expected: LosslessValue, actual: LosslessValue): Open {
  return { path, found, names: Object.keys(found), expected, actual, next: 0 };
}

function member(value: LosslessValue, name: string): LosslessValue | undefined {
  if (typeof value === 'string' || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name) as LosslessValue;
}

function sort(value: LosslessValue): string {
  return Array.isArray(value) ? 'array' : typeof value === 'string' ? 'leaf' : 'object';
}

function summary(value: LosslessValue | undefined): string {
  if (value === undefined || typeof value === 'string') return value ?? 'nothing';
  const size = Object.keys(value).length;
  return Array.isArray(value) ? `array of ${size}` : `object with ${size} member${size === 1 ? '' : 's'}`;
}
