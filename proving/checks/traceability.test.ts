import { describe, it } from 'node:test';
import type { Envelope } from '@cucumber/messages';
import { expect } from 'chai';
import type { Requirement } from '../../support/reporting/requirements';
import { queryOf } from './suite-messages';
import { linkProblems, traceabilityProblems as problemsOf } from './traceability';

const requirement: Requirement = {
  id: 'FID-1',
  level: 'core',
  sentence: 'keeps bytes',
  area: 'Fidelity',
};

/** As much of a message as the check reads. */
const envelope = (part: object): Envelope => part as Envelope;

const scenario = (name: string, tags: readonly string[], line = name): Envelope =>
  envelope({
    pickle: {
      id: line,
      astNodeIds: [line],
      name,
      uri: 'x.feature',
      tags: tags.map((tag) => ({ name: tag })),
      steps: [{ id: `${name} step`, text: `a step of ${name}` }],
    },
  });

const definition = envelope({
  stepDefinition: { id: 'd', pattern: { source: 'a step' }, sourceReference: { uri: 'x.steps.ts' } },
});

const bound = (name: string, stepDefinitionIds: readonly string[]): Envelope =>
  envelope({
    testCase: { id: name, testSteps: [{ id: name, pickleStepId: `${name} step`, stepDefinitionIds }] },
  });

const sound = [scenario('s', ['@core', '@FID-1']), definition, bound('s', ['d'])];

const traceabilityProblems = (
  requirements: readonly Requirement[],
  envelopes: readonly Envelope[],
): readonly string[] => problemsOf(requirements, queryOf(envelopes));

describe('traceabilityProblems', () => {
  it('finds nothing where everything fits together', () => {
    expect(traceabilityProblems([requirement], sound)).to.deep.equal([]);
  });

  it('names a requirement that no scenario tests', () => {
    const more: readonly Requirement[] = [requirement, { ...requirement, id: 'FID-2' }];
    expect(traceabilityProblems(more, sound).join()).to.contain('FID-2');
  });

  it('names an id that no requirement has, and a scenario without an id', () => {
    const problems = traceabilityProblems(
      [requirement],
      [
        ...sound,
        scenario('odd', ['@core', '@FID-9']),
        bound('odd', ['d']),
        scenario('bare', ['@core']),
        bound('bare', ['d']),
      ],
    );
    expect(problems.join())
      .to.contain('carries FID-9')
      .and.contain('"bare" (x.feature) carries no requirement');
  });

  it('names a core scenario that demands something extended, and one of no level', () => {
    const extended: Requirement = { ...requirement, id: 'FID-4', level: 'extended' };
    const problems = traceabilityProblems(
      [requirement, extended],
      [
        ...sound,
        scenario('high', ['@core', '@FID-4']),
        bound('high', ['d']),
        scenario('flat', ['@FID-1']),
        bound('flat', ['d']),
      ],
    );
    expect(problems.join()).to.contain('FID-4 is extended').and.contain('either @core or @extended');
  });

  it('names a scenario whose name another one has, but not a further row of its examples', () => {
    const tags = ['@core', '@FID-1'];
    expect(traceabilityProblems([requirement], [...sound, scenario('s', tags)])).to.deep.equal([]);
    expect(
      traceabilityProblems([requirement], [...sound, scenario('s', tags, 'further down')]),
    ).to.deep.equal(['x.feature has two scenarios called "s".']);
  });

  it('names undefined, ambiguous and unused steps', () => {
    const unused = envelope({
      stepDefinition: { id: 'u', pattern: { source: 'never' }, sourceReference: { uri: 'y.steps.ts' } },
    });
    const problems = traceabilityProblems(
      [requirement],
      [
        ...sound,
        unused,
        scenario('a', ['@core', '@FID-1']),
        bound('a', []),
        scenario('b', ['@core', '@FID-1']),
        bound('b', ['d', 'd']),
      ],
    );
    expect(problems.join())
      .to.contain('No step definition fits "a step of a"')
      .and.contain('Several step definitions fit "a step of b"')
      .and.contain('No scenario uses the step "never"');
  });
});

describe('linkProblems', () => {
  const row = (features: string) => `| FID-1 | core | keeps bytes | ${features} |`;

  it('finds nothing where a requirement links to the features of its scenarios', () => {
    expect(linkProblems(row('[x](x.feature)'), queryOf(sound))).to.deep.equal([]);
  });

  it('names a requirement that links to other features', () => {
    expect(linkProblems(row('[y](y.feature)'), queryOf(sound)).join()).to.contain(
      'FID-1 is told in x.feature',
    );
  });
});
