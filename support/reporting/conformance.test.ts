import { describe, it } from 'node:test';
import { expect } from 'chai';
import { conformanceSummary, conformanceOf as conformanceWith } from './conformance';
import type { Requirement } from './requirements';
import { runDescription } from './run-description';

const core: Requirement = {
  id: 'FID-1',
  level: 'core',
  sentence: 'keeps bytes',
  area: 'Fidelity',
};
const extended: Requirement = {
  id: 'CON-2',
  level: 'extended',
  sentence: 'answers 410',
  area: 'Consistency',
};

type Judged = Parameters<typeof conformanceWith>[1][number];

const conformanceOf = (
  requirements: readonly Requirement[],
  outcomes: readonly Judged[],
): ReturnType<typeof conformanceWith> => conformanceWith(requirements, outcomes, { end: 'held' });

const outcome = (id: string, status: Judged['status'], skippedBecause?: string): Judged => ({
  name: id,
  location: 'x.feature:1',
  tags: [`@${id}`],
  status,
  skippedBecause,
  knownBecause: status === 'known' ? 'ticket 7' : undefined,
  broken: { own: status === 'failed' || status === 'known', found: [] },
  attempt: 1,
  stepsEnd:
    status === 'passed' ? 'held' : status === 'failed' || status === 'known' ? 'failed' : 'not judged',
});

/** A scenario of a requirement whose steps all held, and at whose end others were found broken. */
const ended = (id: string, ...found: readonly string[]): Judged => ({
  ...outcome(id, 'failed'),
  broken: { own: false, found },
  stepsEnd: 'held',
});

const verdict = (...outcomes: readonly Judged[]): string => conformanceOf([core, extended], outcomes).verdict;

