import path from 'node:path';

/** Runs a command. @returns what it printed; `undefined` where it cannot be run or fails */
export type Ask = (command: string, args: readonly string[]) => string | undefined;

/** A vault in another language: how it is started here, or why it cannot be. */
export type ForeignVault = {
  readonly name: string;
  /** The command that makes it what `start` starts, where it has to be made first. */
  readonly build?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
} & ({ readonly start: string } | { readonly missing: string });

const FOLDER = 'proving/foreign-vault';
const LEAST_GO: readonly [number, number] = [1, 25];
/** The toolchain that is here, never one that Go would download. */
const GO_ENVIRONMENT = { GOTOOLCHAIN: 'local' };

/** The vault in Python; it needs an interpreter, `PYTHON` or `python3`, that has boto3 and pymongo. */
export function pythonVault(ask: Ask, python = 'python3'): ForeignVault {
  const vault = { name: 'python', environment: {} };
  if (ask(python, ['-c', 'import boto3, pymongo']) === undefined) {
    return {
      ...vault,
      missing: `${python} with boto3 and pymongo is not here: apt-get install python3-boto3 python3-pymongo, and PYTHON=/usr/bin/python3`,
    };
  }
  return { ...vault, start: `${python} ${FOLDER}/python/vault.py` };
}

/** The vault in Python in its second shape, which its profile tells. */
export function archiveVault(ask: Ask, python = 'python3'): ForeignVault {
  const vault = pythonVault(ask, python);
  const environment = { VAULT_PROFILE: `${FOLDER}/python/archive.yaml`, PYTHON: python };
  const archive = { name: 'archive', environment };
  return 'missing' in vault
    ? { ...archive, missing: vault.missing }
    : { ...archive, start: `sh ${FOLDER}/python/archive.sh` };
}

/**
 * The vault in Go; it needs a Go that is new enough, and a network once for its modules.
 * @param folder where its program is put
 */
export function goVault(ask: Ask, folder: string): ForeignVault {
  const vault = { name: 'go', environment: GO_ENVIRONMENT };
  const [, major, minor] = /\bgo(\d+)\.(\d+)/.exec(ask('go', ['version']) ?? '') ?? [];
  const isEnough =
    Number(major) > LEAST_GO[0] || (Number(major) === LEAST_GO[0] && Number(minor) >= LEAST_GO[1]);
  if (!isEnough) return { ...vault, missing: `Go ${LEAST_GO.join('.')} or newer is not here` };
  const program = path.join(folder, 'vault');
  return { ...vault, build: ['go', '-C', `${FOLDER}/go`, 'build', '-o', program, '.'], start: program };
}
