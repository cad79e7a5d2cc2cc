import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Envelope } from '@cucumber/messages';
import {
  INSTRUMENTER_CONSTANTS,
  type InstrumenterContext,
  type MutantCoverage,
} from '@stryker-mutator/api/core';
import {
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import type { Bench } from '../defects/runner/bench';
import type { ScenarioResult, TrialResult } from '../defects/runner/trial';
import { coverageOf, type Hits, mutantsIn, type TestsByFile, testsByFile } from './coverage';
import { ScenarioClock } from './scenario-clock';
import { surroundings } from './surroundings';
import { type FirstFailure, TrialWatch } from './trial-watch';

const VAULT = 'reference-vault';
/** The module to be loaded anew, so that a new vault is made of newly loaded modules. */
const COMPOSITION = 'support/environments/embedded.ts';
/** In Stryker's copy of the repository, for every test runner there. */
const TESTS_BY_FILE = 'tests-by-file.json';
/** So many scenarios that killed other mutants of the file are tried before the rest. */
const LIKELY_KILLERS = 8;

/**
 * No step waits as long as the first; nothing that ends at all takes as long as the second to be cleared
 * away.
 */
const SILENCE = { beforeFailureMs: 60_000, afterFailureMs: 15_000 };
const RESULT_TRAVELS_MS = 200;

/**
 * Runs scenarios on the reference vault with a mutant in it, as Stryker wants it: in this process, on a bench
 * as defects are tried on. The vault is composed anew for every mutant, under that mutant, so one that only
 * matters while a vault starts is tried as well.
 */
export class ScenarioTestRunner implements TestRunner {
  readonly #killers = new Map<string, string[]>();
  #bench: Bench | undefined;
  #crash: unknown;

  capabilities(): { readonly reloadEnvironment: boolean } {
    return { reloadEnvironment: true };
  }

  /** Stryker has made its copy of the repository the working directory; the suite is taken from there. */
  async init(): Promise<void> {
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
    const noteCrash = (error: unknown): void => {
      this.#crash ??= error ?? new Error('a rejection without a reason');
    };
    process.on('unhandledRejection', noteCrash);
    process.on('uncaughtException', noteCrash);
    const { Bench } = require(
      path.resolve('proving/defects/runner/bench.ts'),
    ) as typeof import('../defects/runner/bench');
    this.#bench = await Bench.open(surroundings());
  }

  async dryRun(): Promise<DryRunResult> {
    const atLoad = coverageOfLoading();
    const clock = new ScenarioClock((place) => setCurrentTest(place));
    const { scenarios, exitCode } = await this.#run([], false, (envelope) => clock.hear(envelope));
    const coverage = context().mutantCoverage ?? { static: {}, perTest: {} };
    const hits: Hits = { atLoad, between: coverage.static, perTest: coverage.perTest };
    const fileOf = filesOfMutants();
    writeFileSync(TESTS_BY_FILE, JSON.stringify(testsByFile(hits, fileOf)));
    if (exitCode === 2) {
      return {
        status: DryRunStatus.Error,
        errorMessage: 'without a mutant the suite could not judge the vault',
      };
    }
    const tests = scenarios.map((scenario) => testResult(scenario, clock));
    return { status: DryRunStatus.Complete, tests, mutantCoverage: coverageOf(hits, fileOf) };
  }

  async mutantRun({
    activeMutant,
    testFilter,
    hitLimit,
    sandboxFileName,
    reloadEnvironment,
  }: MutantRunOptions): Promise<MutantRunResult> {
    const stryker = context();
    Object.assign(stryker, {
      activeMutant: activeMutant.id,
      hitLimit,
      hitCount: hitLimit === undefined ? undefined : 0,
    });
    if (reloadEnvironment) forgetVault();
    this.#crash = undefined;
    const file = path.relative(process.cwd(), sandboxFileName);
    const scenarios = testFilter ?? testsOf(file);
    let tried = 0;
    for (const some of this.#inOrder(file, scenarios)) {
      const watch = new TrialWatch(SILENCE);
      const trial = await Promise.race([
        this.#run(some, true, (envelope) => {
          watch.hear(envelope);
          loseInterest(envelope);
        }),
        watch.hung,
      ]);
      watch.end();
      if (trial === 'hung') return this.#retire(file, watch.firstFailure);
      const tests = trial.scenarios.map((scenario) => testResult(scenario));
      const hung = determineHitLimitReached(stryker.hitCount, stryker.hitLimit);
      if (hung !== undefined) return toMutantRunResult(hung);
      const result = toMutantRunResult({ status: DryRunStatus.Complete, tests }, false);
      if (result.status === MutantRunStatus.Killed) {
        this.#noteKiller(file, result.killedBy[0] ?? '');
        return { ...result, nrOfTests: tried + result.nrOfTests };
      }
      const amiss = this.#amiss(trial);
      if (amiss !== undefined) {
        return {
          status: MutantRunStatus.Killed,
          killedBy: [tests.at(-1)?.id ?? some[0] ?? ''],
          failureMessage: amiss,
          nrOfTests: tried + 1,
        };
      }
      tried += trial.scenarios.filter(({ status }) => status !== 'skipped').length;
    }
    return { status: MutantRunStatus.Survived, nrOfTests: tried };
  }

  /** A vault that does not end is left to the end of this process, which Stryker replaces by a new one. */
  #retire(file: string, failure: FirstFailure | undefined): MutantRunResult {
    setTimeout(() => process.exit(), RESULT_TRAVELS_MS);
    if (failure === undefined) return { status: MutantRunStatus.Timeout, reason: 'the trial hung' };
    this.#noteKiller(file, failure.place);
    const { place, words } = failure;
    return { status: MutantRunStatus.Killed, killedBy: [place], failureMessage: words, nrOfTests: 1 };
  }

  /** Returns what ends a run of the suite red although no scenario failed. */
  #amiss({ scenarios }: TrialResult): string | undefined {
    if (this.#crash !== undefined) return `the vault crashed: ${String(this.#crash)}`;
    return scenarios.length === 0 ? 'the vault did not start' : undefined;
  }

  async #run(
    paths: readonly string[],
    failFast: boolean,
    hear: (envelope: Envelope) => void,
  ): Promise<TrialResult> {
    if (this.#bench === undefined) throw new Error('the test runner was not initialised');
    return await this.#bench.run({ mode: 'embedded', paths, tags: '', failFast }, hear);
  }

  /** First those that killed the last mutants of the file: most mutants need no others. */
  #inOrder(file: string, scenarios: readonly string[]): (readonly string[])[] {
    const likely = (this.#killers.get(file) ?? []).filter((place) => scenarios.includes(place));
    const first = likely.slice(0, LIKELY_KILLERS);
    const rest = scenarios.filter((place) => !first.includes(place));
    return [first, rest].filter(({ length }) => length > 0);
  }

  #noteKiller(file: string, place: string): void {
    const others = (this.#killers.get(file) ?? []).filter((other) => other !== place);
    this.#killers.set(file, [place, ...others]);
  }
}

