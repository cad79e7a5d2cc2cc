import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { SuiteError } from '../bytes/errors';
import { count, safeText } from '../bytes/safe-text';

/** One payload to replay, named after the file it comes from. */
export interface CorpusPayload {
  readonly name: string;
  readonly payload: Buffer;
}

/** What lies below a folder of payloads. */
export interface Corpus {
  readonly payloads: readonly CorpusPayload[];
  /** Says in lines how much there is, and what was left out, and why. */
  readonly summary: string;
}

const NO_PAYLOADS = /^(LICENSE|README)(\..*)?$/i;
const NAMED = 20;

/**
 * Reads every file below a folder as one payload, in the order of their paths; a file that is a JSON array of
 * strings is also replayed string by string. `LICENSE` and `README` files are no payloads, and links are not
 * followed.
 * @throws SuiteError when there is no such folder or nothing in it
 */
export function readCorpus(folder: string): Corpus {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new SuiteError(
      `FIDELITY_CORPUS is "${folder}", which is no folder: name one whose files are payloads.`,
    );
  }
  const files: CorpusPayload[] = [];
  const leftOut: string[] = [];
  for (const entry of entriesOf(folder)) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file);
    const read = whyLeftOut(entry) ?? readOrWhyNot(file);
    if (typeof read === 'string') leftOut.push(`${safeText(name)} (${read})`);
    else files.push({ name, payload: read });
  }
  if (files.length === 0) {
    const why = leftOut.length === 0 ? '' : `; left out ${named(leftOut)}`;
    throw new SuiteError(
      `FIDELITY_CORPUS is "${folder}", which holds no payload${why}: name a folder with files in it.`,
    );
  }
  const payloads = files.flatMap((file) => [file, ...stringsIn(file)]);
  const bytes = files.reduce((sum, { payload }) => sum + payload.byteLength, 0);
  const strings = payloads.length - files.length;
  const alone = strings === 0 ? '' : `, and ${count(strings, 'string')} of them one by one`;
  return {
    payloads,
    summary: [
      `${count(files.length, 'file')} with ${count(bytes, 'byte')} went through the vault${alone}`,
      ...(leftOut.length === 0 ? [] : [`left out: ${named(leftOut)}`]),
    ].join('\n'),
  };
}

function entriesOf(folder: string): readonly Dirent[] {
  const whole = ({ parentPath, name }: Dirent): string => path.join(parentPath, name);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .sort((one, other) => (whole(one) < whole(other) ? -1 : 1));
}

function whyLeftOut(entry: Dirent): string | undefined {
  if (entry.isSymbolicLink()) return 'a link';
  if (!entry.isFile()) return 'no file';
  return NO_PAYLOADS.test(entry.name) ? 'no payload by its name' : undefined;
}

function readOrWhyNot(file: string): Buffer | string {
  try {
    return readFileSync(file);
  } catch (error) {
    return `cannot be read, ${error instanceof Error && 'code' in error ? String(error.code) : 'for no reason'}`;
  }
}

function named(things: readonly string[]): string {
  const more = things.length - NAMED;
  return `${things.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function stringsIn({ name, payload }: CorpusPayload): readonly CorpusPayload[] {
  if (payload[0] !== 0x5b) return [];
  try {
    const value: unknown = JSON.parse(payload.toString());
    const isStrings =
      Array.isArray(value) && value.length > 1 && value.every((item) => typeof item === 'string');
    if (!isStrings) return [];
    return value.map((item, at) => ({ name: `${name}[${at}]`, payload: Buffer.from(JSON.stringify(item)) }));
  } catch {
    return [];
  }
}
