import { formatterHelpers, type IFormatterOptions } from '@cucumber/cucumber';
import { isSuiteFailure } from '../bytes/errors';
import { type Charges, chargesOf, isChargeAttachment } from './charges';
import { type FailureText, failureText } from './failure-text';
import { knownFailures } from './known-failures';

export type TestCaseAttempt = ReturnType<IFormatterOptions['eventDataCollector']['getTestCaseAttempt']>;
type GherkinDocument = TestCaseAttempt['gherkinDocument'];
type Feature = NonNullable<GherkinDocument['feature']>;
type Scenario = NonNullable<Feature['children'][number]['scenario']>;
type Rule = NonNullable<Feature['children'][number]['rule']>;
type ParsedStep = ReturnType<typeof formatterHelpers.parseTestCaseAttempt>['testSteps'][number];

/**
 * How a scenario ended; `unjudged` when the suite could not say: an undefined, ambiguous or pending step; `known` when it failed, and
 * is on the list of known failures.
 */
export type OutcomeStatus = 'passed' | 'failed' | 'skipped' | 'unjudged' | 'known';

/** What ran and how it went, as Cucumber told it: nothing in it is safe to print yet. */
export interface ScenarioOutcome {
  readonly feature: { readonly name: string; readonly description: string; readonly uri: string };
  readonly rule: { readonly name: string; readonly description: string } | undefined;
  readonly name: string;
  readonly description: string;
  /** The row of an outline, where the name does not tell it. */
  readonly example: string | undefined;
  readonly line: number;
  readonly location: string;
  readonly tags: readonly string[];
  readonly status: OutcomeStatus;
  readonly durationMs: number;
  readonly skippedBecause: string | undefined;
  /** Why it is put up with, where its failure is known. */
  readonly knownBecause: string | undefined;
  /** What its failures are held against. */
  readonly charges: Charges;
  /** Whether every step of its own passed, whatever its end found. */
  readonly stepsHeld: boolean;
  readonly steps: readonly StepOutcome[];
}

export interface StepOutcome {
  readonly kind: 'step' | 'hook';
  readonly keyword: string;
  readonly text: string;
  readonly argument: ParsedStep['argument'];
  readonly status: OutcomeStatus;
  /** Cucumber's own word, where `unjudged` says too little: `undefined`, `ambiguous`, `pending`, `unknown`. */
  readonly detail: string;
  readonly durationMs: number;
  /** Where a reader of features finds it; a hook has none. */
  readonly location: string | undefined;
  /** Where its code is. */
  readonly definedAt: string | undefined;
  readonly failure: FailureText | undefined;
  readonly snippet: string | undefined;
  readonly attachments: ParsedStep['attachments'];
}

type Collaborators = Pick<IFormatterOptions, 'snippetBuilder' | 'supportCodeLibrary'>;

/** Where an attachment says why a scenario was skipped. */
export const SKIPPED_BECAUSE = 'skipped: ';
const STATUSES: Readonly<Record<string, OutcomeStatus>> = {
  PASSED: 'passed',
  FAILED: 'failed',
  SKIPPED: 'skipped',
};

export function scenarioOutcome(attempt: TestCaseAttempt, collaborators: Collaborators): ScenarioOutcome {
  const { pickle, gherkinDocument, worstTestStepResult } = attempt;
  const { testSteps } = formatterHelpers.parseTestCaseAttempt({ testCaseAttempt: attempt, ...collaborators });
  const steps = testSteps.map(stepOutcome);
  const charges = chargesOf(
    testSteps.filter((_, index) => steps[index]?.status === 'failed').map(({ attachments }) => attachments),
  );
  const place = placeOf(gherkinDocument, pickle.astNodeIds);
  const tags = pickle.tags.map((tag) => tag.name);
  const status = scenarioStatusOf(worstTestStepResult.status, steps);
  const knownBecause =
    status === 'failed' ? knownFailures().reasonFor({ name: pickle.name, tags, charges }) : undefined;
  return {
    feature: {
      name: gherkinDocument.feature?.name ?? '',
      description: dedented(gherkinDocument.feature?.description ?? ''),
      uri: pickle.uri,
    },
    rule: place.rule && { name: place.rule.name, description: dedented(place.rule.description) },
    name: pickle.name,
    description: dedented(place.scenario?.description ?? ''),
    example: exampleOf(place.scenario, pickle.astNodeIds[1], pickle.name),
    line: place.line,
    location: `${pickle.uri}:${place.line}`,
    tags,
    status: knownBecause === undefined ? status : 'known',
    durationMs: steps.reduce((sum, step) => sum + step.durationMs, 0),
    skippedBecause: skippedBecause(steps),
    knownBecause,
    charges,
    stepsHeld: steps.every((step) => step.kind === 'hook' || step.status === 'passed'),
    steps,
  };
}

