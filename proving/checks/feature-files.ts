import { readdirSync } from 'node:fs';
import path from 'node:path';

/** The feature files of the suite, in the order of their paths. */
export function featureFiles(): readonly string[] {
  return readdirSync('features', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.feature'))
    .map((file) => path.join('features', file))
    .sort();
}
