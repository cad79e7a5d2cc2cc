import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { eventually } from '../assertions/eventually';
import { RemoteVault } from './remote-vault';
import { VaultHealth } from './vault-health';
import type { RunSettings } from './vault-under-test';

const AWAY_AT_MOST_MS = 600;

async function listening(port = 0): Promise<Server> {
  const server = createServer((socket) => socket.end()).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

/** A vault that somebody else runs, and whether it can still be judged. */
function watched(port: number): { readonly vault: RemoteVault; readonly health: VaultHealth } {
  const vault = new RemoteVault(`http://127.0.0.1:${port}`, {} as RunSettings, AWAY_AT_MOST_MS);
  return { vault, health: new VaultHealth(vault, false, { isUsedUp: false }) };
}

describe('a vault that somebody else runs', () => {
  it('is there while somebody takes connections', async () => {
    const server = await listening();
    expect(await watched(portOf(server)).health.stopped()).to.equal(undefined);
    await close(server);
  });

  it('has stopped when nobody has for a while, and then nothing more is judged', async () => {
    const server = await listening();
    await close(server);
    const { health } = watched(portOf(server));
    expect(await health.stopped()).to.match(/^the vault at http:\S+ stopped answering$/);
    await health.scenarioEnded({ settled: false, mayWriteLate: false }, [], async () => undefined);
    expect(health.givenUp).to.match(/stopped answering$/);
  });

  it('is there where it is back soon, as one that is restarted', async () => {
    const server = await listening();
    const port = portOf(server);
    await close(server);
    const stopped = watched(port).health.stopped();
    await wait(AWAY_AT_MOST_MS / 4);
    const again = await listening(port);
    expect(await stopped).to.equal(undefined);
    await close(again);
  });

  it('tells whoever asks again and again of its end', async () => {
    const server = await listening();
    await close(server);
    const { vault } = watched(portOf(server));
    const crash = await eventually(
      async () => vault.crash(),
      (words) => words !== undefined,
      { withinMs: 10_000, what: 'news of its end' },
    );
    expect(crash).to.match(/stopped answering$/);
  });
});
