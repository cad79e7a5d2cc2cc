import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { eventually } from '../../support/assertions/eventually';
import { SuiteError } from '../../support/bytes/errors';
import { CpuLoad } from './cpu-load';
import { runLines, Steadiness, type SteadyRun } from './steadiness';
import { readSteadyOptions, seedOf } from './steady-options';

describe('the command line of npm run steady', () => {
  it('is what it knows, and the rest is for Cucumber', () => {
    const args = ['--runs', '100', '--tags', '@core', '--seed=7', '--wire', 'features/a.feature:3'];
    expect(readSteadyOptions(args)).to.deep.equal({
      runs: 100,
      seed: 7,
      mode: 'wire',
      cucumber: ['--tags', '@core', 'features/a.feature:3'],
    });
    expect(readSteadyOptions([])).to.include({ runs: 10, mode: 'embedded' });
    expect([1, 2].map((number) => seedOf({ seed: 2 ** 31 - 1 }, number))).to.deep.equal([2 ** 31 - 1, 0]);
  });

  it('is refused in words', () => {
    for (const args of [
      ['--runs'],
      ['--runs', '0'],
      ['--seed', 'x'],
      ['--order', 'defined'],
      ['-p', 'wire'],
    ]) {
      expect(() => readSteadyOptions(args), args.join(' ')).to.throw(SuiteError, 'Options: --runs');
    }
  });
});

describe('what runs come to', () => {
  const scenario = { uri: 'features/a.feature', line: 3, name: 'It holds', tags: [], broke: [], words: '' };
  const failed = {
    ...scenario,
    line: 9,
    name: 'It breaks',
    status: 'failed',
    words: 'expected 1\nnot 2',
  } as const;
  const green: SteadyRun = {
    number: 1,
    seed: 7,
    underLoad: false,
    run: { exitCode: 0, tookMs: 2_000, scenarios: [{ ...scenario, status: 'passed' }], lastWords: '' },
  };
  const red: SteadyRun = {
    number: 2,
    seed: 8,
    underLoad: true,
    run: {
      exitCode: 1,
      tookMs: 4_000,
      scenarios: [{ ...scenario, status: 'skipped' }, failed],
      lastWords: 'x',
    },
  };

  it('is a line a run, with the messages of what failed', () => {
    expect(runLines(green, 10, 'npm')).to.deep.equal([
      ' 1/10  random:7           quiet      2.0 s  green: 1 passed, 0 skipped',
    ]);
    expect(runLines(red, 10, 'npm run bdd -- --order random:8')).to.deep.equal([
      ' 2/10  random:8           loaded     4.0 s  RED: 0 passed, 1 skipped, 1 not held',
      '    features/a.feature:9  It breaks',
      '      expected 1',
      '      not 2',
      '    again: npm run bdd -- --order random:8',
    ]);
    const unjudged = { ...red, run: { ...red.run, exitCode: 2, scenarios: [] } };
    expect(runLines(unjudged, 10, 'again').slice(0, 2)).to.deep.equal([
      ' 2/10  random:8           loaded     4.0 s  NOT JUDGED (exit code 2): 0 passed, 0 skipped',
      '      x',
    ]);
  });

  it('is a rate in the end, or how rare a failure must be', () => {
    const steadiness = new Steadiness();
    steadiness.note(green);
    expect(steadiness.allGreen).to.equal(true);
    expect(steadiness.lines()[0]).to.equal(
      'Flake rate: 0 of 1 run not green (0.0 %); at 95 % confidence fewer than 100.0 % are',
    );
    steadiness.note(red);
    expect(steadiness.allGreen).to.equal(false);
    expect(steadiness.lines()).to.deep.equal([
      'Flake rate: 1 of 2 runs not green (50.0 %)',
      '  without load: 0 of 1 not green, median 2.0 s a run',
      '  under CPU load: 1 of 1 not green, median 4.0 s a run',
      '  1 time: features/a.feature:9  It breaks',
    ]);
  });
});

describe('the CPU load', () => {
  it('is gone once it was ended', async () => {
    const load = new CpuLoad(2);
    expect(load.ids).to.have.length(2);
    await load.end();
    for (const id of load.ids) expect(() => process.kill(id, 0), `process ${id}`).to.throw('ESRCH');
    await load.end();
  });
});

describe('npm run steady', { concurrency: 2 }, () => {
  const SEARCH = 'features/search.feature:8';
  let base: string;
  before(() => {
    base = mkdtempSync(path.join(tmpdir(), 'steady-test-'));
  });
  after(() => rmSync(base, { recursive: true }));

  const steady = (
    environment: Readonly<Record<string, string>>,
    ...args: readonly string[]
  ): ChildProcess => {
    const { VAULT_COMMAND: _command, VAULT_BASE_URL: _baseUrl, ...inherited } = process.env;
    const command = ['-r', 'ts-node/register', path.join(__dirname, 'steady.ts'), ...args];
    return spawn(process.execPath, command, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...inherited, ...environment },
    });
  };
  const heard = (child: ChildProcess): { text: string } => {
    const output = { text: '' };
    child.stdout?.on('data', (chunk: Buffer) => {
      output.text += chunk.toString();
    });
    return output;
  };

  it('tells of a run that is not green, keeps its reports, and fails', async () => {
    const reports = path.join(base, 'red');
    const child = steady(
      { AUDIT_VAULT_REPORTS: reports, AUDIT_VAULT_DEFECT: 'payload-normalised' },
      ...['--runs', '1', '--seed', '3', 'features/fidelity.feature:18'],
    );
    const output = heard(child);
    const [code]: (number | null)[] = await once(child, 'close');
    expect(code, output.text).to.equal(1);
    expect(output.text).to.match(
      /^1\/1 {2}random:3 .* RED: \d+ passed, 0 skipped, \d+ not held\n {4}features\/fid/m,
    );
    expect(output.text).to.contain(
      'again: npm run bdd -- --order random:3 --seed 3 features/fidelity.feature:18',
    );
    expect(output.text).to.contain('Flake rate: 1 of 1 run not green (100.0 %)');
    expect(existsSync(path.join(reports, 'steady', 'run-1', 'index.html'))).to.equal(true);
  });

  it('leaves nothing behind on Ctrl-C', { skip: !existsSync('/proc/self/environ') }, async () => {
    const mark = randomUUID();
    const reports = path.join(base, 'cut');
    const child = steady({ AUDIT_VAULT_REPORTS: reports, AUDIT_VAULT_MARK: mark }, '--runs', '9', SEARCH);
    const output = heard(child);
    const marked = (): readonly string[] =>
      readdirSync('/proc').filter((id) => environmentOf(id).includes(mark));
    // The second run is the first one under load: two loops, the suite, and steady itself.
    await eventually(
      async () => ({ said: output.text, processes: marked().length }),
      ({ said, processes }) => /^1\/9/m.test(said) && processes >= 4,
      { withinMs: 60_000, what: 'the second run' },
    );
    child.kill('SIGINT');
    const [code]: (number | null)[] = await once(child, 'close');
    expect(code).to.equal(130);
    expect(marked()).to.deep.equal([]);
    expect(output.text).to.match(/Flake rate: 0 of [1-9] runs? not green/);
  });
});

function environmentOf(id: string): string {
  if (!/^\d+$/.test(id)) return '';
  try {
    return readFileSync(`/proc/${id}/environ`, 'latin1');
  } catch {
    return '';
  }
}
