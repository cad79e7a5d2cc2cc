import { readFileSync, writeFileSync } from 'node:fs';
import { AstBuilder, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin';
import { pretty } from '@cucumber/gherkin-utils';
import { IdGenerator } from '@cucumber/messages';
import { featureFiles } from './feature-files';

/**
 * Keeps the feature files in the one layout that Cucumber's own formatter gives them. `--write` rewrites
 * them; without it, a file in another layout is named and the exit code is 1.
 */
function main(): void {
  const write = process.argv.includes('--write');
  const uneven = featureFiles().filter((file) => {
    const source = readFileSync(file, 'utf8');
    const even = formatted(source);
    if (even !== source && write) writeFileSync(file, even);
    return even !== source;
  });
  if (uneven.length === 0 || write) return;
  process.stderr.write(`Uneven: ${uneven.join(', ')}. Run "npm run format".\n`);
  process.exitCode = 1;
}

function formatted(source: string): string {
  const parser = new Parser(new AstBuilder(IdGenerator.uuid()), new GherkinClassicTokenMatcher());
  return pretty(parser.parse(source), 'gherkin');
}

main();
