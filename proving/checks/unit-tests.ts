import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FOLDERS = ['proving', 'reference-vault', 'services', 'support'];

/** Processes that share the light files out among them: two, so that a small machine is busy. */
const GROUPS = 2;

/**
 * Files that want a process to themselves: they start others, listen to its signals, change its environment
 * or its http, or count its sockets. Starting Node and loading the libraries costs most files more than their
 * tests do, so all the others share.
 */
const ALONE: readonly RegExp[] = [
  /environments\/(?:command-vault|process-group)\.test/,
  /explore\/main\.test/,
  /metadata-store\/(?:mongo-server|mongod)\.test/,
  /object-store\/(?:fauxqs-server|s3-gate(?:-\w+)?|s3-upstream)\.test/,
  /provider\/nock-provider\.test/,
  /reporting\/(?:console\.test|index-page\.browser\.test)/,
  /(?:process\/run-guard|run\/(?:launch|leftovers|merge))\.test/,
];

/**
 * Returns what `node --test` is to run: the files that run alone, and for the others a few files that load
 * them together.
 * @param scratch a folder that the caller removes, for those few
 */
export function unitTestFiles(scratch: string): readonly string[] {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => path.resolve(folder, file)),
  ).sort();
  const alone = files.filter((file) => ALONE.some((pattern) => pattern.test(file)));
  const light = files.filter((file) => !alone.includes(file));
  const groups = Array.from({ length: GROUPS }, (_, number) => {
    const entry = path.join(scratch, `together-${number + 1}.test.js`);
    const members = light.filter((_file, index) => index % GROUPS === number);
    writeFileSync(entry, members.map((file) => `require(${JSON.stringify(file)});\n`).join(''));
    return entry;
  });
  return [...groups, ...alone];
}
