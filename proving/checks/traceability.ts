import path from 'node:path';
import type { Query } from '@cucumber/query';
import { type Requirement, requirementIdsOf } from '../../support/reporting/requirements';

/** Everything in which features, steps and requirements do not fit together, in sentences. */
export function traceabilityProblems(
  requirements: readonly Requirement[],
  messages: Query,
): readonly string[] {
  const known = new Set(requirements.map(({ id }) => id));
  const tested = new Set<string>();
  const problems: string[] = [];
  for (const pickle of messages.findAllPickles()) {
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
  return [...new Set([...problems, ...sameNames(messages), ...stepProblems(messages)])];
}

/** Where the list of requirements links to other features than those whose scenarios carry an id. */
export function linkProblems(list: string, messages: Query): readonly string[] {
  const features = new Map<string, Set<string>>();
  for (const { tags, uri } of messages.findAllPickles()) {
    for (const id of requirementIdsOf(tags.map(({ name }) => name))) {
      features.set(id, (features.get(id) ?? new Set()).add(path.basename(uri)));
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

function sameNames(messages: Query): readonly string[] {
  const scenarios = new Map<string, string | undefined>();
  return messages.findAllPickles().flatMap(({ uri, name, astNodeIds: [scenario] }) => {
    const place = `${uri} ${name}`;
    if (scenarios.has(place) && scenarios.get(place) !== scenario)
      return [`${uri} has two scenarios called "${name}".`];
    scenarios.set(place, scenario);
    return [];
  });
}

/** Undefined, ambiguous and unused steps: a dry run exits 0 on them, so the messages are judged. */
function stepProblems(messages: Query): readonly string[] {
  const used = new Set<string>();
  const problems: string[] = [];
  for (const step of messages.findAllTestSteps()) {
    if (step.pickleStepId === undefined) continue;
    const definitions = messages.findStepDefinitionsBy(step);
    const text = messages.findPickleStepBy(step)?.text;
    if (definitions.length === 0) problems.push(`No step definition fits "${text}".`);
    if (definitions.length > 1) problems.push(`Several step definitions fit "${text}".`);
    for (const { id } of definitions) used.add(id);
  }
  for (const { id, pattern, sourceReference } of messages.findAllStepDefinitions()) {
    if (!used.has(id))
      problems.push(`No scenario uses the step "${pattern.source}" (${sourceReference.uri}).`);
  }
  return problems;
}
