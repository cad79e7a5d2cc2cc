import { nearest } from './nearest';
import type { ProfileDocument } from './profile-document';
import { Template } from './template';

/** Something wrong with a profile, and what would be right. */
export interface ProfileProblem {
  /** The member it is about, from the outside in. */
  readonly at: readonly string[];
  readonly words: string;
}

/** What a part of a profile has to be, beyond its form. */
export type Rule = (document: ProfileDocument) => readonly (ProfileProblem | undefined)[];

export function problem(at: readonly string[], words: string): ProfileProblem {
  return { at, words };
}

/** Says what is wrong with a text that is to have all of the needed names, and none but the known. */
export function templateProblem(
  at: readonly string[],
  text: string,
  known: readonly string[],
  needed: readonly string[],
): ProfileProblem | undefined {
  const { names } = new Template(text);
  const unknown = names.find((name) => !known.includes(name));
  const allowed = known.length === 0 ? 'no name can stand there' : `it can have ${listed(known)}`;
  if (unknown !== undefined)
    return problem(at, `"${text}" has the name {${unknown}}${nearest(unknown, known)}: ${allowed}`);
  if (/[{}]/.test(text.replaceAll(/\{[^{}]*\}/g, '')))
    return problem(at, `"${text}" has a brace without its partner`);
  const missing = needed.filter((name) => !names.includes(name));
  return missing.length === 0 ? undefined : problem(at, `"${text}" lacks ${listed(missing)}: ${allowed}`);
}

function listed(names: readonly string[]): string {
  return names.map((name) => `{${name}}`).join(', ');
}

type Paths = Readonly<Record<string, string | undefined>>;

/** No two members lie in the same place, or one within the other; told of one that the profile names. */
export function clashes(named: Paths, usual: Paths, within: string): (ProfileProblem | undefined)[] {
  const isNamed = ([, path]: readonly [string, string | undefined]): boolean => path !== undefined;
  const leftOut = Object.entries(usual).filter(([name]) => named[name] === undefined);
  const paths = [...leftOut, ...Object.entries(named)].filter(isNamed) as [string, string][];
  return paths.map(([name, path], index) => {
    const clash = paths
      .slice(0, index)
      .find(([, other]) => other === path || other.startsWith(`${path}.`) || path.startsWith(`${other}.`));
    return clash === undefined
      ? undefined
      : problem(
          [...within.split('.'), ...name.split('.')],
          `"${path}" is where ${within}.${clash[0]} is too ("${clash[1]}"): each needs a place of its own`,
        );
  });
}

/** Headers that belong to the connection and to how a message is framed: nothing else can be in them. */
const FRAMING: readonly string[] = [
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Says that a header cannot carry something, for it says something else already. */
export function takenHeader(
  at: readonly string[],
  header: string | undefined,
  {
    carries,
    also,
    such,
  }: { readonly carries: string; readonly also: readonly string[]; readonly such: string },
): ProfileProblem | undefined {
  if (header === undefined || ![...FRAMING, ...also].includes(header.toLowerCase())) return undefined;
  return problem(
    at,
    `${header} has a meaning of its own in HTTP, so that it cannot carry ${carries}: name the header that does, such as ${such}`,
  );
}
