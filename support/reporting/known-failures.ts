import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { closest } from 'fastest-levenshtein';
import { z } from 'zod';
import { SuiteError } from '../bytes/errors';
import { PROMISES } from '../ledger/promises';
import { type BrokenRequirements, NOTHING_BROKEN } from './broken-requirements';
import { readRequirements, requirementIdsOf } from './requirements';

/** Something that a target is known to fail, and why it is put up with. */
export interface KnownFailure {
  /** The id of a requirement, or the name of a scenario. */
  readonly about: string;
  readonly reason: string;
}

/** As much of a scenario as a known failure is about. */
export interface NamedScenario {
  readonly name: string;
  readonly tags: readonly string[];
}

/** A scenario that ran, and the requirements that its failures break. */
export interface ScenarioThatRan extends NamedScenario {
  readonly broken: BrokenRequirements;
}

/** The variable that names the file; `npm run bdd -- --known-failures FILE` sets it. */
export const KNOWN_FAILURES_VARIABLE = 'KNOWN_FAILURES';

const SCENARIO = /^\s*(?:Scenario(?: Outline| Template)?|Example): *(.+)$/gm;
const FORM = 'each entry is "requirement: <id>" or "scenario: <name>", and "reason: <why>"';

const entry = z.union([
  z.strictObject({ requirement: z.string().min(1), reason: z.string().trim().min(1) }),
  z.strictObject({ scenario: z.string().min(1), reason: z.string().trim().min(1) }),
]);

/**
 * The known failures of the vault under test: reported, not failing the run; one that unexpectedly holds does
 * fail it.
 */
export class KnownFailures {
  constructor(readonly entries: readonly KnownFailure[]) {}

  /**
   * Why a scenario that failed is known to; `undefined` when it is not. What its end found broken beside what
   * it is about has to be known for itself: a list of one promise must not hide that another is broken.
   */
  reasonFor({ name, tags, broken }: ScenarioThatRan): string | undefined {
    const whole = this.entries.find(({ about }) => about === name);
    if (whole !== undefined) return whole.reason;
    const ids = requirementIdsOf(tags);
    const reasonOf = (ofThese: readonly string[]): string | undefined =>
      this.entries.find(({ about }) => ofThese.includes(about))?.reason;
    const beside = broken.own ? broken.found.filter((id) => !ids.includes(id)) : broken.found;
    const reasons = [...(broken.own ? [reasonOf(ids)] : []), ...beside.map((id) => reasonOf([id]))];
    return reasons.includes(undefined) || reasons.length === 0 ? undefined : [...new Set(reasons)].join('; ');
  }

  /**
   * The entries whose scenarios were judged, and all of them held.
   * @param leftOut scenarios of the same features that were no part of the run: one of these might still fail
   */
  thatHold(
    judged: readonly (ScenarioThatRan & { readonly status: string })[],
    leftOut: readonly NamedScenario[],
  ): readonly KnownFailure[] {
    return this.entries.filter((known) => {
      const statuses = judged.filter((scenario) => isAbout(known, scenario)).map(({ status }) => status);
      // A skipped row says nothing; one that could not be judged might still fail.
      const told = statuses.filter((status) => status !== 'skipped');
      // What any scenario's end may find broken, one that was left out might find too.
      const isWhole = ANYWHERE.has(known.about)
        ? leftOut.length === 0
        : !leftOut.some((scenario) => isAbout(known, { ...scenario, broken: NOTHING_BROKEN }));
      return isWhole && told.length > 0 && told.every((status) => status === 'passed');
    });
  }
}

const ANYWHERE: ReadonlySet<string> = new Set(Object.values(PROMISES));
const none = new KnownFailures([]);
let read: { readonly file: string; readonly known: KnownFailures } | undefined;

/**
 * Reads, once, the list that the environment names. @throws SuiteError when the file is not what it should be
 */
export function knownFailures(environment: NodeJS.ProcessEnv = process.env): KnownFailures {
  const file = environment[KNOWN_FAILURES_VARIABLE] ?? '';
  if (file === '') return none;
  if (read?.file !== file) read = { file, known: readKnownFailures(file) };
  return read.known;
}

/** @throws SuiteError that says in one sentence what is wrong with the file, and where */
export function readKnownFailures(file: string): KnownFailures {
  // Few runs name such a file; the others start sooner without a parser for it.
  const { LineCounter, parseDocument } = require('yaml') as typeof import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(textOf(file), { lineCounter: lines });
  const at = (offset: number | undefined): string =>
    offset === undefined ? file : `${file}, line ${lines.linePos(offset).line}`;
  const [error] = document.errors;
  if (error !== undefined) {
    throw new SuiteError(`${at(error.pos[0])} is not valid YAML: ${error.message.split('\n', 1)[0]}`);
  }
  const content: unknown = document.toJS();
  // A list in which everything was struck out, or that is yet to be filled.
  if (content === null) return none;
  if (!Array.isArray(content)) throw new SuiteError(`${file} is not a list: ${FORM}.`);
  const requirements = new Set(readRequirements().map(({ id }) => id));
  return new KnownFailures(
    content.map((item: unknown, index) => {
      const node = document.getIn([index], true);
      const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
      const where = at(Array.isArray(range) ? Number(range[0]) : undefined);
      return knownFailureOf(item, where, requirements);
    }),
  );
}

/**
 * Refuses a list that names a scenario which no feature has: what is misspelt would never be found to hold.
 * @param names of all scenarios there are; of an outline, with its placeholders
 * @throws SuiteError that names the nearest
 */
export function refuseUnknownScenarios({ entries }: KnownFailures, names: readonly string[]): void {
  const requirements = new Set(readRequirements().map(({ id }) => id));
  const isName = (about: string): boolean => names.some((name) => patternOf(name).test(about));
  const unknown = entries.find(({ about }) => !requirements.has(about) && !isName(about));
  if (unknown === undefined) return;
  throw new SuiteError(
    `The known failures name the scenario "${unknown.about}", which no feature has: did you mean "${closest(unknown.about, names)}"?`,
  );
}

/** The names of the scenarios of all features, as they are written there. */
export function scenarioNames(folder = 'features'): readonly string[] {
  return readdirSync(folder, { encoding: 'utf8' })
    .filter((file) => file.endsWith('.feature'))
    .flatMap((file) => [...readFileSync(path.join(folder, file), 'utf8').matchAll(SCENARIO)])
    .map(([, name = '']) => name.trim());
}

/** A name of an outline stands for those of all its rows. */
function patternOf(name: string): RegExp {
  const parts = name.split(/<[^>]+>/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new SuiteError(`The known failures in ${file} cannot be read (${code}): name a file that exists.`);
  }
}

function knownFailureOf(item: unknown, where: string, requirements: ReadonlySet<string>): KnownFailure {
  const parsed = entry.safeParse(item);
  if (!parsed.success) throw new SuiteError(`${where} is no known failure: ${FORM}.`);
  if ('scenario' in parsed.data) return { about: parsed.data.scenario, reason: parsed.data.reason };
  const { requirement, reason } = parsed.data;
  if (!requirements.has(requirement)) {
    throw new SuiteError(`${where} names ${requirement}, which features/requirements.md does not list.`);
  }
  return { about: requirement, reason };
}

function isAbout({ about }: KnownFailure, { name, tags, broken }: ScenarioThatRan): boolean {
  return name === about || requirementIdsOf(tags).includes(about) || broken.found.includes(about);
}
