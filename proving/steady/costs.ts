import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Mode } from '../../support/environments/configuration';
import { RunGuard } from '../../support/process/run-guard';
import { vaultVariables } from '../../support/run/default-vault';
import { endedChildrenCpuMs } from './processor-time';
import { costsOf, type ScenarioCost } from './scenario-costs';
import { median, quantile } from './statistics';
import { SuiteProcess, type SuiteRun } from './suite-process';

const SHOWN_STEPS = 8;
const AIMS_MS = { embedded: 10, wire: 25 } as const;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/**
 * `npm run costs`: runs the suite, one scenario after the other, and says what a scenario costs beyond its
 * own steps and how much of the run was spent waiting. It never fails for being slow. `--wire` is for it, the
 * rest for Cucumber.
 */
async function main(): Promise<void> {
  const guard = RunGuard.start();
  try {
    const folder = await mkdtemp(path.join(tmpdir(), 'audit-vault-costs-'));
    guard.ownFolder(folder);
    const args = process.argv.slice(2);
    const mode = args.includes('--wire') ? 'wire' : 'embedded';
    const suite = new SuiteProcess({
      args: [
        ...['--parallel', '0', ...(mode === 'wire' ? ['--profile', 'wire'] : [])],
        ...args.filter((arg) => arg !== '--wire'),
      ],
      environment: vaultVariables(mode),
      reports: folder,
    });
    guard.onEnd(() => suite.stop());
    const cpuBeforeMs = endedChildrenCpuMs();
    tell(await suite.run(), mode, cpuBeforeMs);
    await guard.end();
  } catch (error) {
    await guard.cannotJudge(error);
  }
}

function tell(run: SuiteRun, mode: Mode, cpuBeforeMs: number | undefined): void {
  const cpuAfterMs = endedChildrenCpuMs();
  const { scenarios: all, steps } = costsOf(run.envelopes);
  say(
    `Scenarios ${mode === 'wire' ? 'over the wire' : 'in-process'}, one after the other: ${all.length} judged`,
  );
  say(`${' '.repeat(44)}median    95 %      sum`);
  const line = (what: string, pick: (cost: ScenarioCost) => number): void => {
    const values = all.map(pick);
    const sum = values.reduce((total, value) => total + value, 0);
    say(
      `  ${what.padEnd(40)} ${median(values).toFixed(1).padStart(6)}  ${quantile(values, 0.95).toFixed(1).padStart(6)} ms ${(sum / 1_000).toFixed(1).padStart(6)} s`,
    );
  };
  line('steps: the vault works, mandated waits', ({ stepsMs }) => stepsMs);
  line('end: settle, audit, empty the stores', ({ endMs }) => endMs);
  line('around: hooks before it, Cucumber', ({ aroundMs }) => aroundMs);
  line(`own overhead (end + around), aim ${AIMS_MS[mode]} ms`, ({ endMs, aroundMs }) => endMs + aroundMs);
  if (cpuBeforeMs !== undefined && cpuAfterMs !== undefined) {
    const cpuMs = cpuAfterMs - cpuBeforeMs;
    const idle = Math.max(0, 100 * (1 - cpuMs / run.tookMs));
    say(
      `  ${(run.tookMs / 1_000).toFixed(1)} s in all, ${(cpuMs / 1_000).toFixed(1)} s of processor time: at least ${idle.toFixed(0)} % was waited`,
    );
  }
  say('  The steps that took longest in all:');
  for (const { text, times, totalMs } of steps.slice(0, SHOWN_STEPS)) {
    say(`  ${(totalMs / 1_000).toFixed(1).padStart(6)} s  ${String(times).padStart(4)} x  ${text}`);
  }
}

void main();
