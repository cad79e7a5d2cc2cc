import type { Mode } from '../environments/configuration';

/** The command by which the reference vault is a process of its own. */
export const REFERENCE_VAULT = 'node -r ts-node/register reference-vault/main.ts';

/**
 * The variables by which a run over the wire finds a vault where nobody named one: the reference vault, as a
 * process.
 */
export function vaultVariables(mode: Mode): Readonly<Record<string, string>> {
  const { VAULT_COMMAND, VAULT_BASE_URL } = process.env;
  const isNamed = [VAULT_COMMAND, VAULT_BASE_URL].some((value) => (value ?? '') !== '');
  return mode === 'wire' && !isNamed ? { VAULT_COMMAND: REFERENCE_VAULT } : {};
}
