import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Envelope } from '@cucumber/messages';
import { z } from 'zod';
import { SuiteError } from '../bytes/errors';
import { count } from '../bytes/safe-text';
import { CANNOT_JUDGE } from '../process/run-guard';
import { knownFailures } from '../reporting/known-failures';
import { describeRun } from '../reporting/run-description';
import { RunResult } from '../reporting/run-result';
import { runArguments } from './arguments';
import { mergeMessages, type RecordedRun, scenariosLeftOut } from './merge-messages';
import { replayMessages } from './replay-messages';
import { exitCodeOf } from './verdict';

const MESSAGES = 'messages.ndjson';
const USAGE = 'npm run report:merge -- <folders with reports, or their messages.ndjson> …';

const described = z.object({
  run: z.object({
    vault: z.string(),
    mode: z.string(),
    mongo: z.string(),
    s3: z.string(),
    startedAt: z.coerce.date(),
    gitCommit: z.string(),
    node: z.string(),
  }),
});
type Described = z.infer<typeof described>['run'];

/** `npm run report:merge`: the reports of several shards of one run, as one set of reports; exits as that run would have. */
async function main(args: readonly string[]): Promise<number> {
  const { cucumber: paths, environment } = runArguments(args, { cores: 1, startsVault: false });
  // What passed was printed when it ran; here what matters is what it comes to.
  Object.assign(process.env, { AUDIT_VAULT_QUIET: '1' }, environment);
  knownFailures();
  const files = paths.flatMap(messageFiles);
  if (files.length === 0) throw new SuiteError(`There is nothing to merge: ${USAGE}`);
  const envelopes = mergeMessages(files.map(readRun));
  describeRun(descriptionOf(files));
  const leftOut = scenariosLeftOut(envelopes);
  if (leftOut > 0) {
    process.stderr.write(`${count(leftOut, 'scenario')} of the features ran in none of these files.\n`);
  }
  await replayMessages(envelopes);
  const result = new RunResult();
  for (const envelope of envelopes) result.hear(envelope);
  return exitCodeOf(result.conclusion());
}

/** The files a path stands for: itself, or all of that name below a folder. @throws SuiteError when there is none */
function messageFiles(given: string): readonly string[] {
  if (!existsSync(given)) throw new SuiteError(`${given} does not exist: ${USAGE}`);
  if (!statSync(given).isDirectory()) return [given];
  const found = readdirSync(given, { recursive: true, encoding: 'utf8' })
    .filter((file) => path.basename(file) === MESSAGES)
    .map((file) => path.join(given, file));
  if (found.length === 0) throw new SuiteError(`${given} holds no ${MESSAGES}: ${USAGE}`);
  return found.sort();
}

function readRun(file: string): RecordedRun {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const envelopes = lines.map((line, index) => {
    try {
      return JSON.parse(line) as Envelope;
    } catch {
      throw new SuiteError(`${file}, line ${index + 1} is no message of Cucumber: ${USAGE}`);
    }
  });
  return { file, envelopes };
}

/** What ran, as the reports beside the messages say; where shards differ, both is said. */
function descriptionOf(files: readonly string[]): Partial<Described> {
  const runs = files.flatMap((file) => {
    const report = path.join(path.dirname(file), 'conformance.json');
    const told = existsSync(report)
      ? described.safeParse(JSON.parse(readFileSync(report, 'utf8')))
      : undefined;
    return told?.data === undefined ? [] : [told.data.run];
  });
  if (runs.length === 0) return {};
  const all = (name: 'vault' | 'mode' | 'mongo' | 's3' | 'gitCommit' | 'node'): string =>
    [...new Set(runs.map((run) => run[name]))].join(', ');
  return {
    vault: all('vault'),
    mode: all('mode'),
    mongo: all('mongo'),
    s3: all('s3'),
    gitCommit: all('gitCommit'),
    node: all('node'),
    startedAt: new Date(Math.min(...runs.map(({ startedAt }) => startedAt.getTime()))),
  };
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (!(error instanceof SuiteError)) throw error;
    process.stderr.write(`The reports could not be merged: ${error.message}\n`);
    process.exitCode = CANNOT_JUDGE;
  },
);
