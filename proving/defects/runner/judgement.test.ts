import { describe, it } from 'node:test';
import { expect } from 'chai';
import {
  chargedBeside,
  chargesText,
  type DefectJudgement,
  isAmiss,
  judgeDefect,
  judgeVariation,
} from './judgement';
import type { ScenarioResult, TrialResult } from './trial';

const defect = { name: 'no-retry', sentence: 'gives up at once', requirement: 'RES-1' };
const nothing: ReadonlySet<string> = new Set();

describe('judgeDefect', () => {
  it('calls a defect killed when a scenario of its requirement fails', () => {
    const killer = scenario(11, 'failed', ['core', 'RES-1']);
    const { verdict, by, seconds } = judgeDefect(defect, [trial([killer])], nothing);
    expect({ verdict, by, seconds }).to.deep.equal({ verdict: 'killed', by: [killer], seconds: 1.5 });
  });

  it('names of the scenarios that fail only those of its requirement', () => {
    const killer = scenario(11, 'failed', ['RES-1']);
    const other = scenario(20, 'failed', ['RES-2']);
    expect(judgeDefect(defect, [trial([other, killer])], nothing).by).to.deep.equal([killer]);
  });

  it('calls a defect a survivor when all hold, and counts the seconds of all its trials', () => {
    const trials = [
      trial([scenario(11, 'passed', ['RES-1']), scenario(12, 'skipped', ['RES-1'])]),
      trial([scenario(20, 'passed', ['RES-2'])]),
    ];
    const { verdict, why, seconds } = judgeDefect(defect, trials, nothing);
    expect({ verdict, why, seconds }).to.deep.equal({
      verdict: 'survived',
      why: 'the one scenario of RES-1 that could be judged held, and so did all others',
      seconds: 3,
    });
  });

  it('calls a defect a survivor too when the others came to no end', () => {
    const others = { ...trial([]), exitCode: 2, problem: 'the run did not end within 180 s' };
    const { verdict, why } = judgeDefect(
      defect,
      [trial([scenario(11, 'passed', ['RES-1'])]), others],
      nothing,
    );
    expect(verdict).to.equal('survived');
    expect(why).to.match(/held, and of the others, the run did not end within 180 s$/);
  });

  it('calls it an accident when only scenarios of other requirements fail', () => {
    const trials = [trial([scenario(11, 'passed', ['RES-1'])]), trial([scenario(20, 'failed', ['RES-10'])])];
    const { verdict, why } = judgeDefect(defect, trials, nothing);
    expect(verdict).to.equal('caught by accident');
    expect(why).to.equal('no scenario of RES-1 failed, but features/a.feature:20 did');
  });

  it('believes no scenario that fails without the defect too', () => {
    const failing = trial([scenario(11, 'failed', ['RES-1'])]);
    const { verdict, why } = judgeDefect(defect, [failing], new Set(['features/a.feature:11']));
    expect({ verdict, why }).to.deep.equal({
      verdict: 'not applied',
      why: 'the scenarios that failed also fail without the defect',
    });
  });

  it('believes the others when one fails anyway', () => {
    const failing = trial([scenario(11, 'failed', ['RES-1']), scenario(12, 'failed', ['RES-1'])]);
    const { verdict, by } = judgeDefect(defect, [failing], new Set(['features/a.feature:11']));
    expect(verdict).to.equal('killed');
    expect(by.map(({ line }) => line)).to.deep.equal([12]);
  });

  for (const [why, trials] of [
    ['the run ended without a result', [{ ...trial([]), problem: 'the run ended without a result' }]],
    ['the scenarios of RES-1 do not exist', [trial([])]],
    [
      'features/a.feature:11 could not be judged: undefined step',
      [trial([{ ...scenario(11, 'unjudged', ['RES-1']), words: 'undefined step' }])],
    ],
    [
      'the vault never used the part that the defect replaces',
      [{ ...trial([scenario(11, 'passed', ['RES-1'])]), reached: false }],
    ],
    [
      'a run ended with exit code 2: the suite could not judge',
      [{ ...trial([scenario(11, 'passed', ['RES-1'])]), exitCode: 2 }],
    ],
  ] as const) {
    it(`calls a defect not applied when ${why}`, () => {
      const judgement = judgeDefect(defect, trials, nothing);
      expect({ verdict: judgement.verdict, why: judgement.why }).to.deep.equal({
        verdict: 'not applied',
        why,
      });
    });
  }

  it('calls a defect not tried when its scenarios want what there is not', () => {
    const skipped = { ...scenario(11, 'skipped', ['RES-1']), words: 'it needs a real MongoDB' };
    const judgement = judgeDefect(defect, [trial([skipped])], nothing);
    expect(judgement.why).to.equal('the scenarios of RES-1 were skipped: it needs a real MongoDB');
    expect({ verdict: judgement.verdict, isAmiss: isAmiss(judgement) }).to.deep.equal({
      verdict: 'not tried',
      isAmiss: false,
    });
  });

  it('lets a broken promise outweigh a scenario that could not be judged', () => {
    const scenarios = [scenario(11, 'unjudged', ['RES-1']), scenario(12, 'failed', ['RES-1'])];
    expect(judgeDefect(defect, [trial(scenarios)], nothing).verdict).to.equal('killed');
  });

  it('does not take RES-10 for RES-1', () => {
    const trials = [trial([scenario(11, 'passed', ['RES-1']), scenario(20, 'failed', ['RES-10'])])];
    expect(judgeDefect(defect, trials, nothing).verdict).to.equal('caught by accident');
  });
});

