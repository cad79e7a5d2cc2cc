import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, it } from 'node:test';
import { expect } from 'chai';
import { type RunningS3, startFauxqs } from './fauxqs-server';

describe('fauxqs in this process', () => {
  const running: RunningS3[] = [];
  const start = async (): Promise<RunningS3> => {
    const s3 = await startFauxqs();
    running.push(s3);
    return s3;
  };
  afterEach(async () => {
    await Promise.all(running.splice(0).map(async (s3) => await s3.stop()));
  });

  it('listens on 127.0.0.1 only, says what it is, and is gone when stopped', async () => {
    const s3 = await start();
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

  for (const quote of ['"', '&quot;', '&#34;', '&#x22;']) {
    it(`completes a multipart upload whose list writes a quote as ${quote}`, async () => {
      const s3 = await start();
      const object = `${s3.endpoint}/bucket/key`;
      await fetch(`${s3.endpoint}/bucket`, { method: 'PUT' });
      const begun = await (await fetch(`${object}?uploads`, { method: 'POST' })).text();
      const uploadId = /<UploadId>(.*?)<\/UploadId>/.exec(begun)?.[1] ?? '';
      const part = await fetch(`${object}?partNumber=1&uploadId=${uploadId}`, {
        method: 'PUT',
        body: 'bytes',
      });
      const etag = (part.headers.get('etag') ?? '').replaceAll('"', quote);
      const completed = await fetch(`${object}?uploadId=${uploadId}`, {
        method: 'POST',
        headers: { 'content-type': 'application/xml' },
        body: `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part></CompleteMultipartUpload>`,
      });
      expect(completed.status, await completed.text()).to.equal(200);
      expect(await (await fetch(object)).text()).to.equal('bytes');
    });
  }

  it('runs more than once', async () => {
    const both = await Promise.all([start(), start()]);
    expect(both[0].endpoint).not.to.equal(both[1].endpoint);
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
