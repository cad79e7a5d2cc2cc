import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { DefectJudgement } from './judgement';

const FILE = path.join(__dirname, '../killers.json');

/** The scenario that killed a defect when the catalogue was last learnt: the one to try first. */
export interface Killer {
  readonly feature: string;
  readonly scenario: string;
  /** Set when it took long: such defects begin first, so that the end is not spent on waiting for them. */
  readonly slow?: boolean | undefined;
  /**
   * Scenarios that were seen red by the defect too, as `file: name`, and are nobody's killer; written by
   * hand.
   */
  readonly also?: readonly string[] | undefined;
}

const SLOW_SECONDS = 3;

const shape = z.record(
  z.string(),
  z.object({
    feature: z.string(),
    scenario: z.string(),
    slow: z.boolean().optional(),
    also: z.array(z.string()).optional(),
  }),
);

/**
 * Reads `killers.json`: by the name of a defect, where to look first. It only saves time: a scenario that is
 * not there any more, or that holds by now, is followed by all those of the requirement.
 */
export function readKillers(): ReadonlyMap<string, Killer> {
  return new Map(Object.entries(shape.parse(JSON.parse(readFileSync(FILE, 'utf8')))));
}

/**
 * Notes who killed what (`--learn`): a line for each defect, in the order of names, so that a change is a
 * small difference.
 * @param catalogue the names that there are: what is noted of others is forgotten
 */
export function writeKillers(judgements: readonly DefectJudgement[], catalogue: readonly string[]): void {
  const killers = new Map(readKillers());
  for (const { defect, verdict, by, seconds } of judgements) {
    const [first] = by;
    if (verdict === 'killed' && first !== undefined) {
      const slow = seconds > SLOW_SECONDS ? true : undefined;
      const also = killers.get(defect.name)?.also;
      killers.set(defect.name, { feature: first.uri, scenario: first.name, slow, also });
    }
  }
  const lines = [...killers]
    .filter(([name]) => catalogue.includes(name))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, killer]) => `  ${JSON.stringify(name)}: ${JSON.stringify(killer)}`);
  writeFileSync(FILE, `{\n${lines.join(',\n')}\n}\n`);
}
