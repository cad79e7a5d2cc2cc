import type { Defect, Variation } from '../defect';
import {
  type DefectJudgement,
  judgeDefect,
  judgeVariation,
  placeOf,
  type VariationJudgement,
} from './judgement';
import type { Killer } from './killers';
import type { TrialOrder, TrialResult } from './trial';

/** Runs trials, as many at a time as there are hands. */
export interface Benches {
  run(order: TrialOrder): Promise<TrialResult>;
}

/** Options of a campaign of defects. */
export interface DefectCampaignOptions extends CampaignOptions<DefectJudgement> {
  /** Run every scenario on every defect, instead of stopping at the first that fails. */
  readonly full: boolean;
  /** Those of the features that carry a requirement at all. */
  featuresOf(requirement: string): readonly string[];
  /** The scenario to try first on a defect, if one is known. */
  killerOf(name: string): Killer | undefined;
}

/** Options of any campaign. */
export interface CampaignOptions<Judgement> {
  /** Feature files to use; all when empty. */
  readonly features: readonly string[];
  /** Is told of each defect or variation when it was tried; the last word on it is in what is returned. */
  readonly tell: (judgement: Judgement) => void;
}

interface Tried {
  readonly defect: Defect;
  readonly mode: TrialOrder['mode'];
  readonly trials: readonly TrialResult[];
}

/** The control is shared out, so that no bench is idle at the end. */
const CONTROL_SHARES = 4;

const NOTHING_FAILS: ReadonlySet<string> = new Set();

/**
 * Tries every defect, and judges it once it is sure that the scenarios which turned red are green without it.
 */
export async function tryDefects(
  defects: readonly Defect[],
  benches: Benches,
  options: DefectCampaignOptions,
): Promise<readonly DefectJudgement[]> {
  const results = new Map<Defect, Promise<Tried>>();
  // Those that wait most of their time begin first, so that the end is not spent on waiting for them.
  const waits = (defect: Defect): number =>
    Number(defect.needsProcess === true || options.killerOf(defect.name)?.slow === true);
  for (const defect of defects.toSorted((one, other) => waits(other) - waits(one))) {
    const result = (options.full ? tryFully : tryQuickly)(defect, benches, options);
    results.set(defect, result);
    void result.then(({ trials }) => options.tell(judgeDefect(defect, trials, NOTHING_FAILS)));
  }
  const tried = await Promise.all(defects.map(async (defect) => (await results.get(defect)) as Tried));
  const failAnyway = await scenariosThatFailAnyway(tried, benches);
  return tried.map(({ defect, trials }) => judgeDefect(defect, trials, failAnyway));
}

/** Runs every scenario on every variation. */
export async function tryVariations(
  variations: readonly Variation[],
  benches: Benches,
  { features, tell }: CampaignOptions<VariationJudgement>,
): Promise<readonly VariationJudgement[]> {
  return await Promise.all(
    variations.map(async (variation) => {
      const order = {
        alteration: variation.name,
        mode: 'embedded',
        paths: features,
        tags: '',
        failFast: false,
      } as const;
      const judgement = judgeVariation(variation, await benches.run(order));
      tell(judgement);
      return judgement;
    }),
  );
}

/**
 * First the scenario that killed the defect before, if it is known; then those of the requirement; only where
 * they hold the others, which tell an accident from a survivor.
 */
async function tryQuickly(
  defect: Defect,
  benches: Benches,
  { features, featuresOf, killerOf }: DefectCampaignOptions,
): Promise<Tried> {
  const { name, requirement } = defect;
  const order = { alteration: name, failFast: true } as const;
  const ofRequirement = { ...order, paths: featuresOf(requirement), tags: `@${requirement}` };
  let mode: TrialOrder['mode'] = defect.needsProcess === true ? 'wire' : 'embedded';
  const killer = killerOf(name);
  if (killer !== undefined && ofRequirement.paths.includes(killer.feature)) {
    const { feature, scenario } = killer;
    const first = await benches.run({ ...ofRequirement, mode, paths: [feature], scenario });
    if (first.scenarios.some(({ status }) => status === 'failed')) return { defect, mode, trials: [first] };
  }
  let own = await benches.run({ ...ofRequirement, mode });
  if (mode === 'embedded' && allSkipped(own)) {
    // Only a vault that is a process can show it.
    mode = 'wire';
    own = await benches.run({ ...ofRequirement, mode });
  }
  if (!held(own) || allSkipped(own)) return { defect, mode, trials: [own] };
  const others = await benches.run({ ...order, mode, paths: features, tags: `not @${requirement}` });
  return { defect, mode, trials: [own, others] };
}

async function tryFully(
  defect: Defect,
  benches: Benches,
  { features }: DefectCampaignOptions,
): Promise<Tried> {
  const order = { alteration: defect.name, paths: features, tags: '', failFast: false } as const;
  const mode = defect.needsProcess === true ? 'wire' : 'embedded';
  const trial = await benches.run({ ...order, mode });
  const own = trial.scenarios.filter(({ tags }) => tags.includes(defect.requirement));
  if (mode === 'wire' || !allSkipped({ ...trial, scenarios: own })) return { defect, mode, trials: [trial] };
  return { defect, mode: 'wire', trials: [await benches.run({ ...order, mode: 'wire' })] };
}

/** The control: what turned red has to be green on the reference vault itself. */
async function scenariosThatFailAnyway(
  tried: readonly Tried[],
  benches: Benches,
): Promise<ReadonlySet<string>> {
  const modes = ['embedded', 'wire'] as const;
  const found = await Promise.all(
    modes.map(async (mode) => {
      const red = tried
        .filter((one) => one.mode === mode)
        .flatMap(({ trials }) => trials.flatMap(({ scenarios }) => scenarios))
        .filter(({ status }) => status === 'failed');
      if (red.length === 0) return [];
      const paths = [...new Set(red.map(placeOf))];
      const shares = sharesOf(paths, CONTROL_SHARES);
      const controls = await Promise.all(
        shares.map((share) => benches.run({ mode, paths: share, tags: '', failFast: false })),
      );
      const scenarios = controls.flatMap((control) => control.scenarios);
      const green = new Set(scenarios.filter(({ status }) => status === 'passed').map(placeOf));
      return paths.filter((place) => !green.has(place));
    }),
  );
  return new Set(found.flat());
}

function sharesOf<T>(items: readonly T[], count: number): readonly (readonly T[])[] {
  const size = Math.ceil(items.length / count);
  return Array.from({ length: Math.ceil(items.length / size) }, (_, share) =>
    items.slice(share * size, (share + 1) * size),
  );
}

function allSkipped({ scenarios, problem }: TrialResult): boolean {
  return (
    problem === undefined && scenarios.length > 0 && scenarios.every(({ status }) => status === 'skipped')
  );
}

function held({ scenarios, problem }: TrialResult): boolean {
  return (
    problem === undefined &&
    scenarios.length > 0 &&
    scenarios.every(({ status }) => status === 'passed' || status === 'skipped')
  );
}
