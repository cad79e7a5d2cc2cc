import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { resetSocket } from './reset-socket';

/** Both ends of a connection; they and their server are gone afterwards. */
async function withConnection(work: (near: Socket, far: Socket) => Promise<void>): Promise<void> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const near = connect({ port: address !== null && typeof address === 'object' ? address.port : 0 });
  const [far]: Socket[] = await once(server, 'connection');
  try {
    if (far === undefined) throw new Error('there is no connection');
    for (const socket of [near, far]) socket.on('error', () => undefined).resume();
    await work(near, far);
  } finally {
    near.destroy();
    far?.destroy();
    server.close();
  }
}

describe('a socket that is reset', () => {
  it('is closed, and the other side meets a reset', async () => {
    await withConnection(async (near, far) => {
      const met = once(near, 'error');
      resetSocket(far);
      const [error]: unknown[] = await met;
      expect(error).to.have.property('code', 'ECONNRESET');
      expect(far.destroyed).to.equal(true);
    });
  });

  it('is closed even while its end is being sent', { timeout: 5_000 }, async () => {
    await withConnection(async (_near, far) => {
      const closed = once(far, 'close');
      far.end('the last words');
      resetSocket(far);
      await closed;
    });
  });

  it('may be reset twice', async () => {
    await withConnection(async (_near, far) => {
      resetSocket(far);
      resetSocket(far);
      expect(far.destroyed).to.equal(true);
    });
  });
});
