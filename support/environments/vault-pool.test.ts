import { describe, it } from 'node:test';
import { expect } from 'chai';
import { VaultPool } from './vault-pool';
import type { VaultUnderTest } from './vault-under-test';

/** A vault that only runs or does not. */
function vault(name: string, words: { readonly crash?: string } = {}) {
  const settings = { providers: [], retryBaseMs: 1, retryMaxAttempts: 1, leaseMs: 1, queueLimit: 1 };
  let running = true;
  const stub: VaultUnderTest = {
    description: name,
    baseUrl: name,
    settings: { ...settings, concurrency: 1, callTimeoutMs: 1 },
    get isRunning() {
      return running;
    },
    stop: async () => {
      running = false;
    },
    kill: async () => {
      running = false;
    },
    start: async () => {
      running = true;
    },
    startPeer: async () => stub,
    output: () => `${name}\n`,
    forgetOutput: () => undefined,
    crash: () => words.crash,
  };
  return stub;
}

const asked = (pool: VaultPool): readonly string[] => [
  pool.baseUrl,
  pool.baseUrl,
  pool.baseUrl,
  pool.baseUrl,
];

describe('VaultPool', () => {
  it('asks its members by turns', () => {
    expect(asked(new VaultPool([vault('a'), vault('b')]))).to.deep.equal(['b', 'a', 'b', 'a']);
  });

  it('does not ask a member that was killed, and asks it again once it was started', async () => {
    const [one, other] = [vault('a'), vault('b')];
    const pool = new VaultPool([one, other]);
    await one.kill();
    expect(asked(pool)).to.deep.equal(['b', 'b', 'b', 'b']);
    expect(pool.isRunning).to.equal(false);
    await pool.start();
    expect(new Set(asked(pool)).size).to.equal(2);
  });

  it('does not ask a member while something takes that it cannot answer in', async () => {
    const [one, other] = [vault('a'), vault('b')];
    const pool = new VaultPool([one, other]);
    await pool.without(other, async () => expect(new Set(asked(pool))).to.deep.equal(new Set(['a'])));
    expect(new Set(asked(pool)).size).to.equal(2);
  });

  it('tells what any of them wrote, and how any ended by itself', () => {
    const pool = new VaultPool([vault('a'), vault('b', { crash: 'the vault ended by itself' })]);
    expect(pool.output()).to.equal('a\nb\n');
    expect(pool.crash()).to.equal('the vault ended by itself');
  });
});