describe('chargesText', () => {
  const killed = (...broke: readonly string[]): DefectJudgement =>
    judgeDefect(defect, [trial([{ ...scenario(11, 'failed', ['RES-1']), broke }])], nothing);

  it('counts what each killed defect is charged with beside its own requirement', () => {
    const judgements = [killed('RES-1', 'RES-3', 'FID-1'), killed('RES-1'), killed('RES-1')];
    expect(judgements.map(chargedBeside)).to.deep.equal([['RES-3', 'FID-1'], [], []]);
    expect(chargesText(judgements)).to.equal(
      'Charged beside their own requirement: 0 in the median, 2 at most.',
    );
  });

  it('names those that are not charged with their own', () => {
    expect(chargesText([killed('RES-3')])).to.match(/ Not charged with their own: no-retry\.$/);
  });
});

describe('judgeVariation', () => {
  const variation = { name: 'slower', sentence: 'takes its time' };

  it('lets a variation pass when all scenarios hold', () => {
    const scenarios = [scenario(11, 'passed', []), scenario(12, 'skipped', [])];
    const { verdict, judged } = judgeVariation(variation, trial(scenarios));
    expect({ verdict, judged }).to.deep.equal({ verdict: 'held', judged: 1 });
  });

  it('says which scenario turned it down', () => {
    const { verdict, why } = judgeVariation(variation, trial([scenario(11, 'failed', [])]));
    expect(verdict).to.equal('refused');
    expect(why).to.equal('the suite turned down what the contract allows: features/a.feature:11');
  });

  for (const [why, result] of [
    ['it crashed', { ...trial([]), problem: 'it crashed' }],
    ['the suite could not judge', { ...trial([scenario(11, 'unjudged', [])]), exitCode: 2 }],
    ['the vault never used the part that varies', { ...trial([scenario(11, 'passed', [])]), reached: false }],
  ] as const) {
    it(`calls a variation not applied when ${why}`, () => {
      const judgement = judgeVariation(variation, result);
      expect({ verdict: judgement.verdict, why: judgement.why }).to.deep.equal({
        verdict: 'not applied',
        why,
      });
    });
  }
});

function scenario(line: number, status: ScenarioResult['status'], tags: readonly string[]): ScenarioResult {
  const broke = status === 'failed' ? tags.filter((tag) => tag !== 'core') : [];
  return { uri: 'features/a.feature', line, name: `scenario ${line}`, tags, broke, status, words: '' };
}

function trial(scenarios: readonly ScenarioResult[]): TrialResult {
  const exitCode = scenarios.some(({ status }) => status === 'failed') ? 1 : 0;
  return { scenarios, exitCode, reached: true, seconds: 1.5 };
}
