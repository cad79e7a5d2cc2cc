import { safeText } from '../../../support/bytes/safe-text';
import type { Palette } from '../../../support/reporting/palette';
import { chargedBeside, type DefectJudgement, placeOf, type VariationJudgement } from './judgement';
import type { ScenarioResult } from './trial';

const NAME_WIDTH = 36;
const WORDS_SHOWN = 600;

/**
 * The matrix on the console: a line for each defect or variation as it was tried, and what is amiss at the
 * end.
 */
export class ConsoleTable {
  constructor(private readonly palette: Palette) {}

  /** A defect: name, requirement, verdict, seconds, what else it is charged with, and by which scenarios. */
  defect(judgement: DefectJudgement): string {
    const { defect, verdict, by, seconds } = judgement;
    const beside = chargedBeside(judgement);
    const { green, red, yellow, faint } = this.palette;
    const colour = { killed: green, 'not tried': yellow }[verdict as string] ?? red;
    return [
      defect.name.padEnd(NAME_WIDTH),
      defect.requirement.padEnd(6),
      colour(verdict.padEnd(18)),
      secondsOf(seconds),
      `+${beside.length}`,
      faint([...beside, scenariosOf(by)].join(' ')),
    ].join(' ');
  }

  /** A variation: name, verdict, seconds, how many scenarios were judged, and which turned it down. */
  variation({ name, verdict, by, judged, seconds }: VariationJudgement): string {
    const { green, red, faint } = this.palette;
    const colour = verdict === 'held' ? green : red;
    const scenarios = by.length === 0 ? `${judged} scenarios held` : scenariosOf(by);
    return [name.padEnd(NAME_WIDTH), colour(verdict.padEnd(11)), secondsOf(seconds), faint(scenarios)].join(
      ' ',
    );
  }

  /** Returns what is amiss, with the words of the scenarios that failed. */
  amiss(one: {
    readonly title: string;
    readonly sentence: string;
    readonly why: string;
    readonly by: readonly ScenarioResult[];
  }): string {
    const { red, bold } = this.palette;
    return [
      '',
      `${red('✗')} ${bold(one.title)}: ${one.sentence}`,
      `  ${safeText(one.why, { limit: WORDS_SHOWN, multiLine: true })}`,
      ...one.by
        .slice(0, 3)
        .map(
          (scenario) =>
            `  ${placeOf(scenario)}: ${safeText(scenario.words, { limit: WORDS_SHOWN, multiLine: true })}`,
        ),
    ].join('\n');
  }
}

function secondsOf(seconds: number): string {
  return `${seconds.toFixed(1).padStart(5)} s `;
}

function scenariosOf(by: readonly ScenarioResult[]): string {
  const [first] = by;
  if (first === undefined) return '';
  const more = by.length === 1 ? '' : ` and ${by.length - 1} more`;
  return `${placeOf(first).replace('features/', '')} ${first.name}${more}`;
}
