import { count, safeText } from '../bytes/safe-text';
import { brokenBy, concerns } from './broken-requirements';
import type { KnownFailure } from './known-failures';
import type { Requirement } from './requirements';
import type { RunDescription } from './run-description';
import type { Conclusion } from './run-result';
import type { OutcomeStatus, ScenarioOutcome } from './scenario-outcome';

/** So many requirements that were not tested are named in one line. */
const NAMED_IDS = 12;
const REASON_LIMIT = 2_000;
const NO_PART = 'no scenario of it was part of this run';

/** As much of a scenario's outcome as a verdict rests on. */
type JudgedScenario = Pick<
  ScenarioOutcome,
  | 'name'
  | 'location'
  | 'tags'
  | 'status'
  | 'attempt'
  | 'skippedBecause'
  | 'knownBecause'
  | 'broken'
  | 'stepsEnd'
>;

/** A scenario as the verdict on a requirement quotes it. */
interface QuotedScenario {
  readonly name: string;
  /** `features/brownout.feature:12`. */
  readonly location: string;
  readonly status: OutcomeStatus;
  /** The requirements that it broke, which may be others than this. */
  readonly broke?: readonly string[];
  /** The number of its last attempt, where it was tried again. */
  readonly attempt?: number;
  readonly skippedBecause?: string;
  readonly knownBecause?: string;
}

/** The result of a run for one requirement. */
export interface RequirementResult extends Requirement {
  readonly result: 'held' | 'broken' | 'known failure' | 'not claimed' | 'not tested';
  /** Why it was not claimed or tested, or why its failure is put up with. */
  readonly reason?: string;
  readonly scenarios: readonly QuotedScenario[];
}

/** The verdict on a vault, and on each of its requirements. */
export interface Conformance {
  /** One line, such as `conforms to @core and @extended`; `not judged` where the suite could not. */
  readonly verdict: string;
  /** Why the vault could not be judged. */
  readonly reason?: string;
  /** What is on the list of known failures and held: that fails a run, until the list says so. */
  readonly knownThatHold?: readonly KnownFailure[];
  readonly requirements: readonly RequirementResult[];
}

/**
 * Judges each requirement by the scenarios that carry its id or broke it, and the vault by its requirements.
 */
export function conformanceOf(
  requirements: readonly Requirement[],
  outcomes: readonly JudgedScenario[],
  conclusion: Conclusion,
): Conformance {
  const results = requirements.map((requirement) => resultOf(requirement, outcomes));
  if (conclusion.end === 'not judged') {
    return { verdict: 'not judged', reason: conclusion.reason, requirements: results };
  }
  const verdict = verdictOf(results, strayFailures(requirements, outcomes));
  const { knownThatHold } = { knownThatHold: undefined, ...conclusion };
  if (knownThatHold === undefined) return { verdict, requirements: results };
  const isBroken = outcomes.some(({ status }) => status === 'failed');
  const held = knownThatHold.map(({ about }) => about).join(', ');
  const words = `${count(knownThatHold.length, 'known failure')} held: ${held}`;
  return { verdict: isBroken ? verdict : words, knownThatHold, requirements: results };
}

/**
 * The summary that ends a run's output: per level what held, was broken and was not tested, and the verdict.
 */
export function conformanceSummary(
  { requirements, verdict, reason }: Conformance,
  run: RunDescription,
): readonly string[] {
  const last = `Verdict: ${verdict}${reason === undefined ? '' : `: ${safeText(reason, { limit: REASON_LIMIT })}`}`;
  // Where nothing was judged the reason says all, and once is enough.
  if (reason !== undefined && requirements.every(({ result }) => result === 'not tested')) return [last];
  const lines = (['core', 'extended'] as const).flatMap((level) => levelLines(level, requirements));
  return ['Conformance', ...lines, `  judged on ${run.mongo} and ${run.s3}`, last];
}

