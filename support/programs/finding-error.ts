import { type Finding, findingText } from '../ledger/finding';

/** Thrown for findings of the explorer: things that no vault may do, a line each. */
export class FindingError extends Error {
  override readonly name = 'FindingError';

  constructor(...findings: readonly (Finding | string)[]) {
    super(findings.map((found) => (typeof found === 'string' ? found : findingText(found))).join('\n'));
  }
}
