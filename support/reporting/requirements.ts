import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SuiteError } from '../errors';

/** One promise a vault makes, as `features/requirements.md` lists it. */
export interface Requirement {
  readonly id: string;
  readonly level: 'core' | 'extended';
  readonly obligation: 'MUST' | 'SHOULD';
  /** Completes the sentence "a vault …". */
  readonly sentence: string;
}

/** What a requirement's id looks like; as a tag it is led by `@`. */
const ID = /^[A-Z]{2,4}-\d+$/;

const LIST = path.join(__dirname, '../../features/requirements.md');

/** Reads the list. @throws SuiteError for a row that is none, or an id that is there twice */
export function readRequirements(file = LIST): readonly Requirement[] {
  const requirements = readFileSync(file, 'utf8')
    .split('\n')
    .map(
      (line) =>
        /^\|(.*)\|\s*$/
          .exec(line)?.[1]
          ?.split('|')
          .map((cell) => cell.trim()) ?? [],
    )
    .filter(([id = '']) => ID.test(id))
    .map((cells) => requirementOf(cells, file));
  const ids = requirements.map(({ id }) => id);
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined)
    throw new SuiteError(`${file} lists ${repeated} twice: give one of them another id.`);
  return requirements;
}

/** The requirement ids among a scenario's tags. */
export function requirementIdsOf(tags: readonly string[]): readonly string[] {
  return tags.map((tag) => tag.replace(/^@/, '')).filter((tag) => ID.test(tag));
}

function requirementOf(
  [id = '', level, obligation, sentence = '']: readonly string[],
  file: string,
): Requirement {
  const isLevel = level === 'core' || level === 'extended';
  const isObligation = obligation === 'MUST' || obligation === 'SHOULD';
  if (!isLevel || !isObligation || sentence === '') {
    throw new SuiteError(
      `${file} has a row for ${id} that is not "id | core or extended | MUST or SHOULD | sentence".`,
    );
  }
  return { id, level, obligation, sentence };
}
