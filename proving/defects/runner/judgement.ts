import type { Defect } from '../defect';
import type { ScenarioResult, TrialResult } from './trial';

/**
 * The judgement of the suite by one defect. `killed` is good; `not tried` is one whose scenarios all want
 * what this machine has not, as a real MongoDB: nothing is known then, and nothing is amiss.
 */
export type DefectVerdict = 'killed' | 'not tried' | 'survived' | 'caught by accident' | 'not applied';

/** Tells whether the suite has to be better. */
export function isAmiss({ verdict }: { readonly verdict: DefectVerdict }): boolean {
  return verdict !== 'killed' && verdict !== 'not tried';
}

export interface DefectJudgement {
  readonly defect: Pick<Defect, 'name' | 'sentence' | 'requirement'>;
  readonly verdict: DefectVerdict;
  /** Why it is not killed, for a human; empty when it is. */
  readonly why: string;
  /** The scenarios that failed; of a killed defect those that carry its requirement. */
  readonly by: readonly ScenarioResult[];
  /** The requirements that those scenarios broke. */
  readonly charged: readonly string[];
  readonly seconds: number;
}

/** Returns the requirements that a killed defect is charged with beside its own. */
export function chargedBeside({ defect, charged }: DefectJudgement): readonly string[] {
  return charged.filter((id) => id !== defect.requirement);
}

/** Says how precisely killed defects are charged: how many requirements each, beside its own. */
export function chargesText(judgements: readonly DefectJudgement[]): string {
  const killed = judgements.filter(({ verdict }) => verdict === 'killed');
  const counts = killed.map((one) => chargedBeside(one).length).toSorted((one, other) => one - other);
  const missed = killed.filter(({ defect, charged }) => !charged.includes(defect.requirement));
  const names = missed.map(({ defect }) => defect.name).join(', ');
  return [
    `Charged beside their own requirement: ${counts[Math.floor(counts.length / 2)] ?? 0} in the median, ${counts.at(-1) ?? 0} at most.`,
    ...(missed.length === 0 ? [] : [`Not charged with their own: ${names}.`]),
  ].join(' ');
}

/** Where a scenario stands: `features/brownout.feature:11`. */
export function placeOf({ uri, line }: ScenarioResult): string {
  return `${uri}:${line}`;
}

/**
 * Judges a defect by what came of its trials.
 * @param trials first those of its requirement's scenarios, then of any others; at least one
 * @param failAnyway places of scenarios that fail without a defect too: what they say proves nothing
 */
export function judgeDefect(
  defect: DefectJudgement['defect'],
  trials: readonly TrialResult[],
  failAnyway: ReadonlySet<string>,
): DefectJudgement {
  const { requirement } = defect;
  const seconds = trials.reduce((sum, trial) => sum + trial.seconds, 0);
  const scenarios = trials.flatMap((trial) => trial.scenarios);
  const failed = scenarios.filter(({ status }) => status === 'failed');
  const proven = failed.filter((scenario) => !failAnyway.has(placeOf(scenario)));
  const killers = proven.filter(({ tags }) => tags.includes(requirement));
  const judgement = (
    verdict: DefectVerdict,
    why: string,
    by: readonly ScenarioResult[],
  ): DefectJudgement => ({
    defect,
    verdict,
    why,
    by,
    charged: [...new Set(by.flatMap(({ broke }) => broke))],
    seconds,
  });

  const [own, others] = trials;
  if (own?.problem !== undefined) return judgement('not applied', own.problem, failed);
  // As for the suite itself, a broken promise outweighs what could not be judged.
  if (killers.length > 0) return judgement('killed', '', killers);
  const unjudged = scenarios.find(({ status }) => status === 'unjudged');
  if (unjudged !== undefined) {
    return judgement('not applied', `${placeOf(unjudged)} could not be judged: ${unjudged.words}`, failed);
  }
  const judged = scenarios.filter(({ status, tags }) => status !== 'skipped' && tags.includes(requirement));
  if (judged.length === 0) {
    const skipped = scenarios.find(({ tags }) => tags.includes(requirement));
    return skipped === undefined
      ? judgement('not applied', `the scenarios of ${requirement} do not exist`, failed)
      : judgement('not tried', `the scenarios of ${requirement} were skipped: ${skipped.words}`, failed);
  }
  if (proven.length > 0) {
    const places = proven.map(placeOf).join(', ');
    return judgement('caught by accident', `no scenario of ${requirement} failed, but ${places} did`, proven);
  }
  if (failed.length > 0) {
    return judgement('not applied', 'the scenarios that failed also fail without the defect', failed);
  }
  if (!trials.some((trial) => trial.reached)) {
    return judgement('not applied', 'the vault never used the part that the defect replaces', []);
  }
  if (own?.exitCode === 2) {
    return judgement('not applied', 'a run ended with exit code 2: the suite could not judge', []);
  }
  const those =
    judged.length === 1
      ? `the one scenario of ${requirement} that could be judged`
      : `the ${judged.length} scenarios of ${requirement} that could be judged`;
  const rest = others?.problem === undefined ? 'so did all others' : `of the others, ${others.problem}`;
  return judgement('survived', `${those} held, and ${rest}`, []);
}

/** The judgement of the suite by one variation: it has to hold. */
export interface VariationJudgement {
  readonly name: string;
  readonly sentence: string;
  readonly verdict: 'held' | 'refused' | 'not applied';
  readonly why: string;
  readonly by: readonly ScenarioResult[];
  /** Scenarios that were judged. */
  readonly judged: number;
  readonly seconds: number;
}

/** Judges a variation by the trial of all scenarios. */
export function judgeVariation(
  { name, sentence }: { readonly name: string; readonly sentence: string },
  trial: TrialResult,
): VariationJudgement {
  const failed = trial.scenarios.filter(({ status }) => status === 'failed');
  const judged = trial.scenarios.filter(({ status }) => status !== 'skipped').length;
  const judgement = (verdict: VariationJudgement['verdict'], why: string): VariationJudgement => ({
    name,
    sentence,
    verdict,
    why,
    by: failed,
    judged,
    seconds: trial.seconds,
  });
  if (failed.length > 0) {
    return judgement(
      'refused',
      `the suite turned down what the contract allows: ${failed.map(placeOf).join(', ')}`,
    );
  }
  if (trial.problem !== undefined) return judgement('not applied', trial.problem);
  if (trial.exitCode !== 0) return judgement('not applied', 'the suite could not judge');
  if (!trial.reached) return judgement('not applied', 'the vault never used the part that varies');
  return judgement('held', '');
}
