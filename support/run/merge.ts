import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Envelope } from '@cucumber/messages';
import { z } from 'zod';
import { SuiteError } from '../bytes/errors';
import { CANNOT_JUDGE } from '../process/run-guard';
import { ConsoleReport } from '../reporting/console';
import { knownFailures, refuseUnknownScenarios, scenarioNames } from '../reporting/known-failures';
import { ReportFiles } from '../reporting/report-files';
import { describeRun, type RunDescription, UNKNOWN } from '../reporting/run-description';
import { runResult } from '../reporting/run-result';
import { runArguments } from './arguments';
import { mergeMessages, type RecordedRun } from './merge-messages';
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
    shard: z.string().optional(),
  }),
});
type Described = z.infer<typeof described>['run'];

/**
 * `npm run report:merge`: the reports of several shards of one run, as one set of reports; exits as that run
 * would have.
 */
async function main(args: readonly string[]): Promise<number> {
  const { cucumber: paths, environment } = runArguments(args, { cores: 1, startsVault: false });
  // What passed was printed when it ran; here what matters is what it comes to.
  Object.assign(process.env, { AUDIT_VAULT_QUIET: '1' }, environment);
  refuseUnknownScenarios(knownFailures(), scenarioNames());
  const files = paths.flatMap(messageFiles);
  if (files.length === 0) throw new SuiteError(`There is nothing to merge: ${USAGE}`);
  const descriptions = descriptionsOf(files);
  const envelopes = mergeMessages(files.map(readRun), areWhole(files, descriptions));
  describeRun(descriptionOf(descriptions));
  const result = runResult();
  const reports = ReportFiles.open();
  const console = ConsoleReport.open();
  for (const envelope of envelopes) result.hear(envelope);
  await reports.end();
  console.finish();
  return exitCodeOf(result.conclusion());
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/**
 * The files a path stands for: itself, or all of that name below a folder. @throws SuiteError when there is
 * none
 */
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
      // A run that was cut short may have left half a line.
      if (index > 0 && index === lines.length - 1) return {};
      throw new SuiteError(`${file}, line ${index + 1} is no message of Cucumber: ${USAGE}`);
    }
  });
  return { file, envelopes };
}

/** Reads from the reports beside the messages what ran. */
function descriptionsOf(files: readonly string[]): readonly Described[] {
  return files.flatMap((file) => {
    const report = path.join(path.dirname(file), 'conformance.json');
    const told = existsSync(report) ? described.safeParse(parsed(readFileSync(report, 'utf8'))) : undefined;
    return told?.data === undefined ? [] : [told.data.run];
  });
}

/** True where the files are one run, or each says which shard of it it is, and none of them is missing. */
function areWhole(files: readonly string[], runs: readonly Described[]): boolean {
  const [run] = runs;
  if (files.length === 1 && run !== undefined && run.mode !== UNKNOWN && run.shard === undefined) return true;
  const shards = new Set(runs.flatMap(({ shard }) => shard ?? []));
  const [total] = [...shards].map((shard) => Number(shard.split('/')[1]));
  if (total === undefined || runs.length !== files.length) return false;
  return Array.from({ length: total }, (_, at) => `${at + 1}/${total}`).every((shard) => shards.has(shard));
}

/** Describes what ran; where shards differ, both is said. */
function descriptionOf(runs: readonly Described[]): Partial<RunDescription> {
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
