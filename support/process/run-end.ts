import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const noteIn = (temporaryFolder: string): string => path.join(temporaryFolder, 'ending');

/**
 * The coordinator's word that the run ends, in the run's folder: its stores go first, and its workers should
 * not wonder why.
 */
export function announceEnd(temporaryFolder: string): void {
  writeFileSync(noteIn(temporaryFolder), '');
}

/** True when the coordinator has said so, or has gone and taken the folder along. */
export function isEnding(temporaryFolder: string): boolean {
  return existsSync(noteIn(temporaryFolder)) || !existsSync(temporaryFolder);
}
