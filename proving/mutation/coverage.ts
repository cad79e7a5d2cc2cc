import type { CoverageData, MutantCoverage } from '@stryker-mutator/api/core';

/** The mutants that the run without one met: their ids, and how often each was met. */
export interface Hits {
  /** While the vault's modules were loaded. */
  readonly atLoad: CoverageData;
  /** In no scenario: while a vault started or stopped, or worked between two scenarios. */
  readonly between: CoverageData;
  /** By scenario. */
  readonly perTest: MutantCoverage['perTest'];
}

/** By source file: the scenarios that run any of its code. */
export type TestsByFile = Readonly<Record<string, readonly string[]>>;

/** @param fileOf the source file of a mutant */
export function testsByFile(
  { perTest }: Pick<Hits, 'perTest'>,
  fileOf: ReadonlyMap<string, string>,
): TestsByFile {
  const tests: Record<string, Set<string>> = {};
  for (const [test, hits] of Object.entries(perTest)) {
    for (const mutant of Object.keys(hits)) {
      const file = fileOf.get(mutant);
      if (file !== undefined) tests[file] = (tests[file] ?? new Set()).add(test);
    }
  }
  return Object.fromEntries(Object.entries(tests).map(([file, those]) => [file, [...those]]));
}

/**
 * Says which scenarios are to be run for which mutant. The vault that a mutant runs in is always a new one,
 * so what it does between scenarios is no reason to load its modules anew: a mutant that is met only there is
 * tried by the scenarios of its file.
 */
export function coverageOf(hits: Hits, fileOf: ReadonlyMap<string, string>): MutantCoverage {
  const tests = testsByFile(hits, fileOf);
  const perTest = Object.fromEntries(
    Object.entries(hits.perTest).map(([test, those]): [string, CoverageData] => [test, { ...those }]),
  );
  const metInTests = new Set(Object.values(hits.perTest).flatMap((those) => Object.keys(those)));
  for (const [mutant, count] of Object.entries(hits.between)) {
    if (metInTests.has(mutant) || mutant in hits.atLoad) continue;
    for (const test of tests[fileOf.get(mutant) ?? ''] ?? Object.keys(perTest)) {
      perTest[test] = { ...perTest[test], [mutant]: count };
    }
  }
  return { static: { ...hits.atLoad }, perTest };
}

/** The ids of the mutants that Stryker wrote into a source text. */
export function mutantsIn(instrumented: string): string[] {
  const ids = [...instrumented.matchAll(/stryMutAct_\w+\("(\d+)"\)/g)].map(([, id]) => id ?? '');
  return [...new Set(ids)];
}
