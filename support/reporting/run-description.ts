import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Describes what ran, in words: the head of the console's output and of the report. */
export interface RunDescription {
  readonly suite: string;
  readonly vault: string;
  readonly mode: string;
  readonly mongo: string;
  readonly s3: string;
  readonly startedAt: Date;
  readonly gitCommit: string;
  readonly node: string;
  readonly seed?: string;
  /** Which shard of the run this is, such as `1/3`; absent for a run of its own. */
  readonly shard?: string;
  /** Where the HTML report is written, relative to the working directory; absent when none is. */
  readonly report?: string;
}

/** The word where nobody described the run. */
export const UNKNOWN = 'unknown';
const SHOWN_HASH = 12;

let described: Partial<RunDescription> = {};
const startedAt = new Date();

/**
 * Adds to the description of this process's run; later words win. The coordinator calls it, in the process of
 * the formatters.
 */
export function describeRun(part: Partial<RunDescription>): void {
  described = { ...described, ...part };
}

/** The run as described so far; what nobody described is `unknown`. */
export function runDescription(): RunDescription {
  return {
    suite: 'Audit Vault acceptance suite',
    vault: UNKNOWN,
    mode: UNKNOWN,
    mongo: UNKNOWN,
    s3: UNKNOWN,
    startedAt,
    node: process.version,
    ...described,
    gitCommit: described.gitCommit ?? gitCommit(process.cwd()),
  };
}

/** The commit that is checked out, shortened; `unknown` where there is no repository. */
export function gitCommit(folder: string): string {
  const commit = commitFromFiles(folder) ?? commitFromGit(folder);
  return commit === undefined ? UNKNOWN : commit.slice(0, SHOWN_HASH);
}

/**
 * Reading two small files saves the start of a process; whatever is unusual (work trees, packed refs) is left
 * to git.
 */
function commitFromFiles(folder: string): string | undefined {
  try {
    const head = readFileSync(path.join(folder, '.git', 'HEAD'), 'utf8').trim();
    const reference = /^ref: (refs\/[\w./-]+)$/.exec(head)?.[1];
    return hashIn(
      reference === undefined ? head : readFileSync(path.join(folder, '.git', reference), 'utf8'),
    );
  } catch {
    return undefined;
  }
}

function commitFromGit(folder: string): string | undefined {
  try {
    const told = execFileSync('git', ['rev-parse', '--verify', 'HEAD'], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 2_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return hashIn(told);
  } catch {
    return undefined;
  }
}

function hashIn(text: string): string | undefined {
  const hash = text.trim();
  return /^[0-9a-f]{40,64}$/.test(hash) ? hash : undefined;
}
