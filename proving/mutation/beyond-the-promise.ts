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
  readonly properties?: readonly Node[];
  readonly arguments?: readonly Node[];
  readonly key?: Node;
}

/** By name of a member: why no scenario may ask for it. */
const UNPROMISED_MEMBERS: ReadonlyMap<unknown, string> = new Map([
  ['cause', 'what was behind an error is for the log'],
  ['projection', 'how much is read at a time is not promised'],
  ['keepAlive', 'how long a connection is kept is not promised'],
  ['estimated_completion_ms', 'an estimate is not promised'],
]);

/**
 * Leaves out of the mutation test what the contract leaves to each vault: what it writes into its log, the
 * words of its sentences for humans, what its error classes are called, what only saves time (indexes,
 * projections, kept connections), and its estimate. No scenario may assert on them.
 */
export const beyondThePromise: Ignorer = {
  shouldIgnore: (path: NodePath) => reasonToIgnore((path as unknown as { readonly node: Node }).node),
};

/** @returns why, or undefined when the node is to be mutated */
export function reasonToIgnore(node: Node): string | undefined {
  if (node.type === 'CallExpression' && isLogger(node.callee)) return 'what is logged is not promised';
  if (node.type === 'ClassProperty' && node.key?.name === 'name')
    return "an error class's name is not promised";
  if (isPlainIndex(node)) return 'an index that is not unique only saves time';
  if (isSentence(textOf(node))) return 'the words of a sentence are not promised';
  return unpromisedMember(node);
}

/** `jobs.createIndex({ … })`, without options. */
function isPlainIndex({ type, callee, arguments: given }: Node): boolean {
  return type === 'CallExpression' && callee?.property?.name === 'createIndex' && given?.length === 1;
}

/** Such a member, or an object that has no other. */
function unpromisedMember({ type, key, properties }: Node): string | undefined {
  if (type === 'ObjectProperty') return UNPROMISED_MEMBERS.get(key?.name);
  const [only, ...more] = type === 'ObjectExpression' ? (properties ?? []) : [];
  return only === undefined || more.length > 0 ? undefined : unpromisedMember(only);
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

/**
 * With a capital and a full stop; or a part of one, words in lower case, as in `must not be empty` and `an
 * upload`.
 */
function isSentence(text: string | undefined): boolean {
  return text !== undefined && /^(?:[A-Z…].* .*\.|The \w+|must .*|[a-z…][\w…'-]*(?: [\w…'-]+)+)$/s.test(text);
}