function resultOf(requirement: Requirement, outcomes: readonly JudgedScenario[]): RequirementResult {
  const own = outcomes.filter((outcome) => concerns(outcome, requirement.id));
  const scenarios = own.map(quoted);
  const statuses = own.map((outcome) => statusFor(outcome, requirement.id));
  const has = (status: OutcomeStatus | 'not reached'): boolean => statuses.includes(status);
  if (has('failed')) return { ...requirement, result: 'broken', scenarios };
  if (has('known')) {
    const known = new Set(
      own.flatMap((outcome) =>
        statusFor(outcome, requirement.id) === 'known' ? (outcome.knownBecause ?? []) : [],
      ),
    );
    return { ...requirement, result: 'known failure', reason: [...known].join('; '), scenarios };
  }
  if (has('error')) {
    return {
      ...requirement,
      result: 'not tested',
      reason: 'the suite could not judge a scenario of it',
      scenarios,
    };
  }
  const unrun = scenarios.find(({ status }) => status === 'not-run');
  if (unrun !== undefined) {
    const reason = `a scenario of it did not run: ${unrun.skippedBecause}`;
    return { ...requirement, result: 'not tested', reason, scenarios };
  }
  if (has('passed')) return { ...requirement, result: 'held', scenarios };
  if (has('not reached')) {
    const reason = 'not reached: a scenario of it failed for another requirement';
    return { ...requirement, result: 'not tested', reason, scenarios };
  }
  const unclaimed = scenarios.map(({ skippedBecause }) => unclaimedReason(skippedBecause, requirement.id));
  const why = unclaimed.find((found) => found !== undefined);
  if (why !== undefined) return { ...requirement, result: 'not claimed', reason: why, scenarios };
  const reasons = [
    ...new Set(scenarios.map(({ skippedBecause }) => skippedBecause ?? 'its scenarios were skipped')),
  ];
  const reason = reasons.length === 0 ? NO_PART : reasons.join('; ');
  return { ...requirement, result: 'not tested', reason, scenarios };
}

/** Why a vault does not claim a requirement, by the reason that a scenario of it was skipped for. */
function unclaimedReason(skippedBecause: string | undefined, id: string): string | undefined {
  const named = /^not claimed: (.*)$/s.exec(skippedBecause ?? '')?.[1] ?? '';
  return named
    .split(/; (?=[A-Z]{2,4}-\d+: )/)
    .find((part) => part.startsWith(`${id}: `))
    ?.slice(id.length + 2);
}

/**
 * The status of a scenario for one requirement. One that failed for another alone had proved this one where
 * all its steps held; where a step failed it may not have come to it, and says nothing of it.
 */
function statusFor(outcome: JudgedScenario, id: string): OutcomeStatus | 'not reached' {
  const { status, stepsEnd } = outcome;
  if ((status !== 'failed' && status !== 'known') || brokenBy(outcome).includes(id)) return status;
  return ({ held: 'passed', failed: 'not reached', 'not judged': 'error' } as const)[stepsEnd];
}

function quoted(outcome: JudgedScenario): QuotedScenario {
  const { name, location, status, skippedBecause, knownBecause } = outcome;
  const broke = brokenBy(outcome);
  return {
    name,
    location,
    status,
    ...(broke.length === 0 ? {} : { broke }),
    ...(outcome.attempt === 1 ? {} : { attempt: outcome.attempt }),
    ...(skippedBecause === undefined ? {} : { skippedBecause }),
    ...(knownBecause === undefined ? {} : { knownBecause }),
  };
}

/** Scenarios that failed and are held against no id that is listed: no verdict may pass over them. */
function strayFailures(
  requirements: readonly Requirement[],
  outcomes: readonly JudgedScenario[],
): readonly string[] {
  const known = new Set(requirements.map(({ id }) => id));
  return outcomes
    .filter((outcome) => outcome.status === 'failed' && !brokenBy(outcome).some((id) => known.has(id)))
    .map(({ location }) => location);
}