/** The name of a scenario, with the row of its outline where the name does not tell it. */
export function titleOf({ name, example }: ScenarioOutcome): string {
  return example === undefined ? name : `${name} [${example}]`;
}

/** The name that links to a scenario's place in the report; the same in every run, unless the scenario moves. */
export function anchorOf({ location }: Pick<ScenarioOutcome, 'location'>): string {
  const words = location.replace(/^features\//, '').replace(/\.feature:/, ':');
  return `s-${words.replace(/[^A-Za-z0-9]+/g, '-')}`;
}

/** The outcomes of a run by the id of their pickle; of a retried scenario only the last attempt counts. */
export function outcomesByPickle(
  attempts: readonly TestCaseAttempt[],
  collaborators: Collaborators,
): ReadonlyMap<string, ScenarioOutcome> {
  return new Map(
    attempts
      .filter((attempt) => !attempt.willBeRetried)
      .map((attempt) => [attempt.pickle.id, scenarioOutcome(attempt, collaborators)]),
  );
}

function stepOutcome(step: ParsedStep): StepOutcome {
  const { result, sourceLocation, actionLocation } = step;
  const isStep = step.text !== undefined;
  return {
    kind: isStep ? 'step' : 'hook',
    keyword: step.keyword.trim(),
    text: step.text ?? step.name ?? '',
    argument: step.argument,
    status: isSuiteFailure(result.exception?.type) ? 'unjudged' : statusOf(result.status),
    detail: String(result.status).toLowerCase(),
    durationMs:
      result.duration === undefined ? 0 : result.duration.seconds * 1_000 + result.duration.nanos / 1e6,
    location: sourceLocation && formatterHelpers.formatLocation(sourceLocation),
    definedAt: actionLocation && formatterHelpers.formatLocation(actionLocation),
    failure: failureText(result),
    snippet: step.snippet,
    attachments: step.attachments.filter((attachment) => !isChargeAttachment(attachment)),
  };
}

/** A failure of the suite itself is no verdict on the vault (design, idea 7), unless the vault failed as well. */
function scenarioStatusOf(status: string, steps: readonly StepOutcome[]): OutcomeStatus {
  const failures = steps.filter((step) => step.status === 'failed' || step.status === 'unjudged');
  const allUnjudged = failures.length > 0 && failures.every((step) => step.status === 'unjudged');
  return allUnjudged ? 'unjudged' : statusOf(status);
}

function statusOf(status: string): OutcomeStatus {
  return STATUSES[status] ?? 'unjudged';
}

function skippedBecause(steps: readonly StepOutcome[]): string | undefined {
  const reasons = steps
    .filter((step) => step.status === 'skipped')
    .flatMap((step) => step.attachments)
    .filter(
      (attachment) =>
        attachment.contentEncoding === 'IDENTITY' && attachment.body.startsWith(SKIPPED_BECAUSE),
    );
  return reasons[0]?.body.slice(SKIPPED_BECAUSE.length);
}

interface Place {
  readonly scenario?: Scenario;
  readonly rule?: Rule;
  readonly line: number;
}

/** Where in its feature a pickle comes from; its first id is the scenario's, its last the line to run it by. */
function placeOf({ feature }: GherkinDocument, ids: readonly string[]): Place {
  for (const child of feature?.children ?? []) {
    for (const inner of child.rule?.children ?? [child]) {
      const { scenario } = inner;
      if (scenario === undefined || scenario.id !== ids[0]) continue;
      const rows = scenario.examples.flatMap((examples) => examples.tableBody);
      const line = rows.find((row) => row.id === ids[1])?.location.line ?? scenario.location.line;
      return { scenario, line, ...(child.rule === undefined ? {} : { rule: child.rule }) };
    }
  }
  return { line: 0 };
}

/** Rows of an outline whose name has no placeholder would all be called the same. */
function exampleOf(
  scenario: Scenario | undefined,
  rowId: string | undefined,
  name: string,
): string | undefined {
  if (scenario === undefined || rowId === undefined || scenario.name !== name) return undefined;
  const row = scenario.examples.flatMap((examples) => examples.tableBody).find(({ id }) => id === rowId);
  return row?.cells.map((cell) => cell.value).join(', ');
}

/** Descriptions come indented as the feature file has them. */
function dedented(description: string): string {
  return description
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .trim();
}
