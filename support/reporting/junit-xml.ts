import { safeText } from '../bytes/safe-text';
import type { KnownFailure } from './known-failures';
import { reasonOf } from './reasons';
import { runDescription } from './run-description';
import type { RunResult } from './run-result';
import { retriedText, type ScenarioOutcome, titleOf } from './scenario-outcome';

const NAME_LIMIT = 500;
const WORDS_LIMIT = 20_000;

/** One test case, and what became of it. */
interface TestCase {
  readonly classname: string;
  readonly name: string;
  readonly seconds: number;
  readonly problem?: Problem;
  /** A remark on a scenario that passed. */
  readonly remark?: string;
}

interface Problem {
  readonly kind: 'failure' | 'error' | 'skipped';
  /** The line that CI servers show in a list. */
  readonly message: string;
  readonly words: string;
}

/** The result of a run in JUnit's format. */
export function junitXml(result: Pick<RunResult, 'scenarios' | 'conclusion' | 'durationMs'>): string {
  const scenarios = result.scenarios();
  const conclusion = result.conclusion();
  const didAnyRun = scenarios.some(({ status }) => status !== 'not-run');
  const cases = didAnyRun ? scenarios.map(testCaseOf) : [];
  const hasError = cases.some(({ problem }) => problem?.kind === 'error');
  if (conclusion.end === 'not judged' && !hasError) cases.push(theRun(conclusion.reason));
  if (conclusion.end === 'broken') cases.push(...(conclusion.knownThatHold ?? []).map(heldCase));
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
  const message = `The vault could not be judged: ${reason}`;
  return {
    classname: runDescription().suite,
    name: 'The run',
    seconds: 0,
    problem: problem('error', message),
  };
}

/** What is known to fail and held fails the run: a CI server shows no more than its test cases. */
function heldCase({ about, reason }: KnownFailure): TestCase {
  const words = `It held, and was known to fail (${reason}): take it off the list of known failures.`;
  return {
    classname: runDescription().suite,
    name: `Known failure: ${about}`,
    seconds: 0,
    problem: problem('failure', words),
  };
}

function testCaseOf(outcome: ScenarioOutcome): TestCase {
  const problem = problemOf(outcome);
  const remark = retriedText(outcome);
  return {
    classname: outcome.feature.name,
    name: outcome.rule === undefined ? titleOf(outcome) : `${outcome.rule.name} - ${titleOf(outcome)}`,
    seconds: outcome.durationMs / 1_000,
    ...(problem === undefined ? {} : { problem }),
    ...(remark === undefined ? {} : { remark }),
  };
}

function problemOf(outcome: ScenarioOutcome): Problem | undefined {
  const { status, skippedBecause = 'no reason was given', knownBecause } = outcome;
  const reason = reasonOf(outcome) || `No step of ${outcome.location} was run.`;
  if (status === 'failed') return problem('failure', reason, wordsOf(outcome));
  if (status === 'error') return problem('error', reason, wordsOf(outcome));
  if (status === 'known') {
    const why = `known to fail: ${knownBecause}`;
    return problem('skipped', why, `${why}\n\n${wordsOf(outcome)}`);
  }
  if (status === 'skipped') return problem('skipped', `skipped: ${skippedBecause}`);
  return status === 'not-run' ? problem('skipped', `not run: ${skippedBecause}`) : undefined;
}

function problem(kind: Problem['kind'], message: string, words = message): Problem {
  return { kind, message, words };
}

/** The steps that failed, or could not be judged, each with what was seen. */
function wordsOf({ steps, location }: ScenarioOutcome): string {
  const told = steps
    .filter(({ status }) => status === 'failed' || status === 'error')
    .map((step) => {
      const { keyword, text, detail, failure, location: line = location } = step;
      return `${keyword} ${text} (${line})\n${failure?.words ?? `This step is ${detail}.`}`;
    });
  return told.join('\n\n');
}

function element({ classname, name, seconds, problem, remark }: TestCase): string {
  const head = attributes({ classname, name, time: seconds.toFixed(3) });
  if (remark !== undefined) {
    return `  <testcase${head}>\n    <system-out>${escaped(remark)}</system-out>\n  </testcase>\n`;
  }
  if (problem === undefined) return `  <testcase${head}/>\n`;
  const type = /^skipped: (not claimed|not judged):/.exec(problem.message)?.[1];
  const message = attributes({ message: problem.message, ...(type === undefined ? {} : { type }) });
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

function numberOf(cases: readonly TestCase[], kind: Problem['kind']): string {
  return String(cases.filter(({ problem }) => problem?.kind === kind).length);
}
