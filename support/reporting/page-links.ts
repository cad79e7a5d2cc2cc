import { existsSync } from 'node:fs';
import path from 'node:path';

/** Another file of the same run, as a page links to it. */
export interface PageLink {
  readonly file: string;
  readonly words: string;
}

/** The files that a run may write beside a page; the matrices of defects are written by runs of their own. */
const FILES: readonly PageLink[] = [
  { file: 'index.html', words: 'Report of the run' },
  { file: 'conformance.html', words: 'Conformance, requirement by requirement' },
  { file: 'cucumber.html', words: "Cucumber's own report" },
  { file: 'defects.html', words: 'Defects the suite catches' },
  { file: 'variations.html', words: 'Right vaults the suite lets pass' },
  { file: 'conformance.json', words: 'conformance.json' },
  { file: 'junit.xml', words: 'junit.xml' },
];

/** The folder that the reports of this run are written to. */
export function reportsFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.AUDIT_VAULT_REPORTS ?? 'reports';
}

/**
 * Links to what lies beside this page. A run opens all of its files before its first scenario, so that none
 * is missed.
 */
export function linksBeside(page: string, folder = reportsFolder()): readonly PageLink[] {
  return FILES.filter(({ file }) => file !== page && existsSync(path.join(folder, file)));
}
