import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { SuiteError } from '../bytes/errors';
import { reportsFolder } from '../reporting/page-links';
import { PLAIN_ROUND, type Round } from './program';
import { STEP_KINDS } from './step-kinds';

/** What JSON has no notation for. */
const BYTES = '$bytes';
const NUMBER = '$number';
const NOTHING = '$nothing';

const step = z.object({
  kind: z.string().refine((kind) => Object.hasOwn(STEP_KINDS, kind), {
    error: ({ input }) => `no kind of step is called ${JSON.stringify(input)}`,
  }),
  drawn: z.unknown().optional(),
});

const keptRound = z.object({
  /** The round in the words of a feature file, and what was found wrong with the vault; for those who read it. */
  lines: z.array(z.string()),
  findings: z.array(z.string()),
  round: z.looseObject({
    programs: z.array(z.array(step).min(1)).min(1),
  }),
});

/** A round that was kept in a file. */
export interface KeptRound {
  readonly lines: readonly string[];
  readonly findings: readonly string[];
  readonly round: Round;
}

/** Returns the text of a file by which a round is run again as it is, whatever the generators draw by then. */
export function roundText(kept: KeptRound): string {
  return `${JSON.stringify(kept, noted, 2)}\n`;
}

/** Keeps a round with the reports. @returns the file, as a command names it */
export function keepRound(name: string, kept: KeptRound): string {
  const file = path.join(reportsFolder(), `program-${name}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, roundText(kept));
  return file;
}

/**
 * Reads a file that `roundText` wrote.
 * @throws SuiteError for a file that is missing, or that is no round of this version
 */
export function readRound(file: string): KeptRound {
  const unreadable = (why: string): SuiteError =>
    new SuiteError(
      `${path.relative(process.cwd(), file)} is not a program that can be run again (${why}): take a file that explore wrote.`,
    );
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'), restored);
  } catch (error) {
    throw unreadable(error instanceof Error ? error.message : String(error));
  }
  const read = keptRound.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw unreadable(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown'}`);
  }
  // What was drawn for a step is known to its kind alone, which wrote it.
  const { lines, findings, round } = read.data as unknown as KeptRound;
  return { lines, findings, round: { ...PLAIN_ROUND, ...round } };
}

/** A buffer is a plain object by the time that it is to be written, and the value itself is in the holder alone. */
function noted(this: unknown, key: string, value: unknown): unknown {
  const own = (this as Record<string, unknown>)[key];
  // A list would have null in its place.
  if (own === undefined && Array.isArray(this)) return { [NOTHING]: true };
  if (Buffer.isBuffer(own)) return { [BYTES]: own.toString('base64') };
  return typeof own === 'number' && !Number.isFinite(own) ? { [NUMBER]: String(own) } : value;
}

function restored(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (NOTHING in value) return undefined;
  if (BYTES in value) return Buffer.from(String(value[BYTES]), 'base64');
  return NUMBER in value ? Number(value[NUMBER]) : value;
}
