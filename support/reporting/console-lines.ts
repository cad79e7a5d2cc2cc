import { safeText } from '../bytes/safe-text';
import { attachmentView } from './attachment-view';
import { brokenBy } from './broken-requirements';
import type { Paint, Palette } from './palette';
import { reasonOf } from './reasons';
import { promisesOf, type Requirement, requirementIdsOf } from './requirements';
import { durationText } from './run-tally';
import {
  type OutcomeStatus,
  retriedText,
  type ScenarioOutcome,
  type StepOutcome,
  titleOf,
} from './scenario-outcome';

/** The sign before a scenario or a step that ended so. */
export const SYMBOLS: Readonly<Record<OutcomeStatus, string>> = {
  passed: '✓',
  failed: '✗',
  skipped: '-',
  known: '!',
  error: '?',
  'not-run': '?',
};
/** So much of an error a terminal gets; the report has the rest. */
const WORDS_LIMIT = 4_000;
const NAME_LIMIT = 300;
/** The media type of what a step says by `this.log`. */
const LOGGED = 'text/x.cucumber.log+plain';

/** Turns outcomes into the lines of the console. */
export class ConsoleLines {
  constructor(
    private readonly palette: Palette,
    private readonly requirements: readonly Requirement[],
  ) {}

  feature({ feature }: ScenarioOutcome): string[] {
    return ['', `${this.palette.bold(name(feature.name))}  ${this.palette.faint(name(feature.uri))}`];
  }

  rule({ rule }: ScenarioOutcome): string[] {
    return rule === undefined ? [] : [`  ${name(rule.name)}`];
  }

  scenario(outcome: ScenarioOutcome): string[] {
    const { status, durationMs } = outcome;
    const indent = outcome.rule === undefined ? '  ' : '    ';
    const title = titleOf(outcome);
    const colour = this.colourOf(status);
    const shown = status === 'failed' || status === 'error' ? colour(name(title)) : name(title);
    const head = `${indent}${colour(SYMBOLS[status])} ${shown} ${this.palette.faint(`(${durationText(durationMs)})`)}`;
    const retried = retriedText(outcome);
    if (retried !== undefined) return [head, this.palette.yellow(`${indent}  ${retried}`)];
    if (status === 'passed') return [head, ...this.said(outcome, `${indent}  `)];
    if (status === 'skipped') {
      const reason = outcome.skippedBecause;
      return reason === undefined ? [head] : [head, colour(`${indent}  skipped: ${name(reason)}`)];
    }
    if (outcome.knownBecause !== undefined) {
      return [
        head,
        colour(`${indent}  known to fail: ${name(outcome.knownBecause)}`),
        this.palette.faint(`${indent}  ${name(reasonOf(outcome))}`),
      ];
    }
    return [head, ...this.details(outcome, `${indent}    `)];
  }

  /** What a step has to say even where it passes. */
  private said({ steps }: ScenarioOutcome, indent: string): string[] {
    return steps
      .flatMap(({ attachments }) => attachments)
      .filter(({ mediaType }) => mediaType === LOGGED)
      .flatMap(({ body }) => body.split('\n').map((line) => this.palette.faint(indent + name(line))));
  }

  private details(outcome: ScenarioOutcome, indent: string): string[] {
    const { steps, location, tags } = outcome;
    const broken = brokenBy(outcome);
    const told = steps.filter(
      (step) => step.kind === 'step' || step.status === 'failed' || step.status === 'error',
    );
    return [
      ...promisesOf(broken.length > 0 ? broken : requirementIdsOf(tags), this.requirements).map(
        ({ id, sentence }) => this.palette.faint(`${indent}promised, ${id}: a vault ${sentence}`),
      ),
      ...told.flatMap((step) => this.step(step, location, indent)),
      ...this.evidence(steps, indent),
    ];
  }

  private step(step: StepOutcome, scenarioLocation: string, indent: string): string[] {
    const colour = this.colourOf(step.status);
    const words =
      step.kind === 'hook'
        ? `(${step.keyword.toLowerCase()} the scenario) ${step.text}`
        : `${step.keyword} ${step.text}`;
    const line = `${indent}${colour(SYMBOLS[step.status])} ${step.status === 'passed' ? this.palette.faint(name(words)) : name(words)}`;
    if (step.status !== 'failed' && step.status !== 'error') return [line];
    const inner = `${indent}    `;
    const where = step.location ?? scenarioLocation;
    return [
      line,
      ...indented(this.reason(step), inner).map(colour),
      `${inner}${this.palette.faint(`at ${name(where)}${step.definedAt === undefined ? '' : `, ${name(step.definedAt)}`}`)}`,
    ];
  }

  private reason({ failure, snippet, detail }: StepOutcome): string {
    if (snippet !== undefined)
      return `No definition matches this step. To write one:\n\n${safeText(snippet, { limit: WORDS_LIMIT, multiLine: true })}\n`;
    if (failure !== undefined) return safeText(failure.words, { limit: WORDS_LIMIT, multiLine: true });
    return `This step is ${detail}.`;
  }

  /**
   * Evidence is attached by a hook, mostly, and too long for a console: it only says what there is to read.
   */
  private evidence(steps: readonly StepOutcome[], indent: string): string[] {
    const views = steps.flatMap(({ attachments }) => attachments).map(attachmentView);
    const titles = new Set(views.map((view) => (view.kind === 'omitted' ? '' : view.title)));
    titles.delete('');
    return titles.size === 0
      ? []
      : [`${indent}${this.palette.faint(`in the report: ${[...titles].join('; ')}`)}`];
  }

  private colourOf(status: OutcomeStatus): Paint {
    const { green, red, cyan, yellow } = this.palette;
    return { passed: green, failed: red, skipped: cyan, error: yellow, 'not-run': yellow, known: yellow }[
      status
    ];
  }
}

function name(text: string): string {
  return safeText(text, { limit: NAME_LIMIT });
}

function indented(text: string, indent: string): string[] {
  return text.split('\n').map((line) => (line === '' ? '' : indent + line));
}
