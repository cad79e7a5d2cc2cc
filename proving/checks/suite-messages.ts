import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Envelope } from '@cucumber/messages';
import { Query } from '@cucumber/query';

/**
 * Returns what Cucumber says of all features and steps without running any.
 * @throws Error when it says nothing
 */
export function suiteMessages(): Query {
  const folder = mkdtempSync(path.join(tmpdir(), 'audit-vault-trace-'));
  try {
    const { status, stderr } = spawnSync(path.join('node_modules', '.bin', 'cucumber-js'), ['--dry-run'], {
      encoding: 'utf8',
      env: { ...process.env, AUDIT_VAULT_REPORTS: folder },
    });
    if (status !== 0 && status !== 2) throw new Error(`the dry run failed: ${stderr}`);
    const lines = readFileSync(path.join(folder, 'messages.ndjson'), 'utf8').trim().split('\n');
    return queryOf(lines.map((line) => JSON.parse(line) as Envelope));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns what can be asked of these messages. */
export function queryOf(envelopes: readonly Envelope[]): Query {
  const query = new Query();
  for (const envelope of envelopes) query.update(envelope);
  return query;
}
