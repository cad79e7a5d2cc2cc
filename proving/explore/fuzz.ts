import { terminalProgress } from '../../support/reporting/terminal-progress';
import '../defects/provide';
import { count, safeBytes, safeText } from '../../support/bytes/safe-text';
import type { Environment } from '../../support/environments/environment';
import { runStandalone } from '../../support/run/standalone';
import { type BrokenBy, Fuzzing } from './fuzzing';
import { type FuzzOptions, readFuzzOptions } from './options';

const QUOTED_BYTES = 120;

/**
 * `npm run fuzz`: generated payloads through a vault and back. Exit code 0 when all came back as they were, 1 when one did not, 2 when
 * that could not be judged.
 */
async function fuzz(environment: Environment, options: FuzzOptions): Promise<boolean> {
  const say = (line: string): boolean => process.stdout.write(`${line}\n`);
  say(`Fuzzing ${environment.vault.description} with the seed ${options.seed}`);
  const fuzzing = new Fuzzing(environment, options);
  const broken = await fuzzing.run();
  terminalProgress('');
  if (broken !== undefined) say(`\n${failureLines(broken, options).join('\n')}\n`);
  say(fuzzing.summary());
  return broken === undefined;
}

function failureLines(broken: BrokenBy, { mode }: FuzzOptions): readonly string[] {
  const { payload, words, bytesBefore, seed, path, together } = broken;
  const shrunk = payload.byteLength < bytesBefore ? `, made smaller from ${count(bytesBefore, 'byte')}` : '';
  const head = payload.subarray(0, QUOTED_BYTES);
  const more = payload.byteLength > QUOTED_BYTES ? '…' : '';
  const flag = mode === 'wire' ? ' --wire' : '';
  return [
    together === 1
      ? `The vault did not give a payload back as it was (seed ${seed}${shrunk}):`
      : `The vault did not give a payload back as it was; alone it does, among ${together} in one job it does not (seed ${seed}):`,
    '',
    `  the payload, ${count(payload.byteLength, 'byte')}: ${safeBytes(head)}${more}`,
    `  in hex: ${head.toString('hex')}${more}`,
    ...safeText(words, { limit: 4_000, multiLine: true })
      .split('\n')
      .map((line) => `  ${line}`),
    '',
    path === undefined
      ? `See it again: npm run fuzz -- --seed ${seed} --runs 250${flag}`
      : `See it again: npm run fuzz -- --seed ${seed} --path ${path}${flag}`,
  ];
}

void runStandalone(() => {
  const options = readFuzzOptions(process.argv.slice(2));
  return { mode: options.mode, work: (environment) => fuzz(environment, options) };
});
