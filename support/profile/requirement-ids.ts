import { readFileSync } from 'node:fs';
import path from 'node:path';

const LIST = path.join(__dirname, '../../features/requirements.md');

/** Returns the ids of the requirements that there are, which a profile may name as not claimed. */
export function requirementIds(): readonly string[] {
  return [...readFileSync(LIST, 'utf8').matchAll(/^\| ([A-Z]{2,4}-\d+) \|/gm)].map(([, id = '']) => id);
}
