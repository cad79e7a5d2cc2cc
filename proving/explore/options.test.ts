import { describe, it } from 'node:test';
import { expect } from 'chai';
import { SuiteError } from '../../support/bytes/errors';
import { readExploreOptions, readFuzzOptions, readRecallOptions } from './options';

const explore = (line: string) => readExploreOptions(line.split(' ').filter((word) => word !== ''));
const recall = (line: string) => readRecallOptions(line.split(' ').filter((word) => word !== ''));
const fuzz = (line: string) => readFuzzOptions(line.split(' ').filter((word) => word !== ''));

describe('readExploreOptions', () => {
  it('reads everything there is', () => {
    expect(
      explore(
        '--runs 5000 --seed 42 --duration 600 --workers 3 --concurrency 4 --vaults 2 --wire --kill --only waits,floods --coverage --replay kept',
      ),
    ).to.deep.equal({
      mode: 'wire',
      runs: 5000,
      seed: 42,
      durationSeconds: 600,
      workers: 3,
      concurrency: 4,
      kill: true,
      vaults: 2,
      only: ['waits', 'floods'],
      hasMinutes: true,
      coverage: true,
      replay: 'kept',
    });
  });

  it('draws a seed, and goes on until the time is over where only that is given', () => {
    const { seed, runs, mode } = explore('');
    expect(seed).to.be.within(0, 2 ** 31 - 1);
    expect({ runs, mode }).to.deep.equal({ runs: 200, mode: 'embedded' });
    expect(explore('--duration 60').runs).to.be.above(1e9);
  });

  it('goes over the wire to kill, for what runs inside the suite cannot be killed', () => {
    expect(explore('--kill').mode).to.equal('wire');
  });

  it('refuses what it does not understand, in one sentence that says what there is', () => {
    for (const line of [
      '--runs many',
      '--runs 0',
      '--seed -1',
      '--concurrency 1.5',
      '--vaults 0',
      '--duration 1e3',
      '--fast',
      'now',
    ]) {
      expect(() => explore(line), line).to.throw(/^[^\n]*\. Options: [^\n]*$/);
    }
  });
});

describe('readFuzzOptions', () => {
  it('reads everything there is', () => {
    expect(fuzz('--runs 100000 --seed 7')).to.deep.equal({
      mode: 'embedded',
      runs: 100_000,
      seed: 7,
      path: undefined,
    });
    expect(fuzz('--seed 7 --path 12:0:3').path).to.equal('12:0:3');
  });

  it('refuses what is explore’s alone, and a path that is none', () => {
    for (const line of ['--kill', '--path 1', '--seed 1 --path one']) {
      expect(() => fuzz(line), line).to.throw(/^[^\n]*\. Options: --runs[^\n]*$/);
    }
  });
});

describe('readRecallOptions', () => {
  it('draws forty defects, each for half a minute, where nothing else is said', () => {
    const { explore: how, defects, only } = recall('--seed 7 --workers 2');
    expect({ defects, only }).to.deep.equal({ defects: 40, only: undefined });
    expect(how).to.include({ seed: 7, durationSeconds: 30, workers: 2, mode: 'embedded', hasMinutes: true });
  });

  it('takes right vaults, or vaults by their names, in their stead', () => {
    expect(recall('--variations --duration 600')).to.include({ defects: 0 });
    expect(recall('--only a,b').only).to.deep.equal(['a', 'b']);
  });

  it('says what there is where it does not understand', () => {
    for (const line of ['--defects 0', '--variations --only a', '--duration soon', '--wire', 'all'])
      expect(() => recall(line), line).to.throw(SuiteError, /Options: --defects number/);
  });
});
