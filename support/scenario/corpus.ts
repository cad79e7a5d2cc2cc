import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { SuiteError } from '../bytes/errors';

/** One payload to replay, named after the file it comes from. */
export interface CorpusPayload {
  readonly name: string;
  readonly payload: Buffer;
}

const NO_PAYLOADS = /^(LICENSE|README)(\..*)?$/i;

/**
 * Every file below a folder as one payload, in the order of their paths; a file that is a JSON array of
 * strings is also replayed string by string. `LICENSE` and `README` files are no payloads.
 * @throws SuiteError when there is no such folder or nothing in it
 */
export function readCorpus(folder: string): readonly CorpusPayload[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new SuiteError(
      `FIDELITY_CORPUS is "${folder}", which is no folder: name one whose files are payloads.`,
    );
  }
  const payloads = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !NO_PAYLOADS.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .flatMap((file): CorpusPayload[] => {
      const payload = readFileSync(file);
      const name = path.relative(folder, file);
      return [
        { name, payload },
        ...stringsOf(payload).map((text, index) => ({ name: `${name}[${index}]`, payload: text })),
      ];
    });
  if (payloads.length === 0) {
    throw new SuiteError(
      `FIDELITY_CORPUS is "${folder}", which holds no payload: name a folder with files in it.`,
    );
  }
  return payloads;
}

function stringsOf(payload: Buffer): readonly Buffer[] {
  if (payload[0] !== 0x5b) return [];
  try {
    const value: unknown = JSON.parse(payload.toString());
    const isStrings =
      Array.isArray(value) && value.length > 1 && value.every((item) => typeof item === 'string');
    return isStrings ? value.map((item) => Buffer.from(JSON.stringify(item))) : [];
  } catch {
    return [];
  }
}
