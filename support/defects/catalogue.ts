import { SuiteError } from '../errors';
import type { Defect } from './defect';
import { fidelityDefects } from './fidelity';

/** Every defect the suite has to catch. */
export const catalogue: readonly Defect[] = [...fidelityDefects];

/** @throws SuiteError when there is no such defect */
export function defectNamed(name: string): Defect {
  const defect = catalogue.find((candidate) => candidate.name === name);
  if (defect === undefined) {
    throw new SuiteError(
      `There is no defect "${name}": choose one of ${catalogue.map((known) => known.name).join(', ')}.`,
    );
  }
  return defect;
}
