import { count, safeText } from '../bytes/safe-text';
import { type AttachmentView, attachmentView } from './attachment-view';
import { brokenBy } from './broken-requirements';
import type { KnownFailure } from './known-failures';
import type { PageLink } from './page-links';
import { type Passage, passagesOf } from './passages';
import { byReason, reasonOf, type SharedReason, shownReason } from './reasons';
import { promisesOf, type Requirement, requirementIdsOf } from './requirements';
import type { RunDescription } from './run-description';
import type { Conclusion } from './run-result';
import { durationText, type Tally, tallyOf, verdictOf, verdictSentence } from './run-tally';
import type { OutcomeStatus, ScenarioOutcome, StepOutcome } from './scenario-outcome';
import { anchorOf, retriedText } from './scenario-outcome';

const NAME_LIMIT = 500;
const WORDS_LIMIT = 20_000;
const CELL_LIMIT = 1_000;
const SUMMARY_LIMIT = 240;
const JUDGED_AFTERWARDS =
  'Beside its own promise every scenario is judged on the whole, once all jobs have ended: no log may be lost, altered, duplicated, orphaned or invented, every armed fault must have been met, and no secret be shown. What is wrong is held against the requirement in brackets.';
const NOTABLE_MS = 10;

/**
 * A scenario as the templates show it. Every text in it went through `safeText`; escaping for HTML is the
 * templates' part (`<%- %>`).
 */
export interface ScenarioView {
  readonly id: string;
  readonly rule: { readonly name: string; readonly description: string } | undefined;
  readonly name: string;
  readonly description: string;
  readonly example: string | undefined;
  readonly examples: string | undefined;
  readonly location: string;
  readonly tags: readonly { readonly name: string; readonly isRequirement: boolean }[];
  readonly status: OutcomeStatus;
  readonly duration: string;
  readonly isOpen: boolean;
  readonly skippedBecause: string | undefined;
  readonly knownBecause: string | undefined;
  /** Says that it passed only when it was tried again. */
  readonly retried: string | undefined;
  /**
   * The requirements that the scenario proves, and what else its end found broken, in the words of the
   * requirements.
   */
  readonly promises: readonly {
    readonly id: string;
    readonly level: string;
    readonly sentence: string;
    /** True where the scenario is about something else, but has broken it. */
    readonly isBeside: boolean;
  }[];
  /** Says in one line what went wrong; empty for a scenario that passed. */
  readonly problem: string;
  readonly steps: readonly StepView[];
}

export interface StepView {
  /** Where a reader of features finds it; a hook has none. */
  readonly location: string | undefined;
  readonly keyword: string;
  readonly text: string;
  readonly status: OutcomeStatus;
  readonly detail: string;
  readonly duration: string;
  readonly table: readonly (readonly string[])[] | undefined;
  readonly docString: string | undefined;
  /** The words of what was seen, empty where the step passed. */
  readonly words: readonly Passage[];
  /** A remark for the reader of a failure that is not what the scenario is about. */
  readonly note: string;
  readonly frames: readonly string[];
  readonly places: string;
  readonly snippet: string | undefined;
  readonly attachments: readonly AttachmentView[];
}

export interface HeadView {
  readonly suite: string;
  readonly verdict: string;
  readonly status: OutcomeStatus;
  readonly tally: Tally;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly problems: readonly SharedReason<ScenarioView>[];
  readonly runProblems: readonly string[];
  /** Known failures that are none any more. */
  readonly heldAgainstExpectation: readonly string[];
  /** Links to what else this run wrote beside the page. */
  readonly links: readonly PageLink[];
}

export function headView(
  run: RunDescription,
  outcomes: readonly ScenarioOutcome[],
  scenarios: readonly ScenarioView[],
  extra: {
    readonly durationMs: number;
    readonly runProblems: readonly string[];
    /** The verdict on the vault. */
    readonly conformance?: string;
    readonly conclusion: Conclusion;
    readonly held?: readonly KnownFailure[];
    readonly links?: readonly PageLink[];
  },
): HeadView {
  const tally = tallyOf(outcomes);
  const held = extra.held ?? [];
  const { conclusion } = extra;
  // The sentence of the tally says this as well.
  const known = `${count(tally.error, 'scenario')} could not be judged`;
  const lead =
    conclusion.end === 'not judged' && !conclusion.reason.startsWith(known)
      ? `Could not judge: ${prose(conclusion.reason.replace(/\.$/, ''))}. `
      : '';
  return {
    suite: name(run.suite),
    verdict: `${lead}${held.length > 0 ? `${count(held.length, 'known failure')} held. ` : ''}${verdictSentence(tally)}`,
    status: ({ held: verdictOf(tally), broken: 'failed', 'not judged': 'error' } as const)[conclusion.end],
    tally,
    facts: [
      ...(extra.conformance === undefined ? [] : [{ name: 'Conformance', value: prose(extra.conformance) }]),
      ...factsOf(run, extra.durationMs),
    ],
    // Where nothing ran the verdict says why, and all of them would only repeat it.
    problems: byReason(
      (
        ['failed', 'error', ...(tally['not-run'] < tally.total ? (['not-run'] as const) : [])] as const
      ).flatMap((status) => scenarios.filter((scenario) => scenario.status === status)),
      ({ problem }) => problem,
    ),
    runProblems: extra.runProblems.map((words) => safeText(words, { limit: WORDS_LIMIT, multiLine: true })),
    heldAgainstExpectation: held.map(({ about, reason }) => name(`${about} (${reason})`)),
    links: extra.links ?? [],
  };
}

