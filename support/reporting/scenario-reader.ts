import {
  type Pickle,
  type PickleStep,
  type SourceReference,
  type TestCaseStarted,
  type TestStep,
  type TestStepFinished,
  type TestStepResult,
  TestStepResultStatus,
  TimeConversion,
} from '@cucumber/messages';
import type { Lineage, Query } from '@cucumber/query';
import { isSuiteFailure } from '../bytes/errors';
import { brokenIn, isBrokenAttachment, NOTHING_BROKEN } from './broken-requirements';
import { failureText } from './failure-text';
import type { KnownFailures } from './known-failures';
import type { OutcomeStatus, ScenarioOutcome, StepOutcome } from './scenario-outcome';
import { promisesOfStep } from './step-promises';

/** Where an attachment says why a scenario was skipped. */
const SKIPPED_BECAUSE = 'skipped: ';
/**
 * So the reason begins where the scenario was left out because nothing could be judged any more, and so an
 * attachment of the scenario at which that began.
 */
const NOT_JUDGED = 'not judged: ';
/** Failures that say no more than that no answer came: what is seen of a vault that has stopped. */
const SILENCE: readonly string[] = ['NoAnswerError', 'VaultCrashError', 'TimeoutError', 'ViolationError'];

const STATUSES: Readonly<Partial<Record<TestStepResultStatus, OutcomeStatus>>> = {
  PASSED: 'passed',
  FAILED: 'failed',
  SKIPPED: 'skipped',
};
const UNTOLD: TestStepResult = {
  status: TestStepResultStatus.UNKNOWN,
  duration: { seconds: 0, nanos: 0 },
};

const NOT_REACHED: TestStepResult = { ...UNTOLD, status: TestStepResultStatus.SKIPPED };
const CUT_SHORT: TestStepResult = { ...UNTOLD, message: 'The run ended in the middle of it.' };

/** Reads from the messages of a run how an attempt of a scenario went, as far as they tell. */
export class ScenarioReader {
  constructor(
    private readonly query: Query,
    private readonly known: KnownFailures,
  ) {}

  /** The outcome of an attempt; `undefined` where the messages do not say of which scenario it is. */
  outcomeOf(started: TestCaseStarted): ScenarioOutcome | undefined {
    const testCase = this.query.findTestCaseBy(started);
    const pickle = testCase && this.query.findPickleBy(started);
    if (pickle === undefined) return undefined;
    const testSteps = testCase?.testSteps ?? [];
    const firstStep = testSteps.findIndex(({ pickleStepId }) => pickleStepId !== undefined);
    const ends = this.#endsOf(started, testSteps);
    const hasStopped = ends.some((end) =>
      this.query.findAttachmentsBy(end).some(({ body }) => body.startsWith(NOT_JUDGED)),
    );
    const steps = testSteps.map((step, at) => {
      const told = this.#stepOf(step, ends[at], pickle, at < firstStep ? 'Before' : 'After');
      const type = ends[at]?.testStepResult.exception?.type ?? '';
      return hasStopped && SILENCE.includes(type) ? { ...told, status: 'error' as const } : told;
    });
    const told = this.placed(pickle);
    const failures = testSteps.flatMap((step, at) =>
      steps[at]?.status === 'failed'
        ? [{ end: ends[at], named: promisesOfStep(this.#patternOf(step), told.tags) }]
        : [],
    );
    const broken = brokenIn(
      failures
        .filter(({ named }) => named.length === 0)
        .map(({ end }) => (end === undefined ? [] : this.query.findAttachmentsBy(end))),
      failures.flatMap(({ named }) => named),
    );
    const reason = skippedBecause(steps);
    const isNotRun = reason?.startsWith(NOT_JUDGED) === true;
    const status = statusOfAll(steps, isNotRun);
    const knownBecause = status === 'failed' ? this.known.reasonFor({ ...told, broken }) : undefined;
    return {
      ...told,
      status: knownBecause === undefined ? status : 'known',
      attempt: started.attempt + 1,
      durationMs: steps.reduce((sum, step) => sum + step.durationMs, 0),
      skippedBecause: isNotRun ? reason.slice(NOT_JUDGED.length) : reason,
      knownBecause,
      broken,
      stepsEnd: endOfSteps(steps.filter(({ kind }) => kind === 'step')),
      steps,
    };
  }

  /** The outcome of a scenario that was to run and never began. */
  notRun(pickle: Pickle, reason: string): ScenarioOutcome {
    const steps = pickle.steps.map(
      (step): StepOutcome => ({
        ...this.#wordsOf(step, pickle, undefined, ''),
        snippet: undefined,
        status: 'skipped',
        detail: 'skipped',
        durationMs: 0,
        definedAt: undefined,
        failure: undefined,
        attachments: [],
      }),
    );
    return {
      ...this.placed(pickle),
      status: 'not-run',
      attempt: 1,
      durationMs: 0,
      skippedBecause: reason,
      knownBecause: undefined,
      broken: NOTHING_BROKEN,
      stepsEnd: 'not judged',
      steps,
    };
  }

  /** Where in its feature a scenario stands, and what is written there. */
  placed(pickle: Pickle): PlacedScenario {
    return placedBy(pickle, pickle.astNodeIds.length === 0 ? undefined : this.query.findLineageBy(pickle));
  }

  /**
   * Returns the end of each step; where the attempt did not, the first without an end was the one that ran.
   */
  #endsOf(started: TestCaseStarted, steps: readonly TestStep[]): readonly TestStepFinished[] {
    const ended = new Map(this.query.findTestStepsFinishedBy(started).map((end) => [end.testStepId, end]));
    const isUnfinished = this.query.findTestCaseFinishedBy(started) === undefined;
    const running = isUnfinished ? steps.find(({ id }) => !ended.has(id)) : undefined;
    return steps.map(({ id }) => {
      const testStepResult = running === undefined ? UNTOLD : id === running.id ? CUT_SHORT : NOT_REACHED;
      const untold = {
        testCaseStartedId: started.id,
        testStepId: id,
        timestamp: started.timestamp,
        testStepResult,
      };
      return ended.get(id) ?? untold;
    });
  }

  #patternOf(step: TestStep): string | undefined {
    return this.query.findStepDefinitionsBy(step)[0]?.pattern.source;
  }

  #stepOf(
    step: TestStep,
    end: TestStepFinished | undefined,
    pickle: Pickle,
    hookKeyword: string,
  ): StepOutcome {
    const result = end?.testStepResult ?? UNTOLD;
    const pickleStep = this.query.findPickleStepBy(step);
    const [definition] = this.query.findStepDefinitionsBy(step);
    const hook = this.query.findHookBy(step);
    return {
      ...this.#wordsOf(pickleStep, pickle, hook?.name, hookKeyword),
      status: isSuiteFailure(result.exception?.type) ? 'error' : (STATUSES[result.status] ?? 'error'),
      detail: result.status.toLowerCase(),
      durationMs: TimeConversion.durationToMilliseconds(result.duration),
      definedAt: placeOf(
        hook?.sourceReference ??
          (step.stepDefinitionIds?.length === 1 ? definition?.sourceReference : undefined),
      ),
      failure: failureText(result),
      attachments:
        end === undefined
          ? []
          : this.query.findAttachmentsBy(end).filter((attachment) => !isBrokenAttachment(attachment)),
    };
  }