function verdictOf(results: readonly RequirementResult[], strays: readonly string[]): string {
  const unclaimed = results.filter(({ result }) => result === 'not claimed');
  if (unclaimed.length === 0) return verdictOfClaimed(results, strays);
  const claimed = results.filter(({ result }) => result !== 'not claimed');
  const head = unclaimed.some(({ level }) => level === 'core') ? 'does not claim @core; ' : '';
  const verdict = verdictOfClaimed(claimed, strays).replace(
    /^conforms to \S+(?: and \S+)?$/,
    '$& as claimed',
  );
  return `${head}${verdict}; not claimed: ${unclaimed.map(({ id }) => id).join(', ')}`;
}

function verdictOfClaimed(results: readonly RequirementResult[], strays: readonly string[]): string {
  const ids = (result: RequirementResult['result'], level?: Requirement['level']): readonly string[] =>
    results
      .filter(
        (requirement) => requirement.result === result && (level ?? requirement.level) === requirement.level,
      )
      .map(({ id }) => id);
  const broken = [...ids('broken'), ...strays, ...ids('known failure').map((id) => `${id} (known)`)];
  if (broken.length > 0) return `does not conform: ${broken.join(', ')}`;
  if (ids('held').length === 0) return 'nothing was tested';
  if (ids('not tested').length === 0) return 'conforms to @core and @extended';
  const onlyCoreAsked = ids('not tested', 'core').length === 0 && ids('held', 'extended').length === 0;
  return onlyCoreAsked
    ? 'conforms to @core'
    : `conforms as far as tested; ${untested(results.filter(({ result }) => result === 'not tested'))}`;
}

/**
 * A part of the suite was asked for: that the rest was not tested is no news, so it is counted and not named.
 */
function untested(results: readonly RequirementResult[]): string {
  const tried = results.filter(({ reason }) => reason !== NO_PART).map(({ id }) => id);
  const noPart = results.length - tried.length;
  const rest = noPart === 0 ? '' : `${count(noPart, 'requirement')} had no part in this run`;
  const names = tried.length === 0 ? '' : `not tested: ${shortened(tried)}`;
  return [rest, names].filter((words) => words !== '').join('; ');
}

function levelLines(
  level: Requirement['level'],
  requirements: readonly RequirementResult[],
): readonly string[] {
  const ofLevel = (result: RequirementResult['result']): readonly RequirementResult[] =>
    requirements.filter((requirement) => requirement.level === level && requirement.result === result);
  const broken = ofLevel('broken');
  const known = ofLevel('known failure');
  const notTested = ofLevel('not tested');
  const unclaimed = ofLevel('not claimed').length;
  const unclaimedCount = unclaimed === 0 ? '' : `, ${unclaimed} not claimed`;
  const knownCount = known.length === 0 ? '' : `, ${known.length} known to be broken`;
  return [
    `  @${level}: ${ofLevel('held').length} held, ${broken.length} broken${knownCount}${unclaimedCount}, ${notTested.length} not tested`,
    ...broken.map(({ id, sentence }) => `    ${id} broken: a vault ${sentence}`),
    ...byReason(known).map(([reason, ids]) => `    known to be broken: ${ids.join(', ')} (${reason})`),
    ...byReason(ofLevel('not claimed')).map(
      ([reason, ids]) => `    not claimed: ${ids.join(', ')} (${reason})`,
    ),
    ...byReason(notTested.filter(({ reason }) => reason !== NO_PART)).map(
      ([reason, ids]) => `    not tested: ${shortened(ids)} (${reason})`,
    ),
  ];
}

/** Shortens a list of ids; one of what is broken never comes here. */
function shortened(ids: readonly string[]): string {
  const more = ids.length - NAMED_IDS;
  return more <= 1 ? ids.join(', ') : `${ids.slice(0, NAMED_IDS).join(', ')} and ${more} more`;
}

function byReason(
  requirements: readonly RequirementResult[],
): readonly (readonly [string, readonly string[]])[] {
  const ids = new Map<string, string[]>();
  for (const { id, reason = '' } of requirements) ids.set(reason, [...(ids.get(reason) ?? []), id]);
  return [...ids];
}
