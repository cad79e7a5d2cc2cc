import { Formatter, type IFormatterOptions } from '@cucumber/cucumber';
import { safeText } from '../integrity/safe-text';
import { conformanceOf, conformanceSummary } from './conformance';
import { ConsoleLines } from './console-lines';
import { failureText } from './failure-text';
import { type Palette, paletteFor, wantsColour } from './palette';
import { readRequirements } from './requirements';
import { runDescription, UNKNOWN } from './run-description';
import { type ScenarioOutcome, scenarioOutcome, titleOf } from './scenario-outcome';
import { durationText, STATUSES_IN_ORDER, tallyOf, verdictOf, verdictSentence } from './tally';

/** The messages this formatter listens to; Cucumber's broadcaster is untyped. */
interface HeardEnvelope {
  readonly testCaseFinished?: { readonly testCaseStartedId: string; readonly willBeRetried: boolean };
  readonly testRunHookFinished?: { readonly result: { readonly status: string; readonly message?: string } };
}

/**
 * The run as people follow it, on a terminal and in CI alike. A scenario is printed when it has finished, for with `--parallel`
 * they interleave; steps are told only of those that did not pass.
 */
export class ConsoleReport extends Formatter {
  private readonly palette: Palette;
  private readonly lines: ConsoleLines;
  /** Each worker of a parallel run has the same trouble; once is enough. */
  private readonly runProblems = new Set<string>();
  private readonly outcomes: ScenarioOutcome[] = [];
  private readonly startedMs = performance.now();
  private readonly options: IFormatterOptions;

  constructor(options: IFormatterOptions) {
    super(options);
    this.options = options;
    this.palette = paletteFor(
      wantsColour(process.env, 'isTTY' in options.stream && options.stream.isTTY === true),
    );
    this.lines = new ConsoleLines(this.palette);
    options.eventBroadcaster.on('envelope', (envelope: HeardEnvelope) => this.hear(envelope));
  }

  /** Prints the summary last: by now every other formatter has said where it writes. */
  override async finished(): Promise<void> {
    this.print(this.summary());
    await super.finished();
  }

  private hear({ testCaseFinished, testRunHookFinished }: HeardEnvelope): void {
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
    const before = this.outcomes.at(-1);
    if (before === undefined) this.print(this.head());
    const sameFeature = before?.feature.uri === outcome.feature.uri;
    if (!sameFeature) this.print(this.lines.feature(outcome));
    if (!sameFeature || before?.rule?.name !== outcome.rule?.name) this.print(this.lines.rule(outcome));
    this.print(this.lines.scenario(outcome));
    this.outcomes.push(outcome);
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
    const { green, red, cyan, yellow, bold, faint } = this.palette;
    const colour = { passed: green, failed: red, skipped: cyan, unjudged: yellow }[verdictOf(tally)];
    const { report } = runDescription();
    return [
      '',
      ...this.broken(),
      `${bold(colour(verdictSentence(tally)))} ${faint(`(${durationText(performance.now() - this.startedMs)})`)}`,
      ...(report === undefined ? [] : [`Report: ${report}`]),
      '',
      ...this.conformance(),
    ];
  }

  /** What the run says of the vault; a dry run, which judges nothing, says nothing. */
  private conformance(): string[] {
    if (this.outcomes.every(({ status }) => status === 'skipped')) return [];
    return [...conformanceSummary(conformanceOf(readRequirements(), this.outcomes), runDescription())];
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
    return [this.palette.bold('To look at (npm run bdd -- <location> runs one again):'), ...lines, ''];
  }

  private print(lines: readonly string[]): void {
    if (lines.length > 0) this.log(`${lines.join('\n')}\n`);
  }
}

/** What nobody described is better left unsaid on a console. */
function labelled(label: string, fact: string | undefined): string | undefined {
  return fact === undefined || fact === UNKNOWN ? undefined : label + safeText(fact);
}
