import { describe, it } from 'node:test';
import { expect } from 'chai';
import { SuiteError } from '../bytes/errors';
import { PLAIN_ROUND, type Round } from './program';
import type { Outcome } from './run-round';
import { shortened } from './shortened';

const programOf = (kinds: string) => [...kinds].map((kind) => ({ kind, drawn: undefined }));
const roundOf = (...programs: readonly string[]): Round => ({
  ...PLAIN_ROUND,
  programs: programs.map(programOf),
});
const kindsOf = ({ programs }: Round) => programs.map((steps) => steps.map(({ kind }) => kind).join(''));
const outcomeWith = (...findings: readonly string[]): Outcome => ({
  lines: [],
  findings,
  broken: { own: false, found: [] },
  lastWords: [],
});

describe('shortened', () => {
  const tries: string[] = [];
  const runs =
    (isBroken: (kinds: readonly string[]) => boolean) =>
    async (round: Round): Promise<Outcome> => {
      tries.push(kindsOf(round).join(' '));
      return isBroken(kindsOf(round)) ? outcomeWith('broken') : outcomeWith();
    };
  const failed = (...programs: readonly string[]) => ({
    round: roundOf(...programs),
    outcome: outcomeWith('broken'),
  });

  it('finds the one program that breaks a promise, and the steps that it takes', async () => {
    const run = runs((all) => all.length === 1 && /b.*d/.test(all[0] ?? ''));
    const { round, outcome } = await shortened(failed('oxyz', 'oabcdefg'), run, () => false);
    expect(kindsOf(round)).to.deep.equal(['obd']);
    expect(outcome.findings).to.deep.equal(['broken']);
  });

  it('leaves a race as it was', async () => {
    const { round } = await shortened(
      failed('oa', 'ob'),
      runs((all) => all.length === 2),
      () => false,
    );
    expect(kindsOf(round)).to.deep.equal(['oa', 'ob']);
  });

  it('leaves out what is unusual, where the promise is broken without', async () => {
    const { listing, ...others } = PLAIN_ROUND;
    const unusual = { ...others, ...roundOf('oa'), listing: { ...listing, pageLogs: 7 }, vaults: 2 };
    const { round } = await shortened(
      { round: unusual, outcome: outcomeWith('broken') },
      async ({ vaults }) => outcomeWith(...(vaults === 2 ? ['broken'] : [])),
      () => false,
    );
    expect(round).to.deep.equal({ ...roundOf('o'), vaults: 2 });
  });

  it('stops in time, and at nothing that the suite itself fails at', async () => {
    tries.length = 0;
    let left = 3;
    await shortened(
      failed('oabcdefg'),
      runs(() => false),
      () => left-- <= 0,
    );
    expect(tries).to.have.length(3);
    const broken = await shortened(
      failed('oab'),
      () => Promise.reject(new SuiteError('no store')),
      () => false,
    );
    expect(kindsOf(broken.round)).to.deep.equal(['oab']);
  });
});
