import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

describe('the guard of a run', { concurrency: 4 }, () => {
  let base: string;
  before(() => {
    base = mkdtempSync(path.join(tmpdir(), 'run-guard-test-'));
  });
  after(() => rmSync(base, { recursive: true }));

  /**
   * A process of its own with a guard, a folder and two ends, of which the later one fails; it then does
   * `what`.
   * @param signal is sent once the process says `ready`; `disconnect` hangs up on it instead
   */
  const guarded = async (
    name: string,
    what: string,
    signal?: NodeJS.Signals | 'disconnect',
  ): Promise<Ended> => {
    const folder = path.join(base, name);
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'file'), '');
    const script = `
      const { RunGuard } = require('./support/process/run-guard.ts');
      const { SuiteError } = require('./support/bytes/errors.ts');
      const say = (line) => process.stdout.write(line + '\\n');
      const guard = RunGuard.start();
      guard.ownFolder(${JSON.stringify(folder)});
      guard.onEveryEnd(() => say('every end'));
      guard.onEnd(async () => say('first in, ends last'));
      guard.onEnd(async () => { say('last in, ends first'); throw new Error('it failed'); });
      (async () => { ${what} })();`;
    const child = spawn(process.execPath, ['-r', 'ts-node/register', '-e', script], {
      stdio: ['ignore', 'pipe', 'pipe', ...(signal === 'disconnect' ? (['ipc'] as const) : [])],
    });
    let out = '';
    let err = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk;
      if (signal === undefined || !chunk.includes('ready')) return;
      if (signal === 'disconnect') child.disconnect();
      else child.kill(signal);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      err += chunk;
    });
    // Not 'close', which never comes to whoever hung up first.
    const heard = [child.stdout, child.stderr].map((stream) => stream && once(stream, 'end'));
    const [code]: (number | null)[] = await once(child, 'exit');
    await Promise.all(heard);
    expect(existsSync(folder), 'the folder is still there').to.equal(false);
    return { code: code ?? null, out, err };
  };
  const IN_REVERSE = 'last in, ends first\nfirst in, ends last\nevery end\n';

  it('ends everything in reverse, though one end fails, and once more what must never stay', async () => {
    const { code, out, err } = await guarded('end', 'await guard.end(); await guard.end();');
    expect({ code, out }).to.deep.equal({ code: 0, out: `${IN_REVERSE}every end\n` });
    expect(err).to.match(/^while cleaning up: .*it failed/);
  });

  it('forgets what was done before', async () => {
    const what =
      "const forget = guard.onEnd(async () => say('twice')); forget(); forget(); await guard.end();";
    expect((await guarded('forgets', what)).out).to.equal(`${IN_REVERSE}every end\n`);
  });

  it('does at least what must never stay when the process ends without it', async () => {
    const { code, out } = await guarded('exit', 'process.exit(5);');
    expect({ code, out }).to.deep.equal({ code: 5, out: 'every end\n' });
  });

  it('says in one sentence why the suite cannot judge, and ends with 2', async () => {
    const { code, out, err } = await guarded(
      'judge',
      "await guard.cannotJudge(new SuiteError('No vault: start it.'));",
    );
    expect({ code, out }).to.deep.equal({ code: 2, out: `${IN_REVERSE}every end\n` });
    expect(err.split('\n')[0]).to.equal('The suite could not judge: No vault: start it.');
  });

  const WAITING = "say('ready'); setInterval(() => {}, 1000);";
  const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
  for (const [signal, expected] of Object.entries(signals)) {
    it(`cleans up on ${signal}, which decides the exit code`, async () => {
      const what = `process.on('exit', () => { if (!guard.isInterrupted) process.exitCode = 2; }); ${WAITING}`;
      const { code, out, err } = await guarded(signal, what, signal as NodeJS.Signals);
      expect({ code, out }).to.deep.equal({ code: expected, out: `ready\n${IN_REVERSE}every end\n` });
      expect(err).to.include(`Cleaning up: the run was ended by ${signal}.`);
    });
  }

  it('does not call it a failure when what is being ended fails', async () => {
    const what = `process.on('SIGINT', () => void guard.cannotJudge(new Error('cut short'))); ${WAITING}`;
    const { code, err } = await guarded('cut', what, 'SIGINT');
    expect(code).to.equal(130);
    expect(err).not.to.include('could not judge: Error: cut short');
  });

  it('ends a worker whose coordinator is gone', async () => {
    const { code, out } = await guarded('worker', WAITING, 'disconnect');
    expect({ code, out }).to.deep.equal({ code: 2, out: `ready\n${IN_REVERSE}every end\n` });
  });
});
