import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { archiveVault, type ForeignVault, goVault, pythonVault } from './vaults';

const BDD = ['-r', 'ts-node/register', 'support/run/bdd.ts', '--profile', 'wire', '--no-explore'];
const NOT_JUDGED = 2;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/**
 * `npm run bdd:foreign`: judges the vaults of this folder over the wire, one after the other, or the one
 * whose name comes first behind `--`; whatever else stands there goes to Cucumber. A vault whose language is
 * not here is left out, with a sentence. Each one's reports lie in a folder of its own. Exit code 1 where one
 * broke a promise, 2 where none did and one, or none at all, could be judged.
 */
function main([first, ...others]: readonly string[]): number {
  const scratch = mkdtempSync(path.join(tmpdir(), 'foreign-vault-'));
  try {
    const python = process.env.PYTHON || undefined;
    const vaults = [
      pythonVault(outputOf, python),
      archiveVault(outputOf, python),
      goVault(outputOf, scratch),
    ];
    const named = vaults.filter(({ name }) => name === first);
    const args = named.length > 0 || first === undefined ? others : [first, ...others];
    const codes = (named.length > 0 ? named : vaults).flatMap((vault) => judge(vault, args));
    if (codes.length === 0) return NOT_JUDGED;
    return codes.includes(1) ? 1 : Math.max(...codes);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The exit code of the run; none where the vault is left out. */
function judge(vault: ForeignVault, args: readonly string[]): readonly number[] {
  say(`\n-- The foreign vault: ${vault.name}`);
  if ('missing' in vault) {
    say(`It is left out: ${vault.missing}.`);
    return [];
  }
  const environment = { ...process.env, ...vault.environment };
  const [program, ...steps] = vault.build ?? [];
  if (
    program !== undefined &&
    spawnSync(program, steps, { env: environment, stdio: 'inherit' }).status !== 0
  ) {
    say('It cannot be built: see above.');
    return [NOT_JUDGED];
  }
  const run = spawnSync(process.execPath, [...BDD, ...args], {
    env: {
      ...environment,
      VAULT_COMMAND: vault.start,
      AUDIT_VAULT_REPORTS: path.join(process.env.AUDIT_VAULT_REPORTS || 'reports', `foreign-${vault.name}`),
    },
    stdio: 'inherit',
  });
  return [run.status ?? NOT_JUDGED];
}

function outputOf(command: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(command, [...args], { encoding: 'utf8' });
  return status === 0 ? stdout : undefined;
}

process.exitCode = main(process.argv.slice(2));
