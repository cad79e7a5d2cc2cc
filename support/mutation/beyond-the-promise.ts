import type { Ignorer, NodePath } from '@stryker-mutator/api/ignore';

/** The little of a syntax tree that is looked at here. */
interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly name?: unknown;
  readonly quasis?: readonly { readonly value: { readonly raw: string } }[];
  readonly callee?: Node;
  readonly object?: Node;
  readonly property?: Node;
  readonly key?: Node;
}

/**
 * Leaves out of the mutation test what the contract leaves to each vault: what it writes into its log, the words of its sentences for
 * humans, and what its error classes are called. No scenario may assert on them.
 */
export const beyondThePromise: Ignorer = {
  shouldIgnore: (path: NodePath) => reasonToIgnore((path as unknown as { readonly node: Node }).node),
};

/** @returns why, or undefined when the node is to be mutated */
export function reasonToIgnore(node: Node): string | undefined {
  if (node.type === 'CallExpression' && isLogger(node.callee)) return 'what is logged is not promised';
  if (node.type === 'ClassProperty' && node.key?.name === 'name')
    return "an error class's name is not promised";
  if (isSentence(textOf(node))) return 'the words of a sentence are not promised';
  return undefined;
}

/** `logger.warn(…)`, `this.logger.warn(…)`, `parts.logger.warn(…)`. */
function isLogger(callee: Node | undefined): boolean {
  const target = callee?.type === 'MemberExpression' ? callee.object : undefined;
  return target?.name === 'logger' || target?.property?.name === 'logger';
}

function textOf(node: Node): string | undefined {
  if (node.type === 'StringLiteral' && typeof node.value === 'string') return node.value;
  return node.type === 'TemplateLiteral' ? node.quasis?.map(({ value }) => value.raw).join('…') : undefined;
}

/** With a capital and a full stop, or the half of one that request validation begins with a member's name. */
function isSentence(text: string | undefined): boolean {
  return text !== undefined && /^(?:[A-Z…].* .*\.|must .*|not .*|the .*)$/s.test(text);
}
