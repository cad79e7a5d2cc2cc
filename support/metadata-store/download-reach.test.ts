import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { expect } from 'chai';
import { whyDownloadIsOutOfReach } from './download-reach';

/** A connection that nobody gives up takes longer. */
const NOT_LIMITED_MS = 20_000;

describe('whether MongoDB can be downloaded', () => {
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await Promise.all(servers.splice(0).map((server) => once(server.close(), 'close')));
  });

  async function listen(answer: (socket: Socket) => void): Promise<number> {
    const server = createServer((socket) => {
      sockets.push(socket.on('error', () => undefined));
      answer(socket);
    });
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return (server.address() as AddressInfo).port;
  }

  async function timed(
    environment: Record<string, string>,
  ): Promise<{ why: string | undefined; ms: number }> {
    const start = performance.now();
    const why = await whyDownloadIsOutOfReach(environment, 150);
    return { why, ms: performance.now() - start };
  }

  it('notices a name that does not exist', async () => {
    const { why, ms } = await timed({ MONGOMS_DOWNLOAD_MIRROR: 'https://mirror.invalid' });
    expect(why).to.match(/^mirror\.invalid cannot be reached/);
    expect(ms).to.be.below(NOT_LIMITED_MS);
  });

  it('notices a network that swallows packets', async () => {
    const { why, ms } = await timed({ MONGOMS_DOWNLOAD_MIRROR: 'https://192.0.2.1' });
    expect(why).to.match(/^192\.0\.2\.1 cannot be reached/);
    expect(ms).to.be.below(NOT_LIMITED_MS);
  });

  it('notices a host that accepts and stays silent', async () => {
    const port = await listen(() => undefined);
    const { why, ms } = await timed({ MONGOMS_DOWNLOAD_MIRROR: `https://127.0.0.1:${port}` });
    expect(why).to.match(/no answer in time/);
    expect(ms).to.be.below(NOT_LIMITED_MS);
  });

  it('is content with a mirror on plain HTTP that listens', async () => {
    const port = await listen(() => undefined);
    expect((await timed({ MONGOMS_DOWNLOAD_MIRROR: `http://localhost:${port}` })).why).to.equal(undefined);
  });

  it('asks a proxy to let it through', async () => {
    const asked: string[] = [];
    const port = await listen((socket) => {
      socket.once('data', (request) => {
        asked.push(request.toString());
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      });
    });
    expect((await timed({ HTTPS_PROXY: `http://me:secret@127.0.0.1:${port}` })).why).to.equal(undefined);
    expect(asked[0]).to.match(/^CONNECT fastdl\.mongodb\.org:443 HTTP\/1\.1\r\n/);
    expect(asked[0]).to.contain(`Basic ${Buffer.from('me:secret').toString('base64')}`);
  });

  it('takes a proxy that refuses for an obstacle, and keeps its password to itself', async () => {
    const port = await listen((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
    });
    const { why } = await timed({ https_proxy: `http://me:secret@127.0.0.1:${port}` });
    expect(why).to.equal(`127.0.0.1:${port} cannot be reached (the proxy answered 403)`);
  });

  it('says so when the mirror is no URL', async () => {
    expect((await timed({ MONGOMS_DOWNLOAD_MIRROR: 'mirror' })).why).to.match(/is not a URL/);
  });
});
