import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { RunGuard } from '../../support/process/run-guard';
import { openOwnGround } from '../../support/run/own-ground';
import { strykerArguments } from './stryker-arguments';
import { publishSurroundings } from './surroundings';

const STRYKER = path.join(
  path.dirname(require.resolve('@stryker-mutator/core/package.json')),
  'bin',
  'stryker.js',
);

/**
 * Far longer than any job of a right vault takes in-process; one that a mutant lets hang is not waited for
 * longer.
 */
const PATIENCE_MS = 12_000;

/**
 * `npm run mutation`: changes the reference vault in a thousand small ways, one at a time, and says which
 * ones no scenario notices. A report and no gate: exit code 0 whatever the score, 2 when it could not be
 * found out.
 */
async function main(): Promise<void> {
  const guard = RunGuard.start();
  try {
    const ground = await openOwnGround(guard, 'mutation');
    publishSurroundings({ ...ground, patienceMs: PATIENCE_MS });
    // Stryker leaves its copies of the repository behind when it is interrupted; the guard does not.
    const copies = ['--tempDirName', path.join(ground.temporaryFolder, 'stryker')];
    const options = strykerArguments(process.argv.slice(2));
    const stryker = spawn(process.execPath, [STRYKER, 'run', ...copies, ...options], { stdio: 'inherit' });
    guard.onEnd(() => ended(stryker));
    const [code] = (await once(stryker, 'exit')) as [number | null];
    process.exitCode = code === 0 ? 0 : 2;
    await guard.end();
  } catch (error) {
    await guard.cannotJudge(error);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

void main();
