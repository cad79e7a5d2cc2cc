import { readFileSync } from 'node:fs';
import { readRequirements } from '../../support/reporting/requirements';
import { CONTRACT, contractMapProblems, readContractMap } from './contract-map';
import { stepPromiseProblems } from './step-promises';
import { suiteMessages } from './suite-messages';
import { linkProblems, traceabilityProblems } from './traceability';

/** Fails, with a sentence for each, where contract, requirements, features and steps do not fit together. */
function main(): void {
  const requirements = readRequirements();
  const ids = requirements.map(({ id }) => id);
  const messages = suiteMessages();
  const problems = [
    ...contractMapProblems(readFileSync(CONTRACT, 'utf8'), readContractMap(), ids),
    ...traceabilityProblems(requirements, messages),
    ...stepPromiseProblems(messages),
    ...linkProblems(readFileSync('features/requirements.md', 'utf8'), messages),
  ];
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

main();
