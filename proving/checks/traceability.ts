import path from 'node:path';
import type { Envelope } from '@cucumber/messages';
import { type Requirement, requirementIdsOf } from '../../support/reporting/requirements';

/** Everything in which features, steps and requirements do not fit together, in sentences. */
export function traceabilityProblems(
  requirements: readonly Requirement[],
  envelopes: readonly Envelope[],
): readonly string[] {
  const pickles = envelopes.flatMap(({ pickle }) => (pickle === undefined ? [] : [pickle]));
  const known = new Set(requirements.map(({ id }) => id));
  const tested = new Set<string>();
  const problems: string[] = [];
  for (const pickle of pickles) {
    const tags = pickle.tags.map(({ name }) => name);
    const ids = requirementIdsOf(tags);
    const where = `"${pickle.name}" (${pickle.uri})`;
    if (ids.length === 0)
      problems.push(`${where} carries no requirement: tag it with the id of what it proves.`);
    for (const id of ids) {
      if (known.has(id)) tested.add(id);
      else problems.push(`${where} carries ${id}, which features/requirements.md does not list.`);
    }
    problems.push(...levelProblems(where, tags, ids, requirements));
  }
  for (const { id, sentence } of requirements) {
    if (!tested.has(id)) {
      problems.push(`${id} (a vault ${sentence}) is tested by no scenario.`);
    }
  }
  return [...new Set([...problems, ...sameNames(envelopes), ...stepProblems(envelopes)])];
}

/** Where the list of requirements links to other features than those whose scenarios carry an id. */
export function linkProblems(list: string, envelopes: readonly Envelope[]): readonly string[] {
  const features = new Map<string, Set<string>>();
  for (const { pickle } of envelopes) {
    for (const id of requirementIdsOf((pickle?.tags ?? []).map(({ name }) => name))) {
      features.set(id, (features.get(id) ?? new Set()).add(path.basename(pickle?.uri ?? '')));
    }
  }
  return list.split('\n').flatMap((row) => {
    const [, id = ''] = /^\| ([A-Z]+-\d+) \|/.exec(row) ?? [];
    const linked = [...row.matchAll(/\]\(([\w-]+\.feature)\)/g)].map(([, file]) => file).join(', ');
    const told = [...(features.get(id) ?? [])].sort().join(', ');
    return linked === told
      ? []
      : [`${id} is told in ${told}, but features/requirements.md links to ${linked}.`];
  });
}

/** A scenario says of which level it is, and a core one proves a core requirement. */
function levelProblems(
  where: string,
  tags: readonly string[],
  ids: readonly string[],
  requirements: readonly Requirement[],
): readonly string[] {
  const levels = ['@core', '@extended'].filter((level) => tags.includes(level));
  if (levels.length !== 1) return [`${where} has to carry either @core or @extended.`];
  const isCore = levels[0] === '@core';
  const wrong = requirements.filter(({ id, level }) => ids.includes(id) && level === 'extended' && isCore);
  return wrong.map(({ id }) => `${where} is @core, but ${id} is extended: a core vault need not keep it.`);
}

function sameNames(envelopes: readonly Envelope[]): readonly string[] {
  const problems: string[] = [];
  for (const { gherkinDocument } of envelopes) {
    const scenarios = (gherkinDocument?.feature?.children ?? []).flatMap((child) =>
      (child.rule?.children ?? [child]).flatMap(({ scenario }) =>
        scenario === undefined ? [] : [scenario.name],
      ),
    );
    const repeated = scenarios.find((name, index) => scenarios.indexOf(name) !== index);
    if (repeated !== undefined)
      problems.push(`${gherkinDocument?.uri} has two scenarios called "${repeated}".`);
  }
  return problems;
}

/** Undefined, ambiguous and unused steps: a dry run exits 0 on them, so the messages are judged. */
function stepProblems(envelopes: readonly Envelope[]): readonly string[] {
  const definitions = envelopes.flatMap(({ stepDefinition }) =>
    stepDefinition === undefined ? [] : [stepDefinition],
  );
  const texts = new Map(
    envelopes.flatMap(({ pickle }) => pickle?.steps.map(({ id, text }) => [id, text] as const) ?? []),
  );
  const used = new Set<string>();
  const problems: string[] = [];
  for (const { pickleStepId, stepDefinitionIds = [] } of envelopes.flatMap(
    ({ testCase }) => testCase?.testSteps ?? [],
  )) {
    if (pickleStepId === undefined) continue;
    if (stepDefinitionIds.length === 0)
      problems.push(`No step definition fits "${texts.get(pickleStepId)}".`);
    if (stepDefinitionIds.length > 1)
      problems.push(`Several step definitions fit "${texts.get(pickleStepId)}".`);
    for (const id of stepDefinitionIds) used.add(id);
  }
  for (const { id, pattern, sourceReference } of definitions) {
    if (!used.has(id))
      problems.push(`No scenario uses the step "${pattern.source}" (${sourceReference.uri}).`);
  }
  return problems;
}
