import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SuiteError } from '../bytes/errors';

/** One promise a vault makes, as `features/requirements.md` lists it. */
export interface Requirement {
  readonly id: string;
  readonly level: 'core' | 'extended';
  /** Completes the sentence "a vault …". */
  readonly sentence: string;
  /** The heading it stands under: `Fidelity`, `Resilience`, … */
  readonly area: string;
}

/** The form of a requirement's id; as a tag it is led by `@`. */
const ID = /^[A-Z]{2,4}-\d+$/;

const LIST = path.join(__dirname, '../../features/requirements.md');

/** Reads the list. @throws SuiteError for a row that is none, or an id that is there twice */
export function readRequirements(file = LIST): readonly Requirement[] {
  let area = '';
  const requirements: Requirement[] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    area = /^## (.+)$/.exec(line)?.[1]?.trim() ?? area;
    const row = /^\|(.*)\|\s*$/.exec(line)?.[1] ?? '';
    const cells = row.split('|').map((cell) => cell.trim());
    if (ID.test(cells[0] ?? '')) requirements.push(requirementOf(cells, area, file));
  }
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

/** Returns the requirements of these ids, in the order of the list. */
export function promisesOf(
  ids: readonly string[],
  requirements: readonly Requirement[],
): readonly Requirement[] {
  return requirements.filter(({ id }) => ids.includes(id));
}

function requirementOf(
  [id = '', level, sentence = '']: readonly string[],
  area: string,
  file: string,
): Requirement {
  const isLevel = level === 'core' || level === 'extended';
  if (!isLevel || sentence === '') {
    throw new SuiteError(
      `${file} has a row for ${id} that is not "id | core or extended | sentence | features".`,
    );
  }
  return { id, level, sentence, area };
}
