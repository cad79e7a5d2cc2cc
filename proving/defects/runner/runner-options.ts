import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { SuiteError } from '../../../support/bytes/errors';

export interface RunnerOptions {
  /** Try the variations instead of the defects. */
  readonly variations: boolean;
  /** The names to try; all when empty. */
  readonly only: readonly string[];
  /** Only the few that `npm test` tries. */
  readonly smoke: boolean;
  /** Every scenario on every defect. */
  readonly full: boolean;
  /** Note which scenario killed which defect, to try that one first. */
  readonly learn: boolean;
  /** The profile in whose shape the vault is tried; the contract's when absent. */
  readonly shape: string | undefined;
  /** Feature files to use; all when empty. */
  readonly features: readonly string[];
  /** Trials at a time. */
  readonly workers: number;
}

/** More workers than this want more memory than they save time. */
const MOST_WORKERS = 12;
/**
 * Workers for each core: the few scenarios that a defect is tried with wait more than they work, all of them
 * together less.
 */
const OF_A_CORE = { defects: 3, variations: 2 } as const;

const USAGE =
  'Options: --only name[,name] | --smoke, --full, --learn, --shape profile.yaml, --workers number, --variations, and feature files.';

/** Reads the command line. @throws SuiteError that says what there is */
export function readOptions(args: readonly string[]): RunnerOptions {
  const { values, positionals } = parsed(args);
  const workers = Number(values.workers ?? usualWorkers(values.variations === true));
  if (!Number.isInteger(workers) || workers < 1)
    throw new SuiteError(`--workers needs a number above 0. ${USAGE}`);
  if (values.learn === true && values.shape !== undefined)
    throw new SuiteError(`--learn goes without --shape: killers.json is about the contract's own. ${USAGE}`);
  return {
    variations: values.variations ?? false,
    only: (values.only ?? []).flatMap((names) => names.split(',')).filter((name) => name !== ''),
    smoke: values.smoke ?? false,
    full: values.full ?? false,
    learn: values.learn ?? false,
    shape: values.shape,
    features: positionals,
    workers,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        variations: { type: 'boolean' },
        only: { type: 'string', multiple: true },
        smoke: { type: 'boolean' },
        full: { type: 'boolean' },
        learn: { type: 'boolean' },
        shape: { type: 'string' },
        workers: { type: 'string' },
      },
    });
  } catch (error) {
    throw new SuiteError(`${error instanceof Error ? error.message : String(error)} ${USAGE}`);
  }
}

function usualWorkers(variations: boolean): number {
  const ofACore = variations ? OF_A_CORE.variations : OF_A_CORE.defects;
  return Math.min(ofACore * availableParallelism(), MOST_WORKERS);
}
