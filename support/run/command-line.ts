import { existsSync } from 'node:fs';
import path from 'node:path';
import { loadConfiguration } from '@cucumber/cucumber/api';
import ArgvParser from '@cucumber/cucumber/lib/configuration/argv_parser';
import PickleFilter from '@cucumber/cucumber/lib/pickle_filter';
import { SuiteError } from '../bytes/errors';

/** Cucumber's command; the package exports its code, and not the command. */
const COMMAND = path.join(
  path.dirname(require.resolve('@cucumber/cucumber/package.json')),
  'bin',
  'cucumber.js',
);
const PATTERN = /[*?[{]|^@/;

/**
 * Returns the command line by which Cucumber runs with these arguments, once everything in it is known to be
 * understood: Cucumber would say so in the middle of a run, or leave the process.
 * @throws SuiteError that says what is wrong
 */
export async function commandLine(args: readonly string[]): Promise<readonly string[]> {
  const argv = [process.execPath, COMMAND, ...args];
  try {
    const { options, configuration: provided } = parsed(argv);
    const { useConfiguration } = await loadConfiguration({
      provided,
      profiles: options.profile,
      ...(options.config === undefined ? {} : { file: options.config }),
    });
    const { paths, name, tags } = useConfiguration;
    for (const words of name) new RegExp(words);
    new PickleFilter({ cwd: process.cwd(), featurePaths: paths, names: name, tagExpression: tags });
    const missing = paths.find((place) => !PATTERN.test(place) && !existsSync(place.replace(/(:\d+)+$/, '')));
    if (missing !== undefined) throw new Error(`${missing} does not exist`);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new SuiteError(`${sentenceOf(words)}: correct it, or see npm run bdd -- --help.`);
  }
  return argv;
}

/** Cucumber prints what is wrong with an option, and exits. */
function parsed(argv: readonly string[]): ReturnType<typeof ArgvParser.parse> {
  const { exit } = process;
  const { write } = process.stderr;
  let printed = '';
  process.stderr.write = (text: string | Uint8Array) => {
    printed += String(text);
    return true;
  };
  process.exit = (code) => {
    if (code === 0) exit(code);
    throw new Error(printed);
  };
  try {
    return ArgvParser.parse([...argv]);
  } finally {
    process.exit = exit;
    process.stderr.write = write;
  }
}

function sentenceOf(words: string): string {
  return words
    .replace(/^error: /, '')
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/\.$/, '');
}
