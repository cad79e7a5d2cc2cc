import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { BucketScript } from './bucket-script';
import { clientOf, HOSTILE } from './gate-fixture';
import { S3Gate } from './s3-gate';

/** An S3 that checks signatures (version 4), as a real one does, and stores nothing. */
describe('what reaches the S3 behind the gate', () => {
  const verdicts: string[] = [];
  const script = new BucketScript();
  let server: Server;
  let gate: S3Gate;
  before(async () => {
    server = createServer((request, response) => {
      void buffer(request).then((body) => {
        verdicts.push(verdictOn(request, body));
        if (request.url?.includes('hang-up') === true) request.socket.destroy();
        else response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    gate = await S3Gate.open(script, {
      endpoint: `http://127.0.0.1:${port}`,
      bucketName: 'vault',
      contents: { has: async () => false },
    });
  });
  after(async () => {
    await gate.close();
    server.close();
  });

  it('bears the signature that the caller gave it', async () => {
    const client = clientOf(gate.endpoint.replace('127.0.0.1', 'localhost'));
    const at = { Bucket: 'vault', Key: '2026/01/01/a b+c/ü~*.json' };
    const length = HOSTILE.byteLength;
    await client.send(
      new PutObjectCommand({ ...at, Body: HOSTILE, IfNoneMatch: '*', Metadata: { note: ' a  b ' } }),
    );
    await client.send(new PutObjectCommand({ ...at, Body: Readable.from([HOSTILE]), ContentLength: length }));
    await client.send(new PutObjectCommand({ ...at, Body: '' }));
    await client.send(new GetObjectCommand({ ...at, Range: 'bytes=0-1' }));
    await client.send(new ListObjectsV2Command({ Bucket: 'vault', Prefix: 'a/b c+d', Delimiter: '/' }));
    client.destroy();
    expect(verdicts.splice(0)).to.deep.equal(Array(5).fill('valid'));
    expect(script.uploadsOf(at.Key).map(({ bytes }) => bytes)).to.deep.equal([length, length, 0]);
  });

  it('comes once more when an idle connection was closed just as it was used again', async () => {
    await fetch(`${gate.endpoint}/vault/first`);
    const answer = await fetch(`${gate.endpoint}/vault/hang-up`);
    expect(answer.status).to.equal(502);
    expect(verdicts.splice(0)).to.have.length(3);
    expect(gate.findings()).to.have.length(1);
  });
});

function verdictOn(request: IncomingMessage, body: Buffer): string {
  const { method, url = '', headers } = request;
  const parsed = /Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=(\w+)/.exec(
    headers.authorization ?? '',
  );
  if (parsed === null) return 'unsigned';
  const [, credential = '', signed = '', signature] = parsed;
  const [, date = '', region = '', service = ''] = credential.split('/');
  const contentHash = String(headers['x-amz-content-sha256']);
  if (/^[0-9a-f]{64}$/.test(contentHash) && contentHash !== sha256(body)) return 'other bytes';
  const [path = '', query = ''] = url.split('?');
  const canonical = [
    method,
    path,
    query
      .split('&')
      .map((pair) => (pair === '' || pair.includes('=') ? pair : `${pair}=`))
      .sort()
      .join('&'),
    ...signed.split(';').map((name) => `${name}:${String(headers[name]).trim().replace(/\s+/g, ' ')}`),
    '',
    signed,
    contentHash,
  ].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(Buffer.from(canonical))].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<Buffer>(
    (last, part) => createHmac('sha256', last).update(part).digest(),
    Buffer.from('AWS4suite-secret'),
  );
  const expected = createHmac('sha256', key).update(text).digest('hex');
  return signature === expected ? 'valid' : `invalid; signed: ${signed}; ${canonical}`;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
