import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Envelope, TestStepResultStatus } from '@cucumber/messages';

/** The pages and lists that a run leaves beside its messages. */
const REPORTS = [
  'index.html',
  'conformance.html',
  'cucumber.html',
  'conformance.json',
  'cucumber.json',
  'junit.xml',
  'rerun.txt',
] as const;

interface Conformance {
  readonly verdict: string;
  readonly requirements: readonly {
    readonly result: string;
    readonly scenarios: readonly { readonly location: string; readonly status: string }[];
  }[];
}

type CucumberJson = readonly {
  readonly elements: readonly {
    readonly steps: readonly { readonly result: { readonly status: string } }[];
  }[];
}[];

/**
 * Returns what is wrong with the reports in a folder: one that is missing, cannot be read, or claims more
 * than the messages beside it tell. Their messages are counted here by themselves, not read as the reports
 * were.
 * @param exitCode of the run
 */
export function wrongClaims(
  folder: string,
  envelopes: readonly Envelope[],
  exitCode: number,
): readonly string[] {
  const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
  if (!existsSync(path.join(folder, 'messages.ndjson'))) return exitCode === 0 ? ['exit code 0'] : [];
  const missing = REPORTS.filter((name) => !existsSync(path.join(folder, name)));
  if (missing.length > 0) return missing.map((name) => `${name} is missing`);
  const problems: string[] = [];
  const expectThat = (holds: boolean, problem: string): void => {
    if (!holds) problems.push(problem);
  };
  try {
    const passed = passedIn(envelopes);
    const junit = read('junit.xml');
    const index = read('index.html');
    const conformance = JSON.parse(read('conformance.json')) as Conformance;
    const classic = JSON.parse(read('cucumber.json')) as CucumberJson;
    for (const page of ['index.html', 'conformance.html', 'cucumber.html']) {
      expectThat(/<\/html>\s*$/.test(read(page)), `${page} has no end`);
    }
    expectThat(/^<\?xml [\s\S]*<\/testsuite>\n$/.test(junit), 'junit.xml has no end');
    const claims = {
      'junit.xml': junit.match(/<testcase[^>]*\/>/g)?.length ?? 0,
      'index.html': index.match(/data-status="passed"/g)?.length ?? 0,
      'conformance.json': new Set(
        conformance.requirements.flatMap(({ scenarios }) =>
          scenarios.filter(({ status }) => status === 'passed').map(({ location }) => location),
        ),
      ).size,
      'cucumber.json': classic
        .flatMap(({ elements }) => elements)
        .filter(({ steps }) => steps.every(({ result }) => result.status === 'passed')).length,
    };
    for (const [name, number] of Object.entries(claims)) {
      expectThat(number <= passed, `${name} has ${number} that passed, of ${passed}`);
    }
    if (isWhole(envelopes)) return problems;
    expectThat(exitCode !== 0, 'exit code 0 of a run without its end');
    expectThat(/^(not judged|does not conform)/.test(conformance.verdict), `verdict ${conformance.verdict}`);
    expectThat(!/<p class="verdict passed">/.test(index), 'index.html is green');
    expectThat(/ (failures|errors)="[1-9]/.test(junit), 'junit.xml is green');
    expectThat(read('rerun.txt') !== '\n', 'rerun.txt says that nothing is left');
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
  return problems;
}

/** True where the run came to its end by itself and every scenario of it did. */
function isWhole(envelopes: readonly Envelope[]): boolean {
  const end = envelopes.find(({ testRunFinished }) => testRunFinished !== undefined)?.testRunFinished;
  const ended = envelopes.filter(({ testCaseFinished }) => testCaseFinished !== undefined).length;
  const planned = envelopes.filter(({ testCase }) => testCase !== undefined).length;
  return end !== undefined && end.message === undefined && ended === planned;
}

/** The number of scenarios that came to their end, with every step passed. */
function passedIn(envelopes: readonly Envelope[]): number {
  const stained = new Set<string>();
  let passed = 0;
  for (const { testStepFinished, testCaseFinished } of envelopes) {
    if (testStepFinished && testStepFinished.testStepResult.status !== TestStepResultStatus.PASSED) {
      stained.add(testStepFinished.testCaseStartedId);
    }
    if (testCaseFinished && !stained.has(testCaseFinished.testCaseStartedId)) passed += 1;
  }
  return passed;
}