  #wordsOf(
    step: PickleStep | undefined,
    { uri }: Pickle,
    hookName: string | undefined,
    hookKeyword: string,
  ): Pick<StepOutcome, 'kind' | 'keyword' | 'text' | 'argument' | 'location' | 'snippet'> {
    if (step === undefined) {
      return {
        kind: 'hook',
        keyword: hookKeyword,
        text: hookName ?? '',
        argument: undefined,
        location: undefined,
        snippet: undefined,
      };
    }
    const written = step.astNodeIds.length === 0 ? undefined : this.query.findStepBy(step);
    return {
      kind: 'step',
      keyword: written?.keyword.trim() ?? '',
      text: step.text,
      argument: step.argument,
      location: written && `${uri}:${written.location.line}`,
      snippet: this.query.findSuggestionsBy(step)[0]?.snippets[0]?.code,
    };
  }
}

export type PlacedScenario = Pick<
  ScenarioOutcome,
  'feature' | 'rule' | 'name' | 'description' | 'example' | 'examples' | 'line' | 'location' | 'tags'
>;

function placedBy({ name, uri, tags }: Pickle, lineage: Lineage = {}): PlacedScenario {
  const { feature, rule, scenario, examples, example } = lineage;
  const line = (example ?? scenario)?.location.line ?? 0;
  return {
    feature: { name: feature?.name ?? '', description: dedented(feature?.description ?? ''), uri },
    rule: rule && { name: rule.name, description: dedented(rule.description) },
    name,
    description: dedented(scenario?.description ?? ''),
    // Rows of an outline whose name has no placeholder would all be called the same.
    example: scenario?.name === name ? example?.cells.map(({ value }) => value).join(', ') : undefined,
    examples: examples?.name || undefined,
    line,
    location: `${uri}:${line}`,
    tags: tags.map((tag) => tag.name),
  };
}

/** A failure of the suite itself is no verdict on the vault, unless the vault failed as well. */
function statusOfAll(steps: readonly StepOutcome[], isNotRun: boolean): OutcomeStatus {
  const has = (status: OutcomeStatus): boolean => steps.some((step) => step.status === status);
  if (has('failed')) return 'failed';
  if (has('error') || steps.length === 0) return 'error';
  if (isNotRun) return 'not-run';
  return has('skipped') ? 'skipped' : 'passed';
}

function endOfSteps(steps: readonly StepOutcome[]): ScenarioOutcome['stepsEnd'] {
  if (steps.some(({ status }) => status === 'failed')) return 'failed';
  return steps.every(({ status }) => status === 'passed') ? 'held' : 'not judged';
}

function skippedBecause(steps: readonly StepOutcome[]): string | undefined {
  return steps
    .filter(({ status }) => status === 'skipped')
    .flatMap(({ attachments }) => attachments)
    .find(({ contentEncoding, body }) => contentEncoding === 'IDENTITY' && body.startsWith(SKIPPED_BECAUSE))
    ?.body.slice(SKIPPED_BECAUSE.length);
}

function placeOf({ uri, location }: SourceReference = {}): string | undefined {
  return uri === undefined ? undefined : `${uri}:${location?.line ?? 0}`;
}

/** Descriptions come indented as the feature file has them. */
function dedented(description: string): string {
  return description
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .trim();
}
