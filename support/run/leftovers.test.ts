import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { eventually } from '../assertions/eventually';
import { REFERENCE_VAULT as VAULT_COMMAND } from './default-vault';

/** The command behind `npm run bdd:wire`. */
const SUITE = [process.execPath, '-r', 'ts-node/register', 'support/run/bdd.ts', '--profile', 'wire'];
const DEFECTS = [process.execPath, '-r', 'ts-node/register', 'proving/defects/defects.ts', '--smoke'];
const BY_NPM = ['npm', 'run', '--silent', 'bdd:wire', '--'];
/** A bound for a machine that is busy with much else. */
const SOON_MS = 180_000;
/** Less than loading takes on a quick machine. */
const LOADING_TICKS = 60;
const SKIP = existsSync('/proc/self/environ') ? false : 'there is no /proc here';

/**
 * A run of the suite in a process group of its own, which can be told by a mark from everything else on this
 * machine.
 */
class MarkedRun {
  readonly #mark = `AUDIT_VAULT_TEST_MARK=${randomUUID()}`;
  readonly #temporary: string;
  readonly #child: ChildProcess;
  readonly #exit: Promise<number | null>;
  output = '';

  constructor(base: string, command: readonly string[], environment: Readonly<Record<string, string>>) {
    this.#temporary = mkdtempSync(path.join(base, 'run-'));
    const [name = '', value = ''] = this.#mark.split('=');
    const { VAULT_COMMAND: _, VAULT_BASE_URL: __, MONGODB_URI: ___, ...inherited } = process.env;
    const [program = '', ...args] = command;
    this.#child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...inherited,
        [name]: value,
        TMPDIR: this.#temporary,
        AUDIT_VAULT_REPORTS: path.join(base, path.basename(this.#temporary), 'reports'),
        ...environment,
      },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk;
      });
    }
    this.#exit = once(this.#child, 'close').then(([code]: (number | null)[]) => code ?? null);
  }

  /** Waits until the run has said something. */
  async until(said: RegExp): Promise<void> {
    await eventually(
      async () => this.output,
      (output) => said.test(output),
      { withinMs: SOON_MS, what: `the run to say ${said}` },
    );
  }

  /**
   * Waits until a process that runs such a file is being loaded: it has worked for a while, and can have done
   * nothing yet.
   */
  async untilLoading(file: string): Promise<void> {
    await eventually(
      async () =>
        this.processes()
          .filter((id) => commandOf(id).includes(file))
          .map(processorTicksOf),
      (ticks) => ticks.some((spent) => spent >= LOADING_TICKS),
      { withinMs: SOON_MS, everyMs: 20, what: `${file} to be loading` },
    );
  }

  /** As a terminal does on Ctrl-C: everybody in the foreground hears it. */
  interrupt(): void {
    if (this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGINT');
  }

  /** As a supervisor does: only the process that it started hears it. */
  tell(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Whatever carries the run's mark in its environment: its processes, by id. */
  processes(): readonly string[] {
    return readdirSync('/proc').filter(
      (id) => /^\d+$/.test(id) && readable(`/proc/${id}/environ`).includes(this.#mark),
    );
  }

  /** The TCP ports that the run listens on now. */
  ports(): readonly number[] {
    const sockets = new Set(this.processes().flatMap(socketsOf));
    return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
      readable(table)
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter(([, , , state, , , , , , inode = '']) => state === '0A' && sockets.has(inode))
        .map(([, local = '']) => Number.parseInt(local.split(':')[1] ?? '', 16)),
    );
  }

  /** The verdict that its reports give, and why. */
  verdict(): string {
    const file = path.join(this.#temporary, 'reports', 'conformance.json');
    const { verdict, reason } = JSON.parse(readFileSync(file, 'utf8'));
    return `${verdict}: ${reason}`;
  }

  /** The exit code, once it is established that the run has left nothing behind. */
  async end(ports: readonly number[] = []): Promise<number | null> {
    const code = await this.#exit;
    expect(this.processes().map(commandOf), `processes left behind\n${this.output}`).to.deep.equal([]);
    const left = readdirSync(this.#temporary).filter((name) => name.startsWith('audit-vault'));
    expect(left, 'temporary folders left behind').to.deep.equal([]);
    for (const port of ports) expect(await isOpen(port), `port ${port} is still open`).to.equal(false);
    return code;
  }
}

function readable(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function commandOf(id: string): string {
  return readable(`/proc/${id}/cmdline`).replaceAll('\0', ' ');
}

/** The processor time that a process has used, in hundredths of a second. */
function processorTicksOf(id: string): number {
  const [user = '', system = ''] =
    readable(`/proc/${id}/stat`).split(') ').at(-1)?.split(' ').slice(11, 13) ?? [];
  return Number(user) + Number(system);
}

function socketsOf(id: string): readonly string[] {
  try {
    return readdirSync(`/proc/${id}/fd`).flatMap((descriptor) => {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${id}/fd/${descriptor}`)) ?? [];
      return inode === undefined ? [] : [inode];
    });
  } catch {
    return [];
  }
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const open = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return open;
}

describe('a run leaves nothing behind', { skip: SKIP, concurrency: 2 }, () => {
  let base: string;
  before(() => {
    base = mkdtempSync(path.join(tmpdir(), 'leftovers-test-'));
  });
  after(() => rmSync(base, { recursive: true }));

  const wire = (environment: Readonly<Record<string, string>>, ...args: readonly string[]): MarkedRun =>
    new MarkedRun(base, [...SUITE, ...args], environment);
  const ONE = ['--name', '^Storage asks twice to slow down, then recovers$'];

  it('when it ends by itself', async () => {
    const run = wire({ VAULT_COMMAND }, ...ONE);
    expect(await run.end(), run.output).to.equal(0);
  });

  it('when the vault never gets ready, and says so', async () => {
    const run = wire({ VAULT_COMMAND: 'sleep 60 & echo no database; exit 1' }, ...ONE);
    expect(await run.end(), run.output).to.equal(2);
    expect(run.output).to.include('Verdict: not judged: the vault ended before it was ready (exit code 1)');
    expect(run.output).to.include('no database');
  });

  it('when somebody presses Ctrl-C in the middle', async () => {
    const run = wire({ VAULT_COMMAND }, '--tags', '@core');
    await run.until(/✓/);
    const ports = run.ports();
    expect(ports.length, 'the provider, the gates, what stands behind them, and the vault').to.be.at.least(5);
    run.interrupt();
    expect(await run.end(ports), run.output).to.equal(130);
    expect(run.verdict()).to.equal('not judged: the run was ended by SIGINT');
    expect(run.output).to.match(/\nVerdict: not judged: the run was ended by SIGINT\n$/);
  });

  it('when the coordinator of several workers alone is told to end', async () => {
    const run = wire({ VAULT_COMMAND }, '--tags', '@core', '--parallel', '2');
    await run.until(/✓/);
    const ports = run.ports();
    run.tell('SIGTERM');
    expect(await run.end(ports), run.output).to.equal(143);
    expect(run.output).not.to.match(/ERR_IPC|^ +at \S+ \(/m);
    expect(run.verdict()).to.equal('not judged: the run was ended by SIGTERM');
  });

  it('when the coordinator is told to end while its workers are being loaded', async () => {
    const run = wire({ VAULT_COMMAND }, '--tags', '@core', '--parallel', '2');
    await run.untilLoading('run_worker');
    run.tell('SIGINT');
    expect(await run.end(), run.output).to.equal(130);
    expect(run.output).not.to.match(/ERR_IPC|^ +at \S+ \(/m);
  });

  it('when the runner of the defects is told to end while it tries some', async () => {
    const run = new MarkedRun(base, DEFECTS, {});
    await run.untilLoading('bench-process');
    run.tell('SIGINT');
    expect(await run.end(), run.output).to.equal(130);
  });

  it('when npm alone is told to end', async () => {
    const run = new MarkedRun(base, [...BY_NPM, '--tags', '@core'], { VAULT_COMMAND });
    await run.until(/✓/);
    const ports = run.ports();
    run.tell('SIGTERM');
    await run.end(ports);
    expect(run.output).to.match(/Cleaning up: the run was ended with npm\./);
  });

  describe('and says in one sentence why it cannot judge', () => {
    const sentenceOf = (run: MarkedRun): string | undefined =>
      run.output.split('\n').find((line) => line.startsWith('Verdict: not judged: '));

    it('when a port is taken', async () => {
      const taken = createServer().listen(0, '127.0.0.1');
      await once(taken, 'listening');
      try {
        const address = taken.address();
        const port = address !== null && typeof address === 'object' ? String(address.port) : '';
        const run = wire({ VAULT_BASE_URL: 'http://127.0.0.1:9', PROVIDER_PORT: port }, ...ONE);
        expect(await run.end(), run.output).to.equal(2);
        expect(sentenceOf(run)).to.match(
          new RegExp(
            `The mock provider cannot listen on 127.0.0.1:${port} .*: stop what uses that port or choose another.$`,
          ),
        );
      } finally {
        taken.close();
      }
    });

    it('when a variable is misspelt', async () => {
      const run = wire({ VAULT_COMAND: VAULT_COMMAND }, ...ONE);
      expect(await run.end(), run.output).to.equal(2);
      expect(sentenceOf(run)).to.match(
        /VAULT_COMAND is no variable of this suite: did you mean VAULT_COMMAND\?$/,
      );
    });

    it('when MongoDB cannot be reached', async () => {
      const run = wire({ VAULT_COMMAND, MONGODB_URI: 'mongodb://user:hidden@127.0.0.1:9/' }, ...ONE);
      expect(await run.end(), run.output).to.equal(2);
      expect(sentenceOf(run)).to.match(
        /The MongoDB that MONGODB_URI names \(mongodb:\/\/127.0.0.1:9\) cannot be used/,
      );
      expect(run.output).not.to.include('hidden');
    });
  });
});
