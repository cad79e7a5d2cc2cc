import type { Envelope } from '@cucumber/messages';
import { count, safeText } from '../bytes/safe-text';
import { conformanceOf, conformanceSummary } from './conformance';
import { ConsoleLines, SYMBOLS } from './console-lines';
import { ON_THE_WIRE } from './last-failures';
import { type Palette, paletteFor, wantsColour } from './palette';
import { byReason, reasonOf, shownReason } from './reasons';
import { readRequirements } from './requirements';
import { runDescription, UNKNOWN } from './run-description';
import { RunProgress } from './run-progress';
import { type RunResult, runResult } from './run-result';
import { durationText, tallyOf, verdictOf, verdictSentence } from './run-tally';
import { type OutcomeStatus, retriedText, type ScenarioOutcome, titleOf } from './scenario-outcome';
import { liveLine, wantsQuiet } from './terminal-progress';

const REASON_LIMIT = 200;
const TITLE_LIMIT = 100;

let opened: ConsoleReport | undefined;

/**
 * The run as people follow it, on a terminal and in CI alike. A scenario is printed when it and all before it
 * are over, so that each feature stands there once, in the order of the files, however many workers there
 * are; steps are told only of those that did not pass. On a terminal a last line says how far the run is. A
 * quiet run prints only what did not hold, and what it comes to.
 */
export class ConsoleReport {
  private readonly palette: Palette;
  private readonly lines: ConsoleLines;
  private readonly requirements = readRequirements();
  private readonly isQuiet = wantsQuiet(process.env);
  private readonly result: RunResult;
  private readonly progress: RunProgress;
  private readonly told = new Set<ScenarioOutcome>();
  private lastTold: ScenarioOutcome | undefined;
  private isFinished = false;

  /** The console of this process's run, opened on first use. */
  static open(): ConsoleReport {
    opened ??= new ConsoleReport(runResult(), process.stdout);
    return opened;
  }

  private constructor(
    result: RunResult,
    private readonly stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>,
  ) {
    this.result = result;
    this.progress = new RunProgress(liveLine, this.result);
    this.palette = paletteFor(wantsColour(process.env, stream.isTTY));
    this.lines = new ConsoleLines(this.palette, this.requirements);
    result.follow((envelope) => this.hear(envelope));
  }

  /** Prints the summary, once. */
  finish(): void {
    if (this.isFinished) return;
    this.isFinished = true;
    liveLine.stop();
    // What a run that was cut short left in the middle, and what waited for it.
    for (const outcome of this.result.scenarios()) if (!this.told.has(outcome)) this.tell(outcome);
    this.print(this.summary());
  }

  private hear(envelope: Envelope): void {
    this.progress.hear(envelope);
    if (this.result.isCutShort) this.finish();
    if (envelope.testCaseFinished?.willBeRetried !== false) return;
    for (const outcome of this.result.overFrom(this.told.size)) this.tell(outcome);
  }

  private tell(outcome: ScenarioOutcome): void {
    if (this.told.size === 0) this.print(this.head());
    this.told.add(outcome);
    // What did not run is counted, and the verdict says why.
    if (outcome.status === 'not-run') return;
    const wentWell = outcome.status === 'passed' && retriedText(outcome) === undefined;
    if (this.isQuiet && (wentWell || outcome.status === 'skipped')) return;
    const before = this.lastTold;
    const sameFeature = before?.feature.uri === outcome.feature.uri;
    const sameRule = sameFeature && before?.rule?.name === outcome.rule?.name;
    this.print([
      ...(sameFeature ? [] : this.lines.feature(outcome)),
      ...(sameRule ? [] : this.lines.rule(outcome)),
      ...this.lines.scenario(outcome),
    ]);
    this.lastTold = outcome;
  }

  private head(): string[] {
    const { suite, vault, mode, mongo, s3, seed } = runDescription();
    const facts = [
      labelled('', vault),
      labelled('', mode),
      labelled('MongoDB: ', mongo),
      labelled('S3: ', s3),
      labelled('seed ', seed),
    ].filter((fact) => fact !== undefined);
    return [this.palette.bold(suite), ...(facts.length === 0 ? [] : [this.palette.faint(facts.join(' · '))])];
  }

  private summary(): string[] {
    const tally = tallyOf(this.result.scenarios());
    const { bold, faint } = this.palette;
    const held = this.heldAgainstExpectation();
    const status = ({ held: verdictOf(tally), broken: 'failed', 'not judged': 'error' } as const)[
      this.result.conclusion().end
    ];
    const { report } = runDescription();
    return [
      '',
      ...this.broken(),
      ...held,
      `${bold(this.colourOf(status)(verdictSentence(tally)))} ${faint(`(${durationText(this.result.durationMs)})`)}`,
      ...(report === undefined ? [] : [`Report: ${report}`]),
      '',
      ...this.conformance(),
    ];
  }

  private colourOf(status: OutcomeStatus): (text: string) => string {
    const { green, red, cyan, yellow } = this.palette;
    return { passed: green, failed: red, skipped: cyan, error: yellow, 'not-run': yellow, known: yellow }[
      status
    ];
  }

  /** The verdict on the vault, as the last line; a dry run, which judges nothing, has none. */
  private conformance(): readonly string[] {
    const outcomes = this.result.scenarios();
    const conclusion = this.result.conclusion();
    if (conclusion.end === 'held' && outcomes.every(({ status }) => status === 'skipped')) return [];
    return conformanceSummary(conformanceOf(this.requirements, outcomes, conclusion), runDescription());
  }

  /** Known failures that are none any more fail the run, until the list says so. */
  private heldAgainstExpectation(): string[] {
    const held = this.result.knownThatHold();
    if (held.length === 0) return [];
    const lines = held.map(({ about, reason }) => `  ${safeText(about)} (${safeText(reason)})`);
    const head = `${count(held.length, 'known failure')} held: take what holds off the list.`;
    return [this.palette.red(head), ...lines, ''];
  }

  /** The list a reader wants at the end of a long run: what went wrong, and where, ready to run again. */
  private broken(): string[] {
    const outcomes = this.result.scenarios();
    const worst = (['failed', 'error'] as const).flatMap((status) =>
      outcomes.filter((outcome) => outcome.status === status),
    );
    if (worst.length === 0) return [];
    const lines = byReason(worst, reasonOf).flatMap(({ status, reason, scenarios }) => [
      `  ${this.colourOf(status)(`${SYMBOLS[status]} ${shownReason(reason, REASON_LIMIT)}`)}`,
      ...scenarios.map(
        (outcome) =>
          `      ${safeText(outcome.location)}  ${this.palette.faint(safeText(titleOf(outcome), { limit: TITLE_LIMIT }))}`,
      ),
    ]);
    const command = runDescription().mode === ON_THE_WIRE ? 'bdd:wire' : 'bdd';
    return [
      this.palette.bold(
        `To look at (npm run bdd:rerun runs them again, npm run ${command} -- <location> one of them):`,
      ),
      ...lines,
      '',
    ];
  }

  private print(lines: readonly string[]): void {
    if (lines.length > 0) liveLine.around(() => this.stream.write(`${lines.join('\n')}\n`));
  }
}

/** Labels a fact; one that nobody described is left unsaid on a console. */
function labelled(label: string, fact: string | undefined): string | undefined {
  return fact === undefined || fact === UNKNOWN ? undefined : label + safeText(fact);
}
