import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { SuiteProcess } from './suite-process';

/** Some fail by the defect, some hold, some are rows of examples, and none takes long. */
const SCENARIOS = [
  ...['features/search.feature', 'features/fidelity.feature'],
  ...['--name', '^A payload with', '--name', '^Jobs bring logs', '--name', '^Timestamps are'],
];
const DEFECT = 'payload-normalised';

describe('the verdict on each scenario', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'parallel-test-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const verdicts = async (name: string, ...args: readonly string[]): Promise<readonly string[]> => {
    const suite = new SuiteProcess({
      args: [...SCENARIOS, ...args],
      environment: { AUDIT_VAULT_DEFECT: DEFECT, VAULT_COMMAND: undefined, VAULT_BASE_URL: undefined },
      reports: path.join(folder, name),
    });
    const { exitCode, scenarios, lastWords } = await suite.run();
    expect(exitCode, lastWords).to.equal(1);
    return scenarios.map(({ uri, line, name, status }) => `${uri}:${line} ${name}: ${status}`);
  };

  it('is the same in one worker, in two, and on two machines', async () => {
    const [serial, parallel, ...shards] = await Promise.all([
      verdicts('serial', '--parallel', '0'),
      verdicts('parallel', '--parallel', '2'),
      verdicts('first', '--shard', '1/2'),
      verdicts('second', '--shard', '2/2'),
    ]);
    const expected = [...serial].sort();
    expect(expected.some((verdict) => verdict.endsWith(': failed'))).to.equal(true);
    expect(expected.some((verdict) => verdict.endsWith(': passed'))).to.equal(true);
    expect([...parallel].sort(), 'in two workers').to.deep.equal(expected);
    expect(shards.flat().sort(), 'on two machines').to.deep.equal(expected);
    for (const shard of shards) expect(shard.length, 'a shard').to.be.within(1, expected.length - 1);
  });
});
