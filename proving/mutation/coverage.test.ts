import { describe, it } from 'node:test';
import { expect } from 'chai';
import { coverageOf, mutantsIn, testsByFile } from './coverage';

const fileOf = new Map([
  ['0', 'vault.ts'],
  ['1', 'search.ts'],
  ['2', 'search.ts'],
  ['3', 'worker.ts'],
]);

describe('which scenarios are run for which mutant', () => {
  it('are those that met it', () => {
    const perTest = { 'a:1': { 1: 4 }, 'a:9': { 1: 1, 3: 2 } };
    expect(coverageOf({ atLoad: {}, between: {}, perTest }, fileOf)).to.deep.equal({ static: {}, perTest });
  });

  it('are those of its file for one that is met only between scenarios', () => {
    const hits = { atLoad: {}, between: { 2: 7 }, perTest: { 'a:1': { 1: 4 }, 'a:9': { 3: 2 } } };
    expect(coverageOf(hits, fileOf)).to.deep.equal({
      static: {},
      perTest: { 'a:1': { 1: 4, 2: 7 }, 'a:9': { 3: 2 } },
    });
  });

  it('are all when no scenario meets its file', () => {
    const hits = { atLoad: {}, between: { 0: 1 }, perTest: { 'a:1': { 1: 4 }, 'a:9': { 3: 2 } } };
    expect(coverageOf(hits, fileOf).perTest).to.deep.equal({ 'a:1': { 1: 4, 0: 1 }, 'a:9': { 3: 2, 0: 1 } });
  });

  it('pay no heed to what happens between scenarios when a scenario meets it too, or the loading does', () => {
    const hits = { atLoad: { 2: 1 }, between: { 1: 9, 2: 9 }, perTest: { 'a:1': { 1: 4 } } };
    expect(coverageOf(hits, fileOf)).to.deep.equal({ static: { 2: 1 }, perTest: { 'a:1': { 1: 4 } } });
  });

  it('are known by file', () => {
    const perTest = { 'a:1': { 1: 4, 2: 1 }, 'a:9': { 1: 1, 3: 2, 99: 1 } };
    expect(testsByFile({ perTest }, fileOf)).to.deep.equal({
      'search.ts': ['a:1', 'a:9'],
      'worker.ts': ['a:9'],
    });
  });

  it('find the mutants in what Stryker wrote', () => {
    const source =
      'if (stryMutAct_9fa48("12") ? true : stryMutAct_9fa48("7") ? false : (stryCov_9fa48("12", "7"), a)) {}';
    expect(mutantsIn(`${source}\n${source}`)).to.deep.equal(['12', '7']);
  });
});
