import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

/** Why a passage of the contract is no requirement. */
const REASONS = [
  'definition',
  'permission',
  'recommendation',
  'about the suite',
  'about the provider',
] as const;

const passage = z.union([
  z.strictObject({ says: z.string().min(1), requirements: z.array(z.string()).min(1) }),
  z.strictObject({ says: z.string().min(1), because: z.enum(REASONS) }),
]);

/** One passage of the contract, a sentence or a part of one, and what became of it. */
export type Passage = z.infer<typeof passage>;

export const CONTRACT = 'docs/vault-contract.md';
const MAP = 'features/contract-map.yaml';

/**
 * Returns what the map says, in the order of the contract.
 * @throws Error for an entry that has another shape
 */
export function readContractMap(text: string = readFileSync(MAP, 'utf8')): readonly Passage[] {
  return z.array(passage).parse(parse(text));
}

/**
 * Everything in which the contract, the map and the requirements do not fit together, in sentences: a passage
 * of the contract that the map leaves out, one that the contract does not hold (any more) where the map has
 * it, an id that is none, and a requirement that nothing in the contract asks for.
 */
export function contractMapProblems(
  contract: string,
  map: readonly Passage[],
  requirements: readonly string[],
): readonly string[] {
  const problems: string[] = [];
  const text = plain(contract);
  let at = 0;
  for (const entry of map) {
    const says = plain(entry.says);
    const found = text.indexOf(says, at);
    if (found < 0) {
      problems.push(`${CONTRACT} does not say "${entry.says}", or not where ${MAP} has it.`);
      continue;
    }
    problems.push(...leftOut(text.slice(at, found)));
    at = found + says.length;
  }
  problems.push(...leftOut(text.slice(at)));
  const asked = new Set(map.flatMap((entry) => ('requirements' in entry ? entry.requirements : [])));
  for (const id of asked)
    if (!requirements.includes(id))
      problems.push(`${MAP} names ${id}, which features/requirements.md does not.`);
  for (const id of requirements)
    if (!asked.has(id)) problems.push(`${id} follows from no passage of the contract in ${MAP}.`);
  return problems;
}

function leftOut(gap: string): readonly string[] {
  const rest = gap.trim();
  return rest === ''
    ? []
    : [`${MAP} leaves out "${rest}": name the requirements that it became, or why there is none.`];
}

/** The words alone: without examples in code, headings, rulers, bullets, cell borders and the way lines are broken. */
function plain(markdown: string): string {
  return markdown
    .replace(/^```.*?^```$/gms, '')
    .split('\n')
    .filter((line) => !/^(?:#|\|[-| ]+\|$)/.test(line))
    .map((line) => line.replace(/^- /, ''))
    .join(' ')
    .replace(/[|·]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
