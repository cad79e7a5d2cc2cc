import { type IFormatterOptions, JsonFormatter } from '@cucumber/cucumber';
import { conformanceOf } from './conformance';
import { failureText } from './failure-text';
import { knownFailures, type RollEnvelope, ScenarioRoll } from './known-failures';
import { linksBeside, reportsFolder } from './page-links';
import { renderReport } from './render-report';
import { headView, name, prose, type ScenarioView, scenarioView } from './report-view';
import { type Requirement, readRequirements } from './requirements';
import { type ClockEnvelope, RunClock } from './run-clock';
import { describeRun, runDescription } from './run-description';
import { outcomesByPickle, type ScenarioOutcome } from './scenario-outcome';
import { tallyOf } from './tally';

type ScenarioData = Parameters<JsonFormatter['getScenarioData']>[0];
type StepData = Parameters<JsonFormatter['getStepData']>[0];
type JsonScenario = ReturnType<JsonFormatter['getScenarioData']> & { readonly pickleId: string };
type JsonFeature = Omit<ReturnType<JsonFormatter['getFeatureData']>, 'elements'> & {
  readonly elements: readonly JsonScenario[];
};

interface HeardEnvelope extends ClockEnvelope, RollEnvelope {
  readonly testRunHookFinished?: { readonly result: { readonly status: string; readonly message?: string } };
}

/**
 * `reports/index.html`: Cucumber's JSON, decorated with what people want to see, made into a page by cucumber-html-reporter
 * with the templates beside this file. The page is one file, works offline, and escapes everything.
 */
export class HtmlReport extends JsonFormatter {
  private readonly options: IFormatterOptions;
  private readonly json: readonly string[];
  /** Each worker of a parallel run has the same trouble; once is enough. */
  private readonly runProblems = new Set<string>();
  private readonly clock = new RunClock();
  private readonly roll = new ScenarioRoll();

  constructor(options: IFormatterOptions) {
    const json: string[] = [];
    super({ ...options, log: (text) => json.push(String(text)) });
    this.json = json;
    this.options = options;
    describeRun({ report: `${reportsFolder()}/index.html` });
    options.eventBroadcaster.on('envelope', (envelope: HeardEnvelope) => {
      this.clock.hear(envelope);
      this.roll.hear(envelope);
      const { testRunHookFinished } = envelope;
      if (testRunHookFinished?.result.status !== 'FAILED') return;
      this.runProblems.add(failureText(testRunHookFinished.result)?.words ?? 'A hook around the run failed.');
    });
  }

  /** Notes the pickle, by which the outcome is found again. */
  override getScenarioData(data: ScenarioData): JsonScenario {
    return { ...super.getScenarioData(data), pickleId: data.pickle.id };
  }

  /** A worker that died leaves steps without a result, at which the base class would throw. */
  override getStepData(data: StepData): ReturnType<JsonFormatter['getStepData']> {
    const unknown = { status: 'UNKNOWN', duration: { seconds: 0, nanos: 0 } } as StepData['testStepResult'];
    return super.getStepData({
      ...data,
      testStepAttachments: [],
      testStepResult: data.testStepResult ?? unknown,
    });
  }

  override async finished(): Promise<void> {
    this.stream.write(this.page());
    await super.finished();
  }

  private page(): string {
    const outcomes = outcomesByPickle(this.eventDataCollector.getTestCaseAttempts(), this.options);
    const requirements = readRequirements();
    const features = (JSON.parse(this.json[0] ?? '[]') as readonly JsonFeature[]).map((feature, index) =>
      decorated(feature, outcomes, { id: `f${index + 1}`, requirements }),
    );
    const { verdict } = conformanceOf(requirements, [...outcomes.values()]);
    const extra = {
      durationMs: this.clock.durationMs,
      runProblems: [...this.runProblems],
      conformance: verdict,
      held: knownFailures().thatHold([...outcomes.values()], this.roll.leftOut()),
      links: linksBeside('index.html'),
    };
    const scenarios = features.flatMap(({ elements }) => elements.map(({ view }) => view));
    return renderReport(features, headView(runDescription(), [...outcomes.values()], scenarios, extra));
  }
}

/** What the templates read of a feature, beside Cucumber's own members. */
interface DecoratedFeature {
  readonly view: object;
  readonly elements: readonly { readonly view: ScenarioView }[];
}

/** Adds to a feature of Cucumber's JSON, and to its scenarios, what the templates show; leaves out what they do not. */
function decorated(
  feature: JsonFeature,
  outcomes: ReadonlyMap<string, ScenarioOutcome>,
  { id, requirements }: { readonly id: string; readonly requirements: readonly Requirement[] },
): DecoratedFeature {
  const found = feature.elements.flatMap((element) => {
    const outcome = outcomes.get(element.pickleId);
    return outcome === undefined ? [] : [{ element, outcome }];
  });
  // With --parallel scenarios end in any order; a reader expects that of the feature.
  found.sort((one, other) => one.outcome.line - other.outcome.line);
  return {
    ...feature,
    view: {
      id,
      name: name(feature.name),
      description: prose(found[0]?.outcome.feature.description ?? ''),
      uri: name(feature.uri),
      tally: tallyOf(found.map(({ outcome }) => outcome)),
    },
    elements: found.map(({ element, outcome }) => ({
      ...element,
      steps: counted(element.steps),
      view: scenarioView(outcome, requirements),
    })),
  };
}

/** The reporter counts no hidden step, and with it would miss a scenario that only its After hook failed. */
function counted(steps: JsonScenario['steps']): JsonScenario['steps'] {
  return steps.map(({ keyword, name: text, result, hidden }) => ({
    keyword: keyword ?? '',
    name: text ?? '',
    result: { status: result.status, duration: result.duration },
    hidden: hidden === true && result.status === 'passed',
  }));
}
