import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { SuiteError } from '../bytes/errors';

/** The scenarios left to run again of the run that wrote a folder of reports. */
export interface LastFailures {
  /** `features/brownout.feature:11`, … */
  readonly places: readonly string[];
  /** True where that run was over the wire: its failures are to be sought there again. */
  readonly wasOnTheWire: boolean;
  /** From which it followed what chance drew in that run; `undefined` where it did not say. */
  readonly seed: string | undefined;
}

const conformance = z.object({ run: z.object({ mode: z.string(), seed: z.string().optional() }) });

/** @throws SuiteError when there was no run, or none that ended */
export function lastFailures(folder: string): LastFailures {
  const file = path.join(folder, 'rerun.txt');
  const list = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (list === '') {
    throw new SuiteError(
      `${folder} has no result of a run that ended, so nothing is known to have failed: run npm run bdd first.`,
    );
  }
  const places = list.split('\n').filter((line) => line !== '');
  const report = path.join(folder, 'conformance.json');
  const told = existsSync(report)
    ? conformance.safeParse(JSON.parse(readFileSync(report, 'utf8')))
    : undefined;
  const run = told?.data?.run;
  return { places, wasOnTheWire: run?.mode === ON_THE_WIRE, seed: run?.seed };
}

/** The mode as the reports call it. */
export const ON_THE_WIRE = 'over the wire';
