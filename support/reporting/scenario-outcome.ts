import type { Attachment, PickleStepArgument } from '@cucumber/messages';
import type { BrokenRequirements } from './broken-requirements';
import type { FailureText } from './failure-text';

/**
 * The end of a scenario: `error` when the suite could not say, as with an undefined, ambiguous or pending
 * step, or when the run ended in the middle of it; `not-run` when it never began, or the vault could not be
 * judged any more; `known` when it failed, and is on the list of known failures.
 */
export type OutcomeStatus = 'passed' | 'failed' | 'skipped' | 'error' | 'not-run' | 'known';

/** A scenario and how it went, as Cucumber told it: nothing in it is safe to print yet. */
export interface ScenarioOutcome {
  readonly feature: { readonly name: string; readonly description: string; readonly uri: string };
  readonly rule: { readonly name: string; readonly description: string } | undefined;
  readonly name: string;
  readonly description: string;
  /** The row of an outline, where the name does not tell it. */
  readonly example: string | undefined;
  /** The name of the group of examples that its row is in. */
  readonly examples: string | undefined;
  readonly line: number;
  readonly location: string;
  readonly tags: readonly string[];
  readonly status: OutcomeStatus;
  readonly durationMs: number;
  /** The number of this attempt, from 1: more than that where it was tried again (`--retry`). */
  readonly attempt: number;
  /** Why it was skipped, or not run. */
  readonly skippedBecause: string | undefined;
  /** Why it is put up with, where its failure is known. */
  readonly knownBecause: string | undefined;
  /** The requirements that its failures break. */
  readonly broken: BrokenRequirements;
  /** How its own steps ended, whatever its end found. */
  readonly stepsEnd: 'held' | 'failed' | 'not judged';
  readonly steps: readonly StepOutcome[];
}

export interface StepOutcome {
  readonly kind: 'step' | 'hook';
  readonly keyword: string;
  readonly text: string;
  readonly argument: PickleStepArgument | undefined;
  readonly status: OutcomeStatus;
  /** Cucumber's own word, where `error` says too little: `undefined`, `ambiguous`, `pending`, `unknown`. */
  readonly detail: string;
  readonly durationMs: number;
  /** Where a reader of features finds it; a hook has none. */
  readonly location: string | undefined;
  /** Where its code is. */
  readonly definedAt: string | undefined;
  readonly failure: FailureText | undefined;
  readonly snippet: string | undefined;
  readonly attachments: readonly Attachment[];
}

/** Says of a scenario that passed only when it was tried again that it did. */
export function retriedText({
  status,
  attempt,
}: Pick<ScenarioOutcome, 'status' | 'attempt'>): string | undefined {
  return status === 'passed' && attempt > 1 ? `passed only at attempt ${attempt}` : undefined;
}

/** The name of a scenario, with the row of its outline where the name does not tell it. */
export function titleOf({ name, example }: Pick<ScenarioOutcome, 'name' | 'example'>): string {
  return example === undefined ? name : `${name} [${example}]`;
}

/**
 * The name that links to the place of a scenario or a feature in the report; the same in every run, unless it
 * moves.
 */
export function anchorOf({ location }: Pick<ScenarioOutcome, 'location'>): string {
  const words = location.replace(/^features\//, '').replace(/\.feature:/, ':');
  return `s-${words.replace(/[^A-Za-z0-9]+/g, '-')}`;
}
