import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { startFauxqs } from './fauxqs-server';

describe('fauxqs in this process', () => {
  it('listens on 127.0.0.1 only, says what it is, and is gone when stopped', async () => {
    const s3 = await startFauxqs();
    const { version } = require('../../node_modules/fauxqs/package.json') as { readonly version: string };
    expect(s3.description).to.equal(`fauxqs ${version}`);
    expect(s3.endpoint).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(s3.endpoint)).status).to.equal(200);
    const port = Number(new URL(s3.endpoint).port);
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((each) => each?.family === 'IPv4' && !each.internal);
    if (outside !== undefined) expect(await isOpen(port, outside.address)).to.equal(false);
    await s3.stop();
    expect(await isOpen(port, '127.0.0.1')).to.equal(false);
  });

  it('runs more than once', async () => {
    const both = await Promise.all([startFauxqs(), startFauxqs()]);
    expect(both[0].endpoint).not.to.equal(both[1].endpoint);
    await Promise.all(both.map(async (s3) => await s3.stop()));
  });
});

async function isOpen(port: number, host: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, host, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
