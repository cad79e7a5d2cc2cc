import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { expect } from 'chai';
import got from 'got';
import { eventually } from '../assertions/eventually';
import { CommandVault, VaultProcessError } from './command-vault';
import { OutputTail } from './output-tail';
import { hasEnded, isProcessOver, ProcessGroup, processStatIn } from './process-group';
import { VaultGroups } from './vault-groups';

const SETTINGS = {
  providers: ['okta'],
  retryBaseMs: 1,
  retryMaxAttempts: 1,
  leaseMs: 1,
  queueLimit: 1,
  concurrency: 1,
  callTimeoutMs: 1,
};

/**
 * A vault in a few lines: answers everything alike, and says in a file what it was told and by which signal
 * it ended.
 */
const VAULT = `
const { createServer } = require('node:http');
const { appendFileSync } = require('node:fs');
const note = (line) => appendFileSync(process.env.NOTES, line + '\\n');
process.on('SIGTERM', () => { note('SIGTERM'); setTimeout(() => process.exit(0), Number(process.env.LINGER ?? 0)); });
createServer((_, response) => response.writeHead(Number(process.env.STATUS ?? 200)).end(process.env.BODY ?? '{}'))
  .listen(Number(process.env.PORT), '127.0.0.1', () => note('lease ' + process.env.VAULT_LEASE_MS));
`;

describe('a vault that the suite starts', () => {
  let folder: string;
  let vault: CommandVault | undefined;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'command-vault-test-'));
    writeFileSync(path.join(folder, 'vault.js'), VAULT);
  });
  afterEach(async () => {
    await vault?.kill();
    vault = undefined;
    rmSync(folder, { recursive: true });
  });

  const notes = (): readonly string[] => {
    const file = path.join(folder, 'notes');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  };
  const groupsNoted = (): readonly string[] => {
    const groups = path.join(folder, 'vaults');
    return existsSync(groups) ? readdirSync(groups) : [];
  };
  const vaultBy = (
    command: string,
    environment: Readonly<Record<string, string>> = {},
    readyWithinMs = 10_000,
  ): CommandVault => {
    vault = new CommandVault({
      command,
      settings: SETTINGS,
      readyWithinMs,
      redact: (text) => text.replaceAll('hidden', '[redacted]'),
      groups: new VaultGroups(folder),
      environmentFor: (settings, port) => ({
        PATH: process.env.PATH ?? '',
        PORT: String(port),
        NOTES: path.join(folder, 'notes'),
        VAULT_LEASE_MS: String(settings.leaseMs),
        ...environment,
      }),
    });
    return vault;
  };
  const script = (): string => `node ${path.join(folder, 'vault.js')}`;
  const failureOf = async (starting: Promise<void>): Promise<VaultProcessError> => {
    const outcome = await starting.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(outcome).to.be.instanceOf(VaultProcessError);
    return outcome as VaultProcessError;
  };

  it('answers once it is started, and runs with other settings where it is told to', async () => {
    const mine = vaultBy(script());
    expect(mine.isRunning).to.equal(false);
    await mine.start({ leaseMs: 77 });
    expect(mine.settings.leaseMs).to.equal(77);
    expect(await got(`${mine.baseUrl}/v1/logs`).text()).to.equal('{}');
    await mine.start();
    expect(mine.settings).to.deep.equal(SETTINGS);
    expect(notes()).to.deep.equal(['lease 77', 'lease 1']);
    expect(mine.crash()).to.equal(undefined);
  });

  it('is given time to stop, even behind a shell that is gone at once', async () => {
    const mine = vaultBy(`cd / && ${script()}; true`, { LINGER: '200' });
    await mine.start();
    const [group] = groupsNoted();
    await mine.stop();
    expect(notes()).to.deep.equal(['lease 1', 'SIGTERM']);
    expect(hasEnded(Number(group))).to.equal(true);
    expect([mine.isRunning, groupsNoted()]).to.deep.equal([false, []]);
  });

  it('is gone after a kill, with all it started', async () => {
    const mine = vaultBy(`${script()} & ${script().replace('vault.js', 'other.js')} & wait`);
    // Memory takes time to give back, and its threads do not end all at once then.
    writeFileSync(path.join(folder, 'vault.js'), `${VAULT}global.much = Buffer.alloc(400_000_000, 1);`);
    const child = `require('node:child_process').spawn('sleep', ['60'], { stdio: 'inherit' }); setInterval(() => {}, 1000);`;
    writeFileSync(path.join(folder, 'other.js'), child);
    await mine.start();
    const [group] = groupsNoted();
    await mine.kill();
    expect(hasEnded(Number(group))).to.equal(true);
    expect(notes()).to.deep.equal(['lease 1']);
    await expectNoAnswer(mine.baseUrl);
  });

  it('is told of when it ends though nobody asked it to', async () => {
    const mine = vaultBy(`${script()} & sleep 0.5; echo hidden last words; exit 3`);
    await mine.start();
    const crash = await eventually(
      async () => mine.crash(),
      (words) => words !== undefined,
      { withinMs: 60_000, what: 'the vault to end' },
    );
    expect(crash).to.equal(
      'the vault ended by itself (exit code 3); its last output:\n[redacted] last words',
    );
  });

  it('fails with its last words when it ends before it is ready', async () => {
    const { message } = await failureOf(vaultBy('echo no MongoDB >&2; exit 7').start());
    expect(message).to.equal(
      'the vault ended before it was ready (exit code 7); its last output:\nno MongoDB',
    );
    expect(groupsNoted()).to.deep.equal([]);
  });

  it('fails with a word on it when there is no such command', async () => {
    expect((await failureOf(vaultBy('/no/such/vault').start())).message).to.match(
      /\(exit code 127\); .*not found/s,
    );
  });

  it('fails when it never gets ready, with what it answers instead', async () => {
    const { message } = await failureOf(vaultBy(script(), { STATUS: '503', BODY: '<html>' }, 1_000).start());
    expect(message).to.match(
      /waited 1,000 ms in vain for the vault to be ready .* "it answers 503"; it wrote nothing$/,
    );
    expect(groupsNoted()).to.deep.equal([]);
  });

  it('may flood its output: only the end is kept and quoted', async () => {
    const flood = `yes "$(printf 'x%.0s' $(seq 1000))" | head -c 20000000; echo; echo the end; exit 1`;
    const mine = vaultBy(flood);
    const { message } = await failureOf(mine.start());
    expect(message.length).to.be.lessThan(5_000);
    expect(message).to.match(/\nthe end$/);
    expect(mine.output().length).to.be.lessThan(70_000);
    expect(mine.output()).to.match(/^\(\d+ bytes before this\)\n/);
    mine.forgetOutput();
    expect(mine.output()).to.equal('');
  });

  it('can have a peer with the same settings, which is killed on its own', async () => {
    const mine = vaultBy(script());
    await mine.start({ leaseMs: 5 });
    const peer = await mine.startPeer();
    try {
      expect(peer.settings.leaseMs).to.equal(5);
      expect(peer.baseUrl).not.to.equal(mine.baseUrl);
      expect(groupsNoted()).to.have.length(2);
    } finally {
      await peer.kill();
    }
    expect(await got(`${mine.baseUrl}/v1/logs`).text()).to.equal('{}');
  });

  it('is ended by the coordinator when its worker is gone', async () => {
    const mine = vaultBy(script());
    await mine.start();
    const [group] = groupsNoted();
    new VaultGroups(folder).killAll();
    await eventually(
      async () => hasEnded(Number(group)),
      (ended) => ended,
      { withinMs: 60_000, what: 'the group to end' },
    );
    expect(groupsNoted()).to.deep.equal([]);
    mkdirSync(path.join(folder, 'empty'));
    new VaultGroups(path.join(folder, 'empty')).killAll();
  });

  it('is ended by its worker when the coordinator is gone, and the folder of the run with it', async () => {
    const lost = new VaultGroups(path.join(folder, 'gone'));
    const group = new ProcessGroup('sleep 60', { PATH: process.env.PATH ?? '' }, () => undefined);
    lost.started(group.id ?? 0);
    lost.killOwn();
    await eventually(
      async () => hasEnded(group.id),
      (ended) => ended,
      { withinMs: 60_000, what: 'the group to end' },
    );
    expect(existsSync(path.join(folder, 'gone'))).to.equal(false);
  });
});

