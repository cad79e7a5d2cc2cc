import { safeText } from '../integrity/safe-text';
import { type AttachmentView, attachmentView } from './attachment-view';
import type { RunDescription } from './run-description';
import type { OutcomeStatus, ScenarioOutcome, StepOutcome } from './scenario-outcome';
import { durationText, type Tally, tallyOf, verdictOf, verdictSentence } from './tally';

const NAME_LIMIT = 500;
const WORDS_LIMIT = 20_000;
const CELL_LIMIT = 1_000;
const SUMMARY_LIMIT = 240;
const NOTABLE_MS = 10;
const REQUIREMENT = /^@[A-Z]{2,5}-\d+$/;

/** What the templates show. Every text in it went through `safeText`; escaping for HTML is the templates' part (`<%- %>`). */
export interface ScenarioView {
  readonly id: string;
  readonly rule: { readonly name: string; readonly description: string } | undefined;
  readonly name: string;
  readonly description: string;
  readonly example: string | undefined;
  readonly location: string;
  readonly tags: readonly { readonly name: string; readonly isRequirement: boolean }[];
  readonly status: OutcomeStatus;
  readonly duration: string;
  readonly isOpen: boolean;
  readonly skippedBecause: string | undefined;
  /** First line of what went wrong; empty for a scenario that passed. */
  readonly problem: string;
  readonly steps: readonly StepView[];
}

interface StepView {
  readonly keyword: string;
  readonly text: string;
  readonly status: OutcomeStatus;
  readonly detail: string;
  readonly duration: string;
  readonly table: readonly (readonly string[])[] | undefined;
  readonly docString: string | undefined;
  readonly words: string | undefined;
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
  readonly problems: readonly Pick<
    ScenarioView,
    'id' | 'name' | 'example' | 'location' | 'status' | 'problem'
  >[];
  readonly runProblems: readonly string[];
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
  },
): HeadView {
  const tally = tallyOf(outcomes);
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Conformance', extra.conformance],
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
    ['Duration', durationText(extra.durationMs)],
    ['Commit', run.gitCommit],
    ['Node.js', run.node],
    ['Seed', run.seed],
  ];
  return {
    suite: name(run.suite),
    verdict: verdictSentence(tally),
    status: extra.runProblems.length > 0 && verdictOf(tally) !== 'failed' ? 'unjudged' : verdictOf(tally),
    tally,
    facts: facts.flatMap(([fact, value]) =>
      value === undefined ? [] : [{ name: fact, value: name(value) }],
    ),
    problems: (['failed', 'unjudged'] as const).flatMap((status) =>
      scenarios.filter((scenario) => scenario.status === status),
    ),
    runProblems: extra.runProblems.map((words) => safeText(words, { limit: WORDS_LIMIT, multiLine: true })),
  };
}

export function scenarioView(outcome: ScenarioOutcome, id: string): ScenarioView {
  const { rule, status, example } = outcome;
  const shownSteps = outcome.steps.filter(isShown);
  return {
    id,
    rule: rule && { name: name(rule.name), description: prose(rule.description) },
    name: name(outcome.name),
    description: prose(outcome.description),
    example: example === undefined ? undefined : name(example),
    location: name(outcome.location),
    tags: outcome.tags.map((tag) => ({
      name: name(tag.replace(/^@/, '')),
      isRequirement: REQUIREMENT.test(tag),
    })),
    status,
    duration: durationText(outcome.durationMs),
    isOpen: status === 'failed' || status === 'unjudged',
    skippedBecause: status === 'skipped' ? name(outcome.skippedBecause ?? 'no reason was given') : undefined,
    problem: problemOf(outcome),
    steps: shownSteps.map(stepView),
  };
}

/** A hook is the suite's business; it shows only when it has something to say. */
function isShown(step: StepOutcome): boolean {
  return (
    step.kind === 'step' ||
    step.attachments.length > 0 ||
    step.status === 'failed' ||
    step.status === 'unjudged'
  );
}

function stepView(step: StepOutcome): StepView {
  const isHook = step.kind === 'hook';
  const places = [step.location, step.definedAt].filter((place) => place !== undefined);
  return {
    keyword: isHook ? `${step.keyword} the scenario:` : name(step.keyword),
    text: name(step.text),
    status: step.status,
    detail: step.status === 'unjudged' ? step.detail : step.status,
    // What took no time to speak of is noise beside each step.
    duration: step.durationMs < NOTABLE_MS ? '' : durationText(step.durationMs),
    table: step.argument?.dataTable?.rows.map((row) =>
      row.cells.map(({ value }) => safeText(value, { limit: CELL_LIMIT })),
    ),
    docString: step.argument?.docString === undefined ? undefined : long(step.argument.docString.content),
    words: step.failure === undefined ? undefined : long(step.failure.words),
    frames: step.failure?.frames.map(name) ?? [],
    places: places.map(name).join(', '),
    snippet: step.snippet === undefined ? undefined : long(step.snippet),
    attachments: step.attachments.map(attachmentView),
  };
}

function problemOf({ steps }: ScenarioOutcome): string {
  const step =
    steps.find(({ status }) => status === 'failed') ?? steps.find(({ status }) => status === 'unjudged');
  if (step === undefined) return '';
  const words = step.failure?.words
    .slice(0, SUMMARY_LIMIT * 2)
    .trimStart()
    .split('\n', 1)[0];
  return safeText(words ?? `A step is ${step.detail}: ${step.text}`, { limit: SUMMARY_LIMIT });
}

/** Names of features, rules and descriptions. */
export function name(text: string): string {
  return safeText(text, { limit: NAME_LIMIT });
}

export function prose(text: string): string {
  return safeText(text, { limit: WORDS_LIMIT, multiLine: true });
}

const long = prose;