/** Once a step has failed the mutant is dead, and nobody waits for what it left of the vault to settle. */
function loseInterest({ testStepFinished }: Envelope): void {
  if (testStepFinished?.testStepResult.status !== 'FAILED') return;
  const { currentEnvironment } = require(
    path.resolve('support/environments/current-environment.ts'),
  ) as typeof import('../../support/environments/current-environment');
  currentEnvironment().patience.lose();
}

function context(): InstrumenterContext {
  const holder = globalThis as unknown as Record<string, InstrumenterContext | undefined>;
  const made = holder[INSTRUMENTER_CONSTANTS.NAMESPACE] ?? {};
  holder[INSTRUMENTER_CONSTANTS.NAMESPACE] = made;
  return made;
}

function setCurrentTest(place: string | undefined): void {
  if (place === undefined) delete context().currentTestId;
  else context().currentTestId = place;
}

/** Loads the vault's modules and says which mutants that met; afterwards none has been met. */
function coverageOfLoading(): Hits['atLoad'] {
  // Never another object: the modules that met a mutant hold on to this one.
  const coverage: MutantCoverage = { static: {}, perTest: {} };
  context().mutantCoverage = coverage;
  forgetVault();
  require(path.resolve(COMPOSITION));
  const atLoad = coverage.static;
  coverage.static = {};
  return atLoad;
}

/** The next vault is made of newly loaded modules. */
function forgetVault(): void {
  const inVault = path.resolve(VAULT) + path.sep;
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(inVault) || file === path.resolve(COMPOSITION)) delete require.cache[file];
  }
}

function filesOfMutants(): ReadonlyMap<string, string> {
  const files = readdirSync(VAULT, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(VAULT, file));
  return new Map(
    files.flatMap((file) => mutantsIn(readFileSync(file, 'utf8')).map((id): [string, string] => [id, file])),
  );
}

/** The scenarios for a mutant that is met while its file is loaded; none says all. */
function testsOf(file: string): readonly string[] {
  const known = JSON.parse(readFileSync(TESTS_BY_FILE, 'utf8')) as TestsByFile;
  return known[file] ?? [...new Set(Object.values(known).flat())];
}

function testResult({ uri, line, name, status, words }: ScenarioResult, clock?: ScenarioClock): TestResult {
  const id = `${uri}:${line}`;
  const test = {
    id,
    name,
    fileName: uri,
    startPosition: { line: line - 1, column: 0 },
    timeSpentMs: clock?.tookMs(id) ?? 0,
  };
  if (status === 'failed' || status === 'unjudged') {
    return { ...test, status: TestStatus.Failed, failureMessage: words };
  }
  return { ...test, status: status === 'passed' ? TestStatus.Success : TestStatus.Skipped };
}
