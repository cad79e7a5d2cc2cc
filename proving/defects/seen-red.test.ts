import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { AstBuilder, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin';
import { IdGenerator, type Scenario } from '@cucumber/messages';
import { expect } from 'chai';
import { featureFiles } from '../checks/feature-files';
import { catalogue } from './catalogue';
import { readKillers } from './runner/killers';

const parser = new Parser(new AstBuilder(IdGenerator.incrementing()), new GherkinClassicTokenMatcher());

/** The scenarios of a feature file; the rows of an outline are one. */
function scenariosOf(uri: string): readonly Scenario[] {
  const children = parser.parse(readFileSync(uri, 'utf8')).feature?.children ?? [];
  return children
    .flatMap((child) => child.rule?.children ?? [child])
    .flatMap(({ scenario }) => (scenario === undefined ? [] : [scenario]));
}

/** Tells whether a scenario that ran is this one, or one of its rows. */
function isRowOf({ name }: Scenario, ran: string): boolean {
  const parts = name.split(/<[^>]+>/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(ran);
}

describe('a scenario', () => {
  const killers = readKillers();
  const also = [...killers.values()].flatMap((killer) => killer.also ?? []);
  const scenarios = featureFiles().flatMap((uri) => scenariosOf(uri).map((scenario) => ({ uri, scenario })));

  it('was seen red by a defect', () => {
    const unseen = scenarios.filter(({ uri, scenario }) => {
      const isKiller = [...killers.values()].some(
        (killer) => killer.feature === uri && isRowOf(scenario, killer.scenario),
      );
      return !isKiller && !also.includes(`${uri}: ${scenario.name}`);
    });
    expect(
      unseen.map(({ uri, scenario }) => `${uri}: ${scenario.name}`),
      'see them red (AUDIT_VAULT_DEFECT=…) and note them at the defect in killers.json (also), or learn the killers',
    ).to.deep.equal([]);
  });

  it('that was seen red is still there, and so is its defect', () => {
    const known = new Set(scenarios.map(({ uri, scenario }) => `${uri}: ${scenario.name}`));
    expect(also.filter((name) => !known.has(name))).to.deep.equal([]);
    const defects = new Set(catalogue.map(({ name }) => name));
    expect([...killers.keys()].filter((name) => !defects.has(name))).to.deep.equal([]);
  });
});
