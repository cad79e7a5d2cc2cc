import { writeFileSync } from 'node:fs';
import { runVaultProcess } from '../../reference-vault/vault-process';
import { SuiteError } from '../../support/bytes/errors';
import { appliedReplacements } from './applied';

/**
 * The reference vault as a process, with the defect that AUDIT_VAULT_DEFECT names: how a wire run meets a
 * defect. Without one it is the reference vault itself. Exit code 2: there is no such defect.
 */
function main(name: string | undefined): void {
  try {
    runVaultProcess(name === undefined ? {} : appliedReplacements(name, noteReached));
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

main(process.env.AUDIT_VAULT_DEFECT);
