import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Envelope } from '@cucumber/messages';
import { readRequirements } from '../reporting/requirements';
import { traceabilityProblems } from './traceability';

/** Fails, with a sentence for each, where features, steps and requirements do not fit together. */
function main(): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'audit-vault-trace-'));
  try {
    const { status, stderr } = spawnSync(path.join('node_modules', '.bin', 'cucumber-js'), ['--dry-run'], {
      encoding: 'utf8',
      env: { ...process.env, AUDIT_VAULT_REPORTS: folder },
    });
    if (status !== 0 && status !== 2) throw new Error(`the dry run failed: ${stderr}`);
    const envelopes = readFileSync(path.join(folder, 'messages.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Envelope);
    const problems = traceabilityProblems(readRequirements(), envelopes);
    for (const problem of problems) process.stderr.write(`${problem}\n`);
    process.exitCode = problems.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main();
