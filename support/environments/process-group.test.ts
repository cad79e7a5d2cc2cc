import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { eventually } from '../assertions/eventually';
import { hasEnded, ProcessGroup, signalGroup } from './process-group';

const SKIP = existsSync('/proc/self/stat') ? false : 'there is no /proc here';

describe('a process group', () => {
  it('is gone after a kill, with what its command started', async () => {
    let output = '';
    const group = new ProcessGroup('sleep 60 & echo started; sleep 60', {}, (chunk) => {
      output += chunk;
    });
    await eventually(
      async () => output,
      (text) => text.includes('started'),
      { withinMs: 60_000, what: 'the command to start' },
    );
    expect(hasEnded(group.id)).to.equal(false);
    await group.kill();
    expect(group.ending).to.equal('signal SIGKILL');
    expect(signalGroup(group.id, 0) && !hasEnded(group.id)).to.equal(false);
  });

  it('has ended when nobody reaps what is left of it', { skip: SKIP }, async () => {
    // The shell becomes a sleep, which reaps nobody: a child with a group of its own stays behind, ended.
    const parent = spawn('/bin/sh', ['-c', "setsid sh -c 'echo $$' & exec sleep 60"], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [line]: Buffer[] = await once(parent.stdout, 'data');
      const id = Number(line);
      await eventually(
        async () => hasEnded(id),
        (ended) => ended,
        { withinMs: 60_000, what: `the group ${id} to have ended` },
      );
      expect(signalGroup(id, 0), 'the group can still be signalled').to.equal(true);
    } finally {
      parent.kill();
    }
  });
});
