import { writeFileSync } from 'node:fs';
import { runVaultProcess } from '../../reference-vault/vault-process';
import { SuiteError } from '../../support/bytes/errors';
import { subjectOf } from './applied';

/**
 * The reference vault as a process, with the defect that AUDIT_VAULT_DEFECT names and in the shape of
 * VAULT_PROFILE: how a wire run meets them. Without either it is the reference vault itself. Exit code 2: there
 * is no such defect, or no such profile.
 */
function main(defect: string | undefined, shape: string | undefined): void {
  try {
    runVaultProcess(subjectOf({ defect, shape }, noteReached).assemble);
  } catch (error) {
    if (!(error instanceof SuiteError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}

/** Tells whoever tries the defect that the vault met it. */
function noteReached(): void {
  const file = process.env.AUDIT_VAULT_DEFECT_REACHED;
  if (file !== undefined) writeFileSync(file, '');
}

main(process.env.AUDIT_VAULT_DEFECT || undefined, process.env.VAULT_PROFILE || undefined);
