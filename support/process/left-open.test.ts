import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { leftOpen } from './left-open';

/** Runs this in a process of its own, that is to end 100 ms after. */
async function ended(what: string): Promise<{ readonly code: unknown; readonly err: string }> {
  const script = `require('./support/process/left-open.ts').endThoughOpen(100); process.exitCode = 1; ${what}`;
  const child = spawn(process.execPath, ['-r', 'ts-node/register', '-e', script], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, err };
}

describe('a process whose work is done', () => {
  it('ends though something was left open, with its exit code, and says what', async () => {
    const { code, err } = await ended(
      "setInterval(() => {}, 1000); require('node:net').createServer().listen(0, '127.0.0.1');",
    );
    expect(code).to.equal(1);
    expect(err)
      .to.match(/^Left open at the end of the run, [^:]*: /)
      .and.contain('a timer')
      .and.contain('a server');
  });

  it('ends at once, and says nothing, where nothing was', async () => {
    expect(await ended('')).to.deep.equal({ code: 1, err: '' });
  });

  it('counts what is open, and leaves out its own input and output', () => {
    expect(leftOpen(['TTYWrap', 'Timeout', 'TCPSocketWrap', 'Timeout', 'FooWrap'])).to.contain(
      ': a timer (2 times), a connection, FooWrap. ',
    );
  });
});
