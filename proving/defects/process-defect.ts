import type { PartFactories } from '../../reference-vault/parts';
import type { Defect } from './defect';

/**
 * A defect that only a vault shows which is a process of its own: one that can be killed, stopped and
 * started.
 */
export function ofProcess(
  name: string,
  sentence: string,
  requirement: string,
  replacements: Partial<PartFactories>,
): Defect {
  return { name, sentence, requirement, replacements, needsProcess: true };
}
