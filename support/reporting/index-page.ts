import { conformanceOf } from './conformance';
import { linksBeside } from './page-links';
import { renderReport } from './render-report';
import { headView, name, prose, type ScenarioView, scenarioView } from './report-view';
import { readRequirements } from './requirements';
import { runDescription } from './run-description';
import type { RunResult } from './run-result';
import { type Tally, tallyOf, verdictOf } from './run-tally';
import { anchorOf, type OutcomeStatus, type ScenarioOutcome } from './scenario-outcome';

/**
 * `reports/index.html`: the result of a run as cucumber-html-reporter makes a page of it with the templates
 * beside this file. The page is one file, works offline, and escapes everything.
 */
export function indexPage(result: RunResult): string {
  const outcomes = result.scenarios();
  const conclusion = result.conclusion();
  const requirements = readRequirements();
  const byFeature = new Map<string, ScenarioOutcome[]>();
  for (const outcome of outcomes) {
    const { uri } = outcome.feature;
    byFeature.set(uri, [...(byFeature.get(uri) ?? []), outcome]);
  }
  const features = [...byFeature.values()].map((scenarios) =>
    featureOf(scenarios, (outcome) => scenarioView(outcome, requirements)),
  );
  const { verdict } = conformanceOf(requirements, outcomes, conclusion);
  const extra = {
    durationMs: result.durationMs,
    runProblems: result.suiteErrors(),
    conformance: verdict,
    conclusion,
    held: result.knownThatHold(),
    links: linksBeside('index.html'),
  };
  const views = features.flatMap(({ elements }) => elements.map(({ view }) => view));
  return renderReport(features, headView(runDescription(), outcomes, views, extra));
}

/** A feature as the reporter reads Cucumber's JSON, with what the templates show as members of its own. */
interface ReportedFeature {
  readonly keyword: 'Feature';
  readonly name: string;
  readonly id: string;
  readonly uri: string;
  readonly view: {
    readonly id: string;
    readonly name: string;
    readonly description: string;
    readonly uri: string;
    readonly status: OutcomeStatus;
    readonly tally: Tally;
  };
  readonly elements: readonly {
    readonly type: 'scenario';
    readonly keyword: 'Scenario';
    readonly name: string;
    readonly id: string;
    readonly tags: readonly never[];
    readonly steps: readonly ReportedStep[];
    readonly view: ScenarioView;
  }[];
}

interface ReportedStep {
  readonly keyword: string;
  readonly name: string;
  readonly result: { readonly status: 'passed' | 'failed' | 'skipped'; readonly duration: number };
}

const STATUSES: Readonly<Record<OutcomeStatus, ReportedStep['result']['status']>> = {
  passed: 'passed',
  failed: 'failed',
  known: 'failed',
  skipped: 'skipped',
  error: 'skipped',
  'not-run': 'skipped',
};

function featureOf(
  scenarios: readonly ScenarioOutcome[],
  viewOf: (outcome: ScenarioOutcome) => ScenarioView,
): ReportedFeature {
  const { name: title = '', description = '', uri = '' } = scenarios[0]?.feature ?? {};
  const id = anchorOf({ location: uri });
  const tally = tallyOf(scenarios);
  return {
    keyword: 'Feature',
    name: title,
    id,
    uri,
    view: {
      id,
      name: name(title),
      description: prose(description),
      uri: name(uri),
      status: verdictOf(tally),
      tally,
    },
    elements: scenarios.map((outcome) => ({
      type: 'scenario',
      keyword: 'Scenario',
      name: outcome.name,
      id: outcome.location,
      tags: [],
      steps: outcome.steps.map(({ keyword, text, status, durationMs }) => ({
        keyword,
        name: text,
        result: { status: STATUSES[status], duration: durationMs * 1e6 },
      })),
      view: viewOf(outcome),
    })),
  };
}
