import { Formatter, type IFormatterOptions } from '@cucumber/cucumber';
import { count, safeText } from '../bytes/safe-text';
import { conformanceOf, conformanceSummary } from './conformance';
import { ConsoleLines } from './console-lines';
import { failureText } from './failure-text';
import { knownFailures, type RollEnvelope, ScenarioRoll } from './known-failures';
import { ON_THE_WIRE } from './last-failures';
import { type Palette, paletteFor, wantsColour } from './palette';
import { readRequirements } from './requirements';
import { type ClockEnvelope, RunClock } from './run-clock';
import { runDescription, UNKNOWN } from './run-description';
import { type ProgressEnvelope, RunProgress } from './run-progress';
import { type OutcomeStatus, type ScenarioOutcome, scenarioOutcome, titleOf } from './scenario-outcome';
import { durationText, STATUSES_IN_ORDER, tallyOf, verdictOf, verdictSentence } from './tally';
import { liveLine, wantsQuiet } from './terminal-progress';

/** The messages this formatter listens to; Cucumber's broadcaster is untyped. */
interface HeardEnvelope extends ProgressEnvelope, ClockEnvelope, RollEnvelope {
  readonly pickle?: NonNullable<RollEnvelope['pickle']>;
  readonly testRunFinished?: NonNullable<ClockEnvelope['testRunFinished']>;

  readonly testRunHookFinished?: { readonly result: { readonly status: string; readonly message?: string } };
}

/**
 * The run as people follow it, on a terminal and in CI alike. A scenario is printed when it has finished, for with `--parallel`
 * they interleave; steps are told only of those that did not pass. On a terminal a last line says how far the run is. A quiet run
 * prints only what did not hold, and what it comes to.
 */
export class ConsoleReport extends Formatter {
  private readonly palette: Palette;
  private readonly lines: ConsoleLines;
  private readonly requirements = readRequirements();
  private readonly isQuiet = wantsQuiet(process.env);
  private readonly progress = new RunProgress(liveLine);
  /** Each worker of a parallel run has the same trouble; once is enough. */
  private readonly runProblems = new Set<string>();
  private readonly outcomes: ScenarioOutcome[] = [];
  private lastTold: ScenarioOutcome | undefined;
  private readonly clock = new RunClock();
  private readonly roll = new ScenarioRoll();
  private readonly options: IFormatterOptions;

  constructor(options: IFormatterOptions) {
    super(options);
    this.options = options;
    this.palette = paletteFor(
      wantsColour(process.env, 'isTTY' in options.stream && options.stream.isTTY === true),
    );
    this.lines = new ConsoleLines(this.palette, this.requirements);
    options.eventBroadcaster.on('envelope', (envelope: HeardEnvelope) => this.hear(envelope));
  }

  /** Prints the summary last: by now every other formatter has said where it writes. */
  override async finished(): Promise<void> {
    liveLine.stop();
    this.print(this.summary());
    await super.finished();
  }

  private hear(envelope: HeardEnvelope): void {
    const { testCaseFinished, testRunHookFinished } = envelope;
    this.progress.hear(envelope);
    this.clock.hear(envelope);
    this.roll.hear(envelope);
    if (testCaseFinished !== undefined && !testCaseFinished.willBeRetried)
      this.tell(testCaseFinished.testCaseStartedId);
    if (testRunHookFinished?.result.status === 'FAILED') {
      this.tellOfRun(failureText(testRunHookFinished.result)?.words ?? 'no message');
    }
  }

  private tellOfRun(words: string): void {
    if (this.runProblems.has(words)) return;
    this.runProblems.add(words);
    const shown = safeText(words, { limit: 4_000, multiLine: true });
    this.print(['', this.palette.red(`✗ A hook around the run failed: ${shown}`)]);
  }

  private tell(testCaseStartedId: string): void {
    const outcome = scenarioOutcome(
      this.eventDataCollector.getTestCaseAttempt(testCaseStartedId),
      this.options,
    );
    if (this.outcomes.length === 0) this.print(this.head());
    this.outcomes.push(outcome);
    if (this.isQuiet && (outcome.status === 'passed' || outcome.status === 'skipped')) return;
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
    const tally = tallyOf(this.outcomes);
    const { bold, faint } = this.palette;
    const held = this.heldAgainstExpectation();
    const status = held.length > 0 ? 'failed' : verdictOf(tally);
    const { report } = runDescription();
    return [
      '',
      ...this.broken(),
      ...held,
      `${bold(this.colourOf(status)(verdictSentence(tally)))} ${faint(`(${durationText(this.clock.durationMs)})`)}`,
      ...(report === undefined ? [] : [`Report: ${report}`]),
      '',
      ...this.conformance(),
    ];
  }

  private colourOf(status: OutcomeStatus): (text: string) => string {
    const { green, red, cyan, yellow } = this.palette;
    return { passed: green, failed: red, skipped: cyan, unjudged: yellow, known: yellow }[status];
  }

  /** What the run says of the vault; a dry run, which judges nothing, says nothing. */
  private conformance(): string[] {
    if (this.outcomes.every(({ status }) => status === 'skipped')) return [];
    return [...conformanceSummary(conformanceOf(this.requirements, this.outcomes), runDescription())];
  }

  /** Known failures that are none any more fail the run, until the list says so. */
  private heldAgainstExpectation(): string[] {
    const held = knownFailures().thatHold(this.outcomes, this.roll.leftOut());
    if (held.length === 0) return [];
    const lines = held.map(({ about, reason }) => `  ${safeText(about)} (${safeText(reason)})`);
    const head = `${count(held.length, 'known failure')} held: take what holds off the list.`;
    return [this.palette.red(head), ...lines, ''];
  }

  /** The list a reader wants at the end of a long run: where to look, ready to run again. */
  private broken(): string[] {
    const worst = STATUSES_IN_ORDER.slice(0, 2).flatMap((status) =>
      this.outcomes.filter((outcome) => outcome.status === status),
    );
    if (worst.length === 0) return [];
    const lines = worst.map(
      (outcome) =>
        `  ${safeText(outcome.location)}  ${this.palette.faint(safeText(titleOf(outcome), { limit: 100 }))}`,
    );
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
    if (lines.length > 0) liveLine.around(() => this.log(`${lines.join('\n')}\n`));
  }
}

/** What nobody described is better left unsaid on a console. */
function labelled(label: string, fact: string | undefined): string | undefined {
  return fact === undefined || fact === UNKNOWN ? undefined : label + safeText(fact);
}