describe('conformanceOf', () => {
  it('says that a vault conforms when everything held', () => {
    expect(verdict(outcome('FID-1', 'passed'), outcome('CON-2', 'passed'))).to.equal(
      'conforms to @core and @extended',
    );
  });

  it('repeats what is not claimed, and begins with it where it is core', () => {
    const unclaimed = (id: string): Judged => outcome(id, 'skipped', `not claimed: ${id}: keeps none`);
    expect(verdict(outcome('FID-1', 'passed'), unclaimed('CON-2'))).to.equal(
      'conforms to @core and @extended as claimed; not claimed: CON-2',
    );
    expect(verdict(unclaimed('FID-1'), outcome('CON-2', 'passed'))).to.match(
      /^does not claim @core; conforms .*; not claimed: FID-1$/,
    );
    const [, result] = conformanceOf([core, extended], [unclaimed('CON-2')]).requirements;
    expect(result).to.include({ result: 'not claimed', reason: 'keeps none' });
    expect(verdict(outcome('FID-1', 'failed'), unclaimed('CON-2'))).to.equal(
      'does not conform: FID-1; not claimed: CON-2',
    );
  });

  it('says no more than was asked when only the core was run', () => {
    expect(verdict(outcome('FID-1', 'passed'))).to.equal('conforms to @core');
  });

  it('names what is broken, whatever else held', () => {
    expect(
      verdict(outcome('FID-1', 'passed'), outcome('FID-1', 'failed'), outcome('CON-2', 'passed')),
    ).to.equal('does not conform: FID-1');
  });

  it('names what was not tested, with the reason', () => {
    const outcomes = [outcome('FID-1', 'passed'), outcome('CON-2', 'skipped', 'no MongoDB')];
    const more = [...outcomes, outcome('CON-3', 'passed')];
    const result = conformanceOf([core, extended, { ...extended, id: 'CON-3' }], more);
    expect(result.verdict).to.equal('conforms as far as tested; not tested: CON-2');
    expect(conformanceSummary(result, runDescription()).join('\n')).to.contain(
      'not tested: CON-2 (no MongoDB)',
    );
  });

  it('counts what had no part in the run, without naming it', () => {
    const none = ['CON-3', 'CON-4'].map((id) => ({ ...extended, id }));
    const outcomes = [outcome('FID-1', 'passed'), outcome('CON-2', 'passed')];
    const result = conformanceOf([core, extended, ...none], outcomes);
    expect(result.verdict).to.equal('conforms as far as tested; 2 requirements had no part in this run');
    expect(conformanceSummary(result, runDescription()).join('\n')).not.to.contain('CON-3');
  });

  it('never takes a scenario that the suite could not judge for one that held', () => {
    expect(
      verdict(outcome('FID-1', 'error'), outcome('FID-1', 'passed'), outcome('CON-2', 'passed')),
    ).to.equal('conforms as far as tested; not tested: FID-1');
  });

  it('does not let a known failure pass for conformance', () => {
    const result = conformanceOf([core, extended], [outcome('FID-1', 'passed'), outcome('CON-2', 'known')]);
    expect(result.verdict).to.equal('does not conform: CON-2 (known)');
    expect(result.requirements[1]).to.include({ result: 'known failure', reason: 'ticket 7' });
    expect(conformanceSummary(result, runDescription()).join('\n')).to.contain(
      'known to be broken: CON-2 (ticket 7)',
    );
  });

  it('holds against a requirement what the end of any scenario finds, and not against what the steps proved', () => {
    const result = conformanceOf([core, extended], [ended('FID-1', 'CON-2'), outcome('CON-2', 'passed')]);
    expect(result.verdict).to.equal('does not conform: CON-2');
    const [fidelity, consistency] = result.requirements;
    expect(fidelity?.result).to.equal('held');
    expect(consistency?.result).to.equal('broken');
    expect(consistency?.scenarios.map(({ name, broke }) => [name, broke])).to.deep.equal([
      ['FID-1', ['CON-2']],
      ['CON-2', undefined],
    ]);
  });

  it('holds it against both where a step failed too, or something was found that names no requirement', () => {
    const both = { ...ended('FID-1', 'CON-2'), broken: { own: true, found: ['CON-2'] } };
    expect(verdict(both)).to.equal('does not conform: FID-1, CON-2');
  });

  it('takes nothing for proved whose steps could not be judged', () => {
    const result = conformanceOf([core, extended], [{ ...ended('FID-1', 'CON-2'), stepsEnd: 'not judged' }]);
    expect(result.requirements[0]?.result).to.equal('not tested');
  });

  it('says nothing of a requirement that a failed scenario did not come to', () => {
    const broken = { own: false, found: ['FID-1'] };
    const failed: Judged = { ...outcome('FID-1', 'failed'), tags: ['@FID-1', '@CON-2'], broken };
    const [, unreached] = conformanceOf([core, extended], [failed]).requirements;
    expect(unreached).to.include({
      result: 'not tested',
      reason: 'not reached: a scenario of it failed for another requirement',
    });
    const [first, second] = conformanceOf(
      [core, extended],
      [failed, outcome('CON-2', 'passed')],
    ).requirements;
    expect([first?.result, second?.result]).to.deep.equal(['broken', 'held']);
  });

  it('never passes over a failure, whatever id it names, or none', () => {
    expect(verdict(ended('FID-1', 'XYZ-9'), outcome('CON-2', 'passed'))).to.equal(
      'does not conform: x.feature:1',
    );
    expect(verdict(ended('FID-1'))).to.equal('does not conform: FID-1');
    expect(verdict({ ...outcome('none', 'failed'), tags: [] })).to.equal('does not conform: x.feature:1');
  });

  it('knows of a failure beside what its scenario is about', () => {
    const known = { ...ended('FID-1', 'CON-2'), status: 'known', knownBecause: 'ticket 8' } as const;
    const { requirements } = conformanceOf([core, extended], [known]);
    expect(requirements.map(({ result, reason }) => [result, reason])).to.deep.equal([
      ['held', undefined],
      ['known failure', 'ticket 8'],
    ]);
  });

  it('says that nothing is known where a run could not judge, and why', () => {
    const unrun = outcome('FID-1', 'not-run', 'the vault ended before it was ready');
    const result = conformanceWith([core, extended], [unrun], {
      end: 'not judged',
      reason: 'the vault ended before it was ready',
    });
    expect(result).to.include({ verdict: 'not judged', reason: 'the vault ended before it was ready' });
    expect(result.requirements.map((requirement) => requirement.result)).to.deep.equal([
      'not tested',
      'not tested',
    ]);
    expect(conformanceSummary(result, runDescription())).to.deep.equal([
      'Verdict: not judged: the vault ended before it was ready',
    ]);
  });

  it('does not let nothing pass for something', () => {
    expect(verdict()).to.equal('nothing was tested');
  });
});
