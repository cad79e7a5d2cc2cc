import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Program, rounds } from './program';
import { STEP_KINDS } from './step-kinds';

/** What a run of five minutes does not draw, it does not find: it has some 300 programs. */
const DRAWN = 3_000;
const SEED = 14;

/** In per cent of programs. */
const LEAST = { kind: 4, costlyKind: 3, value: 2, costlyValue: 1 };

/** Every call is waited for until it is answered. */
const COSTLY_KINDS = ['outages'];

/** Values that cost a program seconds. */
const COSTLY = [
  /^offers: a payload of a MiB$/,
  /^floods: more than 1,000 logs$/,
  /^histories: of 100 jobs and more$/,
  /Faults: (a silence|every call)$/,
  /^(stops|standstills|outages):/,
];

const programs = fc
  .sample(rounds({ concurrency: 1, kill: true, vaults: undefined, only: undefined, hasMinutes: true }), {
    seed: SEED,
    numRuns: DRAWN,
  })
  .flatMap(({ programs: [program = []] }) => [program]);

const sharesOf = (namesIn: (program: Program) => readonly string[]): ReadonlyMap<string, number> => {
  const shares = new Map<string, number>();
  for (const program of programs) {
    for (const name of new Set(namesIn(program))) shares.set(name, (shares.get(name) ?? 0) + 100 / DRAWN);
  }
  return shares;
};

const tooRare = (
  names: readonly string[],
  shares: ReadonlyMap<string, number>,
  least: (name: string) => number,
): readonly string[] =>
  names
    .filter((name) => (shares.get(name) ?? 0) < least(name))
    .map((name) => `${name} (${(shares.get(name) ?? 0).toFixed(1)} %)`);

describe('the programs of a run', () => {
  it(`have each kind of step in ${LEAST.kind} % of them`, () => {
    const shares = sharesOf((program) => program.map(({ kind }) => kind));
    const least = (kind: string): number => (COSTLY_KINDS.includes(kind) ? LEAST.costlyKind : LEAST.kind);
    expect(tooRare(Object.keys(STEP_KINDS), shares, least)).to.deep.equal([]);
  });

  it(`meet each value of interest in ${LEAST.value} % of them, in ${LEAST.costlyValue} % where it costs seconds`, () => {
    const shares = sharesOf((program) =>
      program.flatMap(({ kind, drawn }) =>
        (STEP_KINDS[kind]?.steps.interestingIn(drawn) ?? []).map((value) => `${kind}: ${value}`),
      ),
    );
    const values = Object.entries(STEP_KINDS).flatMap(([kind, { steps }]) =>
      steps.interesting.map((value) => `${kind}: ${value}`),
    );
    const isCostly = (name: string): boolean => COSTLY.some((costly) => costly.test(name));
    const least = (name: string): number => (isCostly(name) ? LEAST.costlyValue : LEAST.value);
    expect(tooRare(values, shares, least)).to.deep.equal([]);
  });
});
