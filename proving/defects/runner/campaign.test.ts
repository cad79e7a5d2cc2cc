import { describe, it } from 'node:test';
import { expect } from 'chai';
import type { Defect } from '../defect';
import { tryDefects, tryVariations } from './campaign';
import type { ScenarioResult, TrialOrder, TrialResult } from './trial';

const defect: Defect = { name: 'no-retry', sentence: 'gives up', requirement: 'RES-1', replacements: {} };
const options = {
  full: false,
  features: ['features/a.feature', 'features/b.feature'],
  featuresOf: () => ['features/a.feature'],
  killerOf: () => undefined,
  tell: () => undefined,
};

describe('tryDefects', () => {
  it('tries the scenarios of the requirement alone, as long as one fails', async () => {
    const benches = new ScriptedBenches(({ alteration }) => (alteration === undefined ? 'passed' : 'failed'));
    const [judgement] = await tryDefects([defect], benches, options);
    expect(judgement?.verdict).to.equal('killed');
    expect(
      benches.orders.map(({ alteration, tags, failFast }) => ({ alteration, tags, failFast })),
    ).to.deep.equal([
      { alteration: 'no-retry', tags: '@RES-1', failFast: true },
      { alteration: undefined, tags: '', failFast: false },
    ]);
  });

  it('tries first the scenario that killed the defect before', async () => {
    const benches = new ScriptedBenches(({ alteration }) => (alteration === undefined ? 'passed' : 'failed'));
    const killer = { feature: 'features/a.feature', scenario: 'it is tried again' };
    const [judgement] = await tryDefects([defect], benches, { ...options, killerOf: () => killer });
    expect(judgement?.verdict).to.equal('killed');
    expect(benches.orders.length).to.equal(2);
    expect(benches.orders[0]).to.deep.include({
      scenario: killer.scenario,
      paths: [killer.feature],
      tags: '@RES-1',
    });
  });

  it('begins with what takes long', async () => {
    const benches = new ScriptedBenches(({ alteration }) => (alteration === undefined ? 'passed' : 'failed'));
    const killer = { feature: 'features/a.feature', scenario: 'it is tried again' };
    await tryDefects([defect, { ...defect, name: 'endless-retry' }], benches, {
      ...options,
      killerOf: (name) => ({ ...killer, slow: name === 'endless-retry' }),
    });
    expect(benches.orders.map(({ alteration }) => alteration).slice(0, 2)).to.deep.equal([
      'endless-retry',
      'no-retry',
    ]);
  });

  it('goes on to all scenarios of the requirement where that one holds by now', async () => {
    const benches = new ScriptedBenches(({ alteration, scenario }) =>
      alteration === undefined || scenario !== undefined ? 'passed' : 'failed',
    );
    const killer = { feature: 'features/a.feature', scenario: 'it is tried again' };
    const [judgement] = await tryDefects([defect], benches, { ...options, killerOf: () => killer });
    expect(judgement?.verdict).to.equal('killed');
    expect(benches.orders.map(({ scenario }) => scenario)).to.deep.equal([
      killer.scenario,
      undefined,
      undefined,
    ]);
  });

  it('makes sure that what turned red is green without the defect', async () => {
    const benches = new ScriptedBenches(() => 'failed');
    const [judgement] = await tryDefects([defect], benches, options);
    expect(judgement?.verdict).to.equal('not applied');
    expect(benches.orders.at(-1)?.paths).to.deep.equal(['features/a.feature:11']);
  });

  it('tries all other scenarios on a defect that survives those of its requirement', async () => {
    const benches = new ScriptedBenches(() => 'passed');
    const [judgement] = await tryDefects([defect], benches, options);
    expect(judgement?.verdict).to.equal('survived');
    expect(benches.orders.map(({ tags, paths }) => ({ tags, paths }))).to.deep.equal([
      { tags: '@RES-1', paths: ['features/a.feature'] },
      { tags: 'not @RES-1', paths: ['features/a.feature', 'features/b.feature'] },
    ]);
  });

  it('goes over the wire where all scenarios of the requirement want a process', async () => {
    const benches = new ScriptedBenches(({ mode, alteration }) =>
      mode === 'embedded' ? 'skipped' : alteration === undefined ? 'passed' : 'failed',
    );
    const [judgement] = await tryDefects([defect], benches, options);
    expect(judgement?.verdict).to.equal('killed');
    expect(benches.orders.map(({ mode }) => mode)).to.deep.equal(['embedded', 'wire', 'wire']);
  });

  it('goes over the wire at once where the defect wants it', async () => {
    const benches = new ScriptedBenches(({ alteration }) => (alteration === undefined ? 'passed' : 'failed'));
    await tryDefects([{ ...defect, needsProcess: true }], benches, options);
    expect(benches.orders.map(({ mode }) => mode)).to.deep.equal(['wire', 'wire']);
  });

  it('runs everything when asked to, and only the features that were named', async () => {
    const benches = new ScriptedBenches(() => 'failed');
    await tryDefects([defect], benches, { ...options, full: true, features: ['features/b.feature'] });
    const [order] = benches.orders;
    expect(order).to.deep.include({ tags: '', failFast: false, paths: ['features/b.feature'] });
  });

  it('tells of each defect as it was tried', async () => {
    const told: string[] = [];
    const benches = new ScriptedBenches(({ alteration }) => (alteration === undefined ? 'passed' : 'failed'));
    await tryDefects([defect], benches, { ...options, tell: ({ verdict }) => told.push(verdict) });
    expect(told).to.deep.equal(['killed']);
  });
});

describe('tryVariations', () => {
  it('runs every scenario to its end', async () => {
    const benches = new ScriptedBenches(() => 'passed');
    const [judgement] = await tryVariations([defect], benches, options);
    expect(judgement?.verdict).to.equal('held');
    expect(benches.orders).to.deep.equal([
      { alteration: 'no-retry', mode: 'embedded', paths: options.features, tags: '', failFast: false },
    ]);
  });
});

/** Benches on which the one scenario of RES-1 ends as a function of the order says. */
class ScriptedBenches {
  readonly orders: TrialOrder[] = [];

  constructor(private readonly statusOf: (order: TrialOrder) => ScenarioResult['status']) {}

  async run(order: TrialOrder): Promise<TrialResult> {
    this.orders.push(order);
    const status = this.statusOf(order);
    const scenario = {
      uri: 'features/a.feature',
      line: 11,
      name: 'it is tried again',
      tags: ['RES-1'],
      broke: status === 'failed' ? ['RES-1'] : [],
      status,
      words: '',
    };
    return { scenarios: [scenario], exitCode: status === 'failed' ? 1 : 0, reached: true, seconds: 1 };
  }
}
