import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

const REPORT = /\.(?:html|json|txt|xml|ndjson)$/;
/** Written while the run goes on: without its end no browser shows it. */
const BEGUN = 'cucumber.html';

/**
 * Removes what a run that was cut short leaves of its reports: Cucumber opens every file before the first
 * scenario, and most are written after the last. The messages of the scenarios that ran stay. A run that had
 * opened none leaves those of the run before.
 */
export function removeUnfinishedReports(folder: string): void {
  if (!existsSync(folder)) return;
  const empty = readdirSync(folder).filter(
    (file) => REPORT.test(file) && statSync(path.join(folder, file)).size === 0,
  );
  if (empty.length === 0) return;
  for (const file of [...empty, BEGUN]) rmSync(path.join(folder, file), { force: true });
}
