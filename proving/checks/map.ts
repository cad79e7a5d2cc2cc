import { requirementIdsOf } from '../../support/reporting/requirements';
import { readContractMap } from './contract-map';
import { suiteMessages } from './suite-messages';

/**
 * `npm run map`: each passage of the contract, the requirements it became, and the scenarios that prove them.
 */
function main(): void {
  // Whoever pipes it into `head` has seen enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  const scenarios = new Map<string, Set<string>>();
  for (const pickle of suiteMessages().findAllPickles()) {
    for (const id of requirementIdsOf(pickle.tags.map(({ name }) => name))) {
      const known = scenarios.get(id) ?? new Set();
      scenarios.set(id, known.add(`${pickle.uri}: ${pickle.name}`));
    }
  }
  const write = (line: string): boolean => process.stdout.write(`${line}\n`);
  for (const entry of readContractMap()) {
    write(entry.says);
    if ('because' in entry) write(`  no requirement: ${entry.because}`);
    else {
      for (const id of entry.requirements) {
        write(`  ${id}`);
        for (const scenario of scenarios.get(id) ?? []) write(`    ${scenario}`);
      }
    }
    write('');
  }
}

main();
