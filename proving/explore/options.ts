import { randomInt } from 'node:crypto';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { SuiteError } from '../../support/bytes/errors';
import type { Mode } from '../../support/environments/configuration';
import type { RoundOptions } from '../../support/programs/program';

/** How a run of generated input is to go, for explore and fuzz alike. */
export interface RunOptions {
  readonly mode: Mode;
  /** How many programs, or payloads. */
  readonly runs: number;
  readonly seed: number;
}

/** How a run of payloads is to go. */
export interface FuzzOptions extends RunOptions {
  /** Which of the seed's payloads to send alone, as it was printed when that failed. */
  readonly path: string | undefined;
}

/** How a run of programs is to go. */
export interface ExploreOptions extends RunOptions, RoundOptions {
  /** How long to go on, in seconds; as long as the runs take when absent. */
  readonly durationSeconds: number | undefined;
  /** How many processes share the work, each with a vault of its own; as many as the machine bears when absent. */
  readonly workers: number | undefined;
  /** Whether to say at the end how often each sentence of the contract, and each value of interest, was met. */
  readonly coverage: boolean;
  /** A file in which a program was kept, or a folder of them: these are run as they are, and nothing is drawn. */
  readonly replay: string | undefined;
}

/** How a run of programs on altered vaults is to go. */
export interface RecallOptions {
  /** How the programs of each vault are to be drawn, and for how long. */
  readonly explore: ExploreOptions;
  /** How many defects to draw from the catalogue; 0 where right vaults are to be tried. */
  readonly defects: number;
  /** Those to try in their stead, by their names. */
  readonly only: readonly string[] | undefined;
}

const SEEDS = 2 ** 31;
const MOST_AT_ONCE = 256;
const MOST_VAULTS = 8;
const MOST_WORKERS = 64;
const EXPLORE_USAGE =
  'Options: --runs number, --seed number, --duration seconds, --workers number, --concurrency number, --vaults number, --wire, --kill, --only kind,kind, --coverage, --replay file.';
const FUZZ_USAGE = 'Options: --runs number, --seed number, --wire, --path path.';

const RECALL_USAGE =
  'Options: --defects number | --variations | --only name,name, --seed number, --duration seconds, --workers number.';

const common = {
  runs: { type: 'string' },
  seed: { type: 'string' },
  wire: { type: 'boolean' },
} as const;

/** Reads the command line of explore. @throws SuiteError that says what there is */
export function readExploreOptions(args: readonly string[]): ExploreOptions {
  const values = parsed(
    args,
    {
      ...common,
      duration: { type: 'string' },
      workers: { type: 'string' },
      concurrency: { type: 'string' },
      vaults: { type: 'string' },
      kill: { type: 'boolean' },
      only: { type: 'string' },
      coverage: { type: 'boolean' },
      replay: { type: 'string' },
    },
    EXPLORE_USAGE,
  );
  const { kill = false, duration, vaults, workers } = values;
  const durationSeconds =
    duration === undefined ? undefined : wholeNumber('--duration', duration, 1, SEEDS, EXPLORE_USAGE);
  return {
    // The vault that runs inside the suite cannot be killed.
    ...commonOptions(
      kill ? { ...values, wire: true } : values,
      durationSeconds === undefined ? 200 : SEEDS,
      EXPLORE_USAGE,
    ),
    durationSeconds,
    workers:
      workers === undefined ? undefined : wholeNumber('--workers', workers, 1, MOST_WORKERS, EXPLORE_USAGE),
    concurrency: wholeNumber('--concurrency', values.concurrency ?? '1', 1, MOST_AT_ONCE, EXPLORE_USAGE),
    kill,
    vaults: vaults === undefined ? undefined : wholeNumber('--vaults', vaults, 1, MOST_VAULTS, EXPLORE_USAGE),
    only: values.only?.split(','),
    hasMinutes: true,
    coverage: values.coverage ?? false,
    replay: values.replay,
  };
}

/** Reads the command line of recall. @throws SuiteError that says what there is */
export function readRecallOptions(args: readonly string[]): RecallOptions {
  const { defects, variations, only, duration, seed, workers } = parsed(
    args,
    {
      defects: { type: 'string' },
      variations: { type: 'boolean' },
      only: { type: 'string' },
      duration: { type: 'string' },
      seed: { type: 'string' },
      workers: { type: 'string' },
    },
    RECALL_USAGE,
  );
  if ([defects, variations, only].filter((chosen) => chosen !== undefined).length > 1)
    throw new SuiteError(`--defects, --variations and --only exclude one another. ${RECALL_USAGE}`);
  return {
    explore: {
      ...readExploreOptions([]),
      ...commonOptions({ seed }, SEEDS, RECALL_USAGE),
      durationSeconds: wholeNumber('--duration', duration ?? '30', 1, SEEDS, RECALL_USAGE),
      workers:
        workers === undefined ? undefined : wholeNumber('--workers', workers, 1, MOST_WORKERS, RECALL_USAGE),
    },
    defects: variations ? 0 : wholeNumber('--defects', defects ?? '40', 1, 10_000, RECALL_USAGE),
    only: only?.split(','),
  };
}

/** Reads the command line of fuzz. @throws SuiteError that says what there is */
export function readFuzzOptions(args: readonly string[]): FuzzOptions {
  const values = parsed(args, { ...common, path: { type: 'string' } }, FUZZ_USAGE);
  const { path, seed } = values;
  if (path !== undefined && !/^\d+(:\d+)*$/.test(path)) {
    throw new SuiteError(`--path needs what was printed when a run failed, such as 12:0:3. ${FUZZ_USAGE}`);
  }
  if (path !== undefined && seed === undefined)
    throw new SuiteError(`--path needs its --seed. ${FUZZ_USAGE}`);
  return { ...commonOptions(values, 10_000, FUZZ_USAGE), path };
}

interface CommonValues {
  readonly runs?: string | undefined;
  readonly seed?: string | undefined;
  readonly wire?: boolean | undefined;
}

function commonOptions({ runs, seed, wire }: CommonValues, usualRuns: number, usage: string): RunOptions {
  return {
    mode: wire === true ? 'wire' : 'embedded',
    runs: runs === undefined ? usualRuns : wholeNumber('--runs', runs, 1, SEEDS, usage),
    seed: seed === undefined ? randomInt(SEEDS) : wholeNumber('--seed', seed, 0, SEEDS - 1, usage),
  };
}

function wholeNumber(name: string, text: string, from: number, to: number, usage: string): number {
  const number = Number(text);
  if (/^\d{1,15}$/.test(text) && number >= from && number <= to) return number;
  throw new SuiteError(`${name} needs a whole number from ${from} to ${to}, not "${text}". ${usage}`);
}

function parsed<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
  usage: string,
) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new SuiteError(`${sentence.replace(/\.?$/, '.')} ${usage}`);
  }
}
