import { safeText } from '../bytes/safe-text';
import { runDescription } from './run-description';
import type { RunResult } from './run-result';
import { type ScenarioOutcome, titleOf } from './scenario-outcome';

const NAME_LIMIT = 500;
const WORDS_LIMIT = 20_000;

/** One test case, and what became of it. */
interface TestCase {
  readonly classname: string;
  readonly name: string;
  readonly seconds: number;
  readonly problem?: { readonly kind: 'failure' | 'error' | 'skipped'; readonly words: string };
}

/** The result of a run in JUnit's format. */
export function junitXml(result: Pick<RunResult, 'scenarios' | 'conclusion' | 'durationMs'>): string {
  const scenarios = result.scenarios();
  const conclusion = result.conclusion();
  const didAnyRun = scenarios.some(({ status }) => status !== 'not-run');
  const cases = didAnyRun ? scenarios.map(testCaseOf) : [];
  const hasError = cases.some(({ problem }) => problem?.kind === 'error');
  if (conclusion.end === 'not judged' && !hasError) cases.push(theRun(conclusion.reason));
  const suite = attributes({
    name: runDescription().suite,
    time: (result.durationMs / 1_000).toFixed(3),
    tests: String(cases.length),
    skipped: numberOf(cases, 'skipped'),
    failures: numberOf(cases, 'failure'),
    errors: numberOf(cases, 'error'),
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite${suite}>\n${cases.map(element).join('')}</testsuite>\n`;
}

function theRun(reason: string): TestCase {
  const words = `The vault could not be judged: ${reason}`;
  return {
    classname: runDescription().suite,
    name: 'The run',
    seconds: 0,
    problem: { kind: 'error', words },
  };
}

function testCaseOf(outcome: ScenarioOutcome): TestCase {
  const problem = problemOf(outcome);
  return {
    classname: outcome.feature.name,
    name: outcome.rule === undefined ? titleOf(outcome) : `${outcome.rule.name} - ${titleOf(outcome)}`,
    seconds: outcome.durationMs / 1_000,
    ...(problem === undefined ? {} : { problem }),
  };
}

function problemOf(outcome: ScenarioOutcome): TestCase['problem'] {
  const { status, skippedBecause = 'no reason was given', knownBecause } = outcome;
  if (status === 'failed') return { kind: 'failure', words: wordsOf(outcome) };
  if (status === 'error') return { kind: 'error', words: wordsOf(outcome) };
  if (status === 'known') {
    return { kind: 'skipped', words: `known to fail: ${knownBecause}\n\n${wordsOf(outcome)}` };
  }
  if (status === 'skipped') return { kind: 'skipped', words: `skipped: ${skippedBecause}` };
  return status === 'not-run' ? { kind: 'skipped', words: `not run: ${skippedBecause}` } : undefined;
}

/** The steps that failed, or could not be judged, each with what was seen. */
function wordsOf({ steps, location }: ScenarioOutcome): string {
  const told = steps
    .filter(({ status }) => status === 'failed' || status === 'error')
    .map((step) => {
      const { keyword, text, detail, failure, location: line = location } = step;
      return `${keyword} ${text} (${line})\n${failure?.words ?? `This step is ${detail}.`}`;
    });
  return told.length === 0 ? `No step of ${location} was run.` : told.join('\n\n');
}

function element({ classname, name, seconds, problem }: TestCase): string {
  const head = attributes({ classname, name, time: seconds.toFixed(3) });
  if (problem === undefined) return `  <testcase${head}/>\n`;
  const message = attributes({ message: problem.words.split('\n', 1)[0] ?? '' });
  const words = escaped(safeText(problem.words, { limit: WORDS_LIMIT, multiLine: true }));
  return `  <testcase${head}>\n    <${problem.kind}${message}>${words}</${problem.kind}>\n  </testcase>\n`;
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([key, value]) => ` ${key}="${escaped(safeText(value, { limit: NAME_LIMIT }))}"`)
    .join('');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function numberOf(cases: readonly TestCase[], kind: NonNullable<TestCase['problem']>['kind']): string {
  return String(cases.filter(({ problem }) => problem?.kind === kind).length);
}
