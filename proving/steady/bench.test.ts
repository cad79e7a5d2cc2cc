import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { RunGuard } from '../../support/process/run-guard';
import { benchIn } from './bench';

describe('a script of a benchmark', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'bench-test-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Whether the script came to its end, and the exit code that the benchmarks have then. */
  const ending = async (code: number): Promise<readonly [boolean, typeof process.exitCode]> => {
    const file = path.join(folder, `ends-with-${code}.js`);
    writeFileSync(file, `process.exit(${code});`);
    const bench = benchIn(folder, RunGuard.start(), { mode: 'embedded', rest: [] });
    const isDone = await bench.script(file, []);
    const { exitCode } = process;
    process.exitCode = undefined;
    return [isDone, exitCode];
  };

  it('fails the benchmarks where it met a broken promise, and nowhere else', async () => {
    expect(await ending(0)).to.deep.equal([true, undefined]);
    expect(await ending(1)).to.deep.equal([false, 1]);
    expect(await ending(2)).to.deep.equal([false, undefined]);
  });
});