async function expectNoAnswer(baseUrl: string): Promise<void> {
  const code = await got(baseUrl, { retry: { limit: 0 } }).then(
    () => 'an answer',
    (error: { readonly code?: string }) => error.code,
  );
  expect(code).to.equal('ECONNREFUSED');
}

describe('a process of a vault', () => {
  const stat = (state: string, threads: number): string =>
    `42 (a) vault) ${state} 1 41 41 0 -1 4228108 3685 0 0 0 4 81 0 0 20 0 ${threads} 0 4474486 0 0\n`;

  it('is told by the system with its group and its threads', () => {
    expect(processStatIn(stat('S', 11))).to.deep.equal({ state: 'S', group: 41, threads: 11 });
  });

  it('is over when its last thread is, which holds its ports that long', () => {
    const over = (state: string, threads: number): boolean =>
      isProcessOver(processStatIn(stat(state, threads)));
    expect([over('S', 1), over('Z', 2)]).to.deep.equal([false, false]);
    expect([over('Z', 1), over('X', 0)]).to.deep.equal([true, true]);
  });
});

describe('the last of what a process wrote', () => {
  it('is whole while it is short', () => {
    const tail = new OutputTail();
    tail.push(Buffer.from('one\ntw'));
    tail.push(Buffer.from('o\nthree\n'));
    expect(tail.text()).to.equal('one\ntwo\nthree\n');
    expect(tail.lastLines(2)).to.equal('two\nthree');
  });

  it('says how much went before it, however it came', () => {
    const tail = new OutputTail();
    tail.push(Buffer.alloc(200_000, 'a'));
    tail.push(Buffer.from('end'));
    expect(tail.text()).to.equal('(200000 bytes before this)\nend');
    tail.clear();
    tail.push(Buffer.alloc(100_000, 'b'));
    expect(tail.text()).to.match(/^\(34464 bytes before this\)\nb{65536}$/);
  });
});
