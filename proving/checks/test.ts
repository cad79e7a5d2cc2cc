import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { REFERENCE_VAULT } from '../../support/run/default-vault';
import { unitTestFiles } from './unit-tests';

/** The numbers that `npm test` adds up. */
interface Count {
  readonly passed: number;
  readonly failed: number;
}

interface Check {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Returns what the check counted; a check without one counts as one test. */
  readonly count?: () => Count;
}

const scratch = mkdtempSync(path.join(tmpdir(), 'audit-vault-test-'));
const TAP = path.join(scratch, 'unit.tap');
const DEFECT_REPORTS = path.join('reports', 'defects');
const WIRE = ['--profile', 'wire'];
const CORPUS = path.resolve('..', 'shared', 'data');

const bin = (name: string): string => path.join('node_modules', '.bin', name);

const checks: readonly Check[] = [
  { name: 'types', command: [bin('tsc'), '--noEmit', '-p', '.'] },
  { name: 'style', command: [bin('biome'), 'check', '--error-on-warnings'] },
  {
    name: 'imports',
    command: [
      bin('depcruise'),
      '--config',
      '.dependency-cruiser.js',
      'reference-vault',
      'services',
      'support',
      'proving',
      'step-definitions',
    ],
  },
  { name: 'dead code', command: [bin('knip')] },
  {
    name: 'layout of the features',
    command: ['node', '-r', 'ts-node/register', 'proving/checks/features-format.ts'],
  },
  {
    name: 'traceability',
    command: ['node', '-r', 'ts-node/register', 'proving/checks/traceability-check.ts'],
  },
  {
    name: 'unit tests',
    command: [
      'node',
      '-r',
      'ts-node/register',
      '--test',
      // By default Node leaves one core idle, which is half of a small machine.
      `--test-concurrency=${availableParallelism()}`,
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      '--test-reporter=tap',
      `--test-reporter-destination=${TAP}`,
      ...unitTestFiles(scratch),
    ],
    environment: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    count: tapCount,
  },
  {
    name: 'twenty-five programs of the explorer',
    command: ['node', '-r', 'ts-node/register', 'proving/explore/explore.ts', '--runs', '25', '--seed', '7'],
  },
  {
    name: 'the programs that found something once',
    command: [
      'node',
      '-r',
      'ts-node/register',
      'proving/explore/explore.ts',
      '--replay',
      'proving/explore/regressions',
    ],
  },
  {
    name: 'a thousand payloads of the fuzzer',
    command: ['node', '-r', 'ts-node/register', 'proving/explore/fuzz.ts', '--runs', '1000', '--seed', '7'],
  },
  {
    name: 'a few defects',
    command: ['node', '-r', 'ts-node/register', 'proving/defects/defects.ts', '--smoke'],
    environment: { AUDIT_VAULT_REPORTS: DEFECT_REPORTS },
    count: defectCount,
  },
  suite('the suite on the reference vault, in-process', 'embedded', ['--no-explore']),
  ...(existsSync(CORPUS)
    ? [suite('the replay of real input', 'replay', ['features/replay.feature'], { FIDELITY_CORPUS: CORPUS })]
    : []),
  suite('the suite on the reference vault, over the wire', 'wire', [...WIRE, '--no-explore'], {
    VAULT_COMMAND: REFERENCE_VAULT,
  }),
];

/**
 * One command, a clear end, and a last line that adds up: unit tests, scenarios of each run and defects by
 * their number, every other check as one, for the explorer's programs and the fuzzer's payloads stand or fall
 * together.
 */
async function main(): Promise<void> {
  const counts: Count[] = [];
  // The reports that an earlier run wrote must not be counted for one that did not get so far.
  for (const folder of ['embedded', 'replay', 'wire', 'defects'])
    rmSync(path.join('reports', folder), { recursive: true, force: true });
  if (!existsSync(CORPUS)) {
    process.stdout.write(`There is no ${CORPUS}: the replay of real input is left out.\n`);
  }
  try {
    for (const check of checks) counts.push(await run(check));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const sum = (pick: (count: Count) => number): number =>
    counts.reduce((total, count) => total + pick(count), 0);
  process.stdout.write('\n');
  for (const [index, { name }] of checks.entries())
    process.stdout.write(`${name}: ${counts[index]?.passed} passed, ${counts[index]?.failed} failed\n`);
  const failed = sum((count) => count.failed);
  process.stdout.write(`\n${sum((count) => count.passed)} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

async function run({ name, command, environment, count }: Check): Promise<Count> {
  process.stdout.write(`\n== ${name}\n`);
  const startMs = performance.now();
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment },
  });
  const [code]: (number | null)[] = await once(child, 'exit');
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  process.stdout.write(
    `== ${name}: ${code === 0 ? 'passed' : `FAILED (exit code ${code})`} after ${seconds} s\n`,
  );
  const counted = count?.() ?? { passed: code === 0 ? 1 : 0, failed: 0 };
  // A check that fails without a failed test of its own is one failure all the same.
  return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
}

function suite(
  name: string,
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Check {
  const reports = path.join('reports', folder);
  return {
    name,
    command: ['node', '-r', 'ts-node/register', 'support/run/bdd.ts', ...args],
    environment: { ...environment, AUDIT_VAULT_REPORTS: reports },
    count: () => scenarioCount(path.join(reports, 'cucumber.json')),
  };
}

function tapCount(): Count {
  const tap = existsSync(TAP) ? readFileSync(TAP, 'utf8') : '';
  const last = (word: string): number => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(tap)?.[1] ?? 0);
  return { passed: last('pass'), failed: last('fail') };
}

/** Each defect is a test that passed when it was killed; one that this machine cannot try is neither. */
function defectCount(): Count {
  const file = path.join(DEFECT_REPORTS, 'defects.json');
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const verdicts = (JSON.parse(readFileSync(file, 'utf8')) as { readonly verdict: string }[]).map(
    ({ verdict }) => verdict,
  );
  const passed = verdicts.filter((verdict) => verdict === 'killed').length;
  const untried = verdicts.filter((verdict) => verdict === 'not tried').length;
  return { passed, failed: verdicts.length - passed - untried };
}

function scenarioCount(file: string): Count {
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const features = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly elements: readonly {
      readonly steps: readonly { readonly result: { readonly status: string } }[];
    }[];
  }[];
  const statuses = features.flatMap(({ elements }) =>
    elements.map(({ steps }) => steps.map(({ result }) => result.status)),
  );
  const passed = statuses.filter((steps) => steps.every((status) => status === 'passed')).length;
  const skipped = statuses.filter(
    (steps) =>
      steps.includes('skipped') && steps.every((status) => status === 'passed' || status === 'skipped'),
  ).length;
  return { passed, failed: statuses.length - passed - skipped };
}

void main();