/** Lists what ran, for the head of a page. */
export function factsOf(
  run: RunDescription,
  durationMs: number,
): readonly { readonly name: string; readonly value: string }[] {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Vault', run.vault],
    ['Mode', run.mode],
    ['MongoDB', run.mongo],
    ['S3', run.s3],
    [
      'Started',
      run.startedAt
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d+Z$/, ' UTC'),
    ],
    ['Duration', durationText(durationMs)],
    ['Commit', run.gitCommit],
    ['Node.js', run.node],
    ['Seed', run.seed],
  ];
  return facts.flatMap(([fact, value]) => (value === undefined ? [] : [{ name: fact, value: name(value) }]));
}

export function scenarioView(outcome: ScenarioOutcome, requirements: readonly Requirement[]): ScenarioView {
  const { rule, status, example, examples } = outcome;
  const shownSteps = outcome.steps.filter(isShown);
  const own = requirementIdsOf(outcome.tags);
  return {
    id: anchorOf(outcome),
    rule: rule && { name: name(rule.name), description: prose(rule.description) },
    name: name(outcome.name),
    description: prose(outcome.description),
    example: example === undefined ? undefined : name(example),
    examples: examples === undefined ? undefined : name(examples),
    location: name(outcome.location),
    tags: outcome.tags.map((tag) => ({
      name: name(tag.replace(/^@/, '')),
      isRequirement: requirementIdsOf([tag]).length > 0,
    })),
    status,
    retried: retriedText(outcome),
    duration: durationText(outcome.durationMs),
    isOpen: status === 'failed' || status === 'error',
    knownBecause: outcome.knownBecause === undefined ? undefined : name(outcome.knownBecause),
    promises: promisesOf([...own, ...brokenBy(outcome)], requirements).map((promise) => ({
      ...promise,
      isBeside: !own.includes(promise.id),
      sentence: promise.sentence.replaceAll('`', ''),
    })),
    skippedBecause: isLeftOut(status) ? name(outcome.skippedBecause ?? 'no reason was given') : undefined,
    problem: shownReason(reasonOf(outcome), SUMMARY_LIMIT),
    steps: shownSteps.map(stepView),
  };
}

function isLeftOut(status: OutcomeStatus): boolean {
  return status === 'skipped' || status === 'not-run';
}

/** A hook is the suite's business; it shows only when it has something to say. */
function isShown(step: StepOutcome): boolean {
  return (
    step.kind === 'step' || step.attachments.length > 0 || step.status === 'failed' || step.status === 'error'
  );
}

function stepView(step: StepOutcome): StepView {
  const isHook = step.kind === 'hook';
  const places = [step.location, step.definedAt].filter((place) => place !== undefined);
  return {
    location: step.location,
    keyword: isHook ? `${step.keyword} the scenario:` : name(step.keyword),
    text: name(step.text),
    status: step.status,
    detail: step.status === 'error' ? step.detail : step.status,
    // What took no time to speak of is noise beside each step.
    duration: step.durationMs < NOTABLE_MS ? '' : durationText(step.durationMs),
    table: step.argument?.dataTable?.rows.map((row) =>
      row.cells.map(({ value }) => safeText(value, { limit: CELL_LIMIT })),
    ),
    docString: step.argument?.docString === undefined ? undefined : long(step.argument.docString.content),
    note: isHook && step.keyword === 'After' && step.status === 'failed' ? JUDGED_AFTERWARDS : '',
    words: step.failure === undefined ? [] : passagesOf(long(step.failure.words)),
    frames: step.failure?.frames.map(name) ?? [],
    places: places.map(name).join(', '),
    snippet: step.snippet === undefined ? undefined : long(step.snippet),
    attachments: step.attachments.map(attachmentView),
  };
}

/** Names of features, rules and descriptions. */
export function name(text: string): string {
  return safeText(text, { limit: NAME_LIMIT });
}

export function prose(text: string): string {
  return safeText(text, { limit: WORDS_LIMIT, multiLine: true });
}

const long = prose;
