import type { Coverage } from '../../support/programs/coverage';
import { STEP_KINDS } from '../../support/programs/step-kinds';
import type { Passage } from '../checks/contract-map';

/** Requirements that no program can judge, and why. */
const BEYOND_PROGRAMS: Readonly<Record<string, string>> = {
  'OPS-7': 'a vault that programs run against was told its settings',
};

/**
 * Returns what the programs of a run met of the contract, and of what is interesting among what is drawn: what was never met, by name.
 * @param map what the contract says
 */
export function coverageLines(coverage: Coverage, map: readonly Passage[]): readonly string[] {
  const requirements = [...new Set(map.flatMap(requirementsOf))];
  const unjudged = requirements.filter((id) => coverage.timesJudged(id) === 0);
  const never = unjudged.filter((id) => !(id in BEYOND_PROGRAMS));
  const beyond = unjudged.filter((id) => id in BEYOND_PROGRAMS);
  const values = valuesOf(coverage);
  const unmet = values.filter(({ times }) => times === 0).map(({ name }) => name);
  return [
    `  judged ${requirements.length - unjudged.length} of ${requirements.length} requirements${told('; never: ', never)}${told('; beyond programs: ', beyond)}`,
    `  met ${values.length - unmet.length} of ${values.length} values of interest${told('; never: ', unmet, '; ')}`,
  ];
}

/** Returns how often each sentence of the contract was judged, by its requirements, and how often what can be drawn was met. */
export function coverageTable(coverage: Coverage, map: readonly Passage[]): readonly string[] {
  return [
    'Judged so often, by what the contract says:',
    ...map.flatMap((passage) => {
      const ids = requirementsOf(passage);
      if (ids.length === 0) return [];
      const counts = ids.map((id) => `${id} ${coverage.timesJudged(id)}${reasonOf(id, coverage)}`);
      return [`  ${passage.says.replaceAll(/\s+/g, ' ')}`, `    ${counts.join(', ')}`];
    }),
    'Met so often, by what is drawn:',
    ...valuesOf(coverage).map(({ name, times }) => `  ${String(times).padStart(7)} ${name}`),
  ];
}

function reasonOf(id: string, coverage: Coverage): string {
  const reason = BEYOND_PROGRAMS[id];
  return reason === undefined || coverage.timesJudged(id) > 0 ? '' : ` (${reason})`;
}

function requirementsOf(passage: Passage): readonly string[] {
  return 'requirements' in passage ? passage.requirements : [];
}

function valuesOf(coverage: Coverage): readonly { readonly name: string; readonly times: number }[] {
  return Object.entries(STEP_KINDS).flatMap(([kind, { steps }]) => [
    { name: kind, times: coverage.timesMet(kind) },
    ...steps.interesting.map((value) => ({
      name: `${kind}: ${value}`,
      times: coverage.timesMet(kind, value),
    })),
  ]);
}

function told(lead: string, names: readonly string[], between = ', '): string {
  return names.length === 0 ? '' : `${lead}${names.join(between)}`;
}
