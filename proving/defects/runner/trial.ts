import type { MongoServer } from '../../../support/metadata-store/mongo';

/** One run of some scenarios against the reference vault with one alteration, or without any. */
export interface TrialOrder {
  /** The name of a defect or a variation; absent for the reference vault itself. */
  readonly alteration?: string;
  /** `wire` for what only a vault that is a process of its own can show. */
  readonly mode: 'embedded' | 'wire';
  /** Feature files, with lines where only some scenarios are meant; all features when empty. */
  readonly paths: readonly string[];
  /** Only the scenario of this name; absent for all. */
  readonly scenario?: string;
  /** A tag expression; empty for all scenarios. */
  readonly tags: string;
  /** Stop at the first scenario that fails. */
  readonly failFast: boolean;
}

/** The surroundings that all trials of a run share. */
export interface TrialSurroundings {
  readonly mongo: Pick<MongoServer, 'uri' | 'description' | 'kind'>;
  readonly temporaryFolder: string;
  /** The profile in whose shape the vault is; the contract's when absent. */
  readonly shape?: string;
  /** The longest that a job may take, in milliseconds; the suite's own patience when absent. */
  readonly patienceMs?: number;
}

/** The end of one scenario. `skipped` is one that wants a capability, or that came after a failure. */
export interface ScenarioResult {
  readonly uri: string;
  readonly line: number;
  readonly name: string;
  /** Without the `@`. */
  readonly tags: readonly string[];
  readonly status: 'passed' | 'failed' | 'skipped' | 'unjudged';
  /** The requirements that it broke. */
  readonly broke: readonly string[];
  /** The words of the first step that did not pass, or which capability it wants; empty when all passed. */
  readonly words: string;
}

/** The outcome of a trial. */
export interface TrialResult {
  readonly scenarios: readonly ScenarioResult[];
  /** As the suite exits: 0 all held, 1 a promise was broken, 2 nothing could be judged. */
  readonly exitCode: number;
  /** Set when the vault ever used a replaced part; true where nothing was replaced. */
  readonly reached: boolean;
  readonly seconds: number;
  /** Why the run ended without a result, in words. */
  readonly problem?: string;
}
