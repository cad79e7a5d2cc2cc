import { describe, it } from 'node:test';
import { expect } from 'chai';
import { z } from 'zod';
import { AnswerError, bodyOf, errorBody, expectAnswer, locationOf, mediaTypeOf } from './answer';
import { errorOf, type Handler, JSON_TYPE, StubVault } from './stub-vault';

const BYTES = Buffer.from([0x7b, 0xff, 0x00, 0x0d, 0x0a, 0x7d]);

describe('an answer', () => {
  const vault = StubVault.forTests();
  const shape = z.looseObject({ count: z.number() });
  const expected = async (status: number): Promise<unknown> => {
    const answer = await vault.client.send('GET', '/v1/x');
    return expectAnswer({ client: vault.client, method: 'GET', path: '/v1/x', answer }, status, shape);
  };

  it('may have more members and parameters than the contract names', async () => {
    vault.answersJson(200, { count: 1, more: true });
    expect(await expected(200)).to.deep.equal({ count: 1, more: true });
  });

  const wrong: Readonly<Record<string, readonly [Handler, RegExp]>> = {
    'another status': [
      (_, response) => response.writeHead(500).end('oh'),
      /^expected 200, but GET \/v1\/x answered 500 oh$/,
    ],
    'another media type': [
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('{"count":1}'),
      /^the media type is "text\/html", not application\/json: GET/,
    ],
    'no media type': [(_, response) => response.end('{"count":1}'), /^the media type is "none"/],
    'no JSON': [
      (_, response) => response.writeHead(200, JSON_TYPE).end('<html>'),
      /^the body is not JSON in UTF-8/,
    ],
    'no UTF-8': [
      (_, response) => response.writeHead(200, JSON_TYPE).end(BYTES),
      /^the body is not JSON in UTF-8/,
    ],
    'another shape': [
      (_, response) => response.writeHead(200, JSON_TYPE).end('{"count":"1"}'),
      /^the body has not the contract's shape \(count: .*expected number.*\): GET/,
    ],
    'no object': [
      (_, response) => response.writeHead(200, JSON_TYPE).end('null'),
      /contract's shape \(body: /,
    ],
  };
  for (const [what, [handler, message]] of Object.entries(wrong)) {
    it(`is refused in words when it has ${what}`, async () => {
      vault.handle = handler;
      const error = await errorOf(expected(200));
      expect(error).to.be.instanceOf(AnswerError);
      expect(error.message).to.match(message);
    });
  }

  it('knows the status it was refused with', async () => {
    vault.answersJson(503, { error: 'no MongoDB' });
    const error = await errorOf(expected(200));
    expect(error instanceof AnswerError && error.status).to.equal(503);
    const answer = await vault.client.send('GET', '/');
    expect(bodyOf({ client: vault.client, method: 'GET', path: '/', answer }, errorBody).error).to.equal(
      'no MongoDB',
    );
  });

  it('has a media type that is compared without its parameters and its case', () => {
    const typed = (type: string) => ({ status: 200, body: BYTES, headers: { 'content-type': type } });
    expect(mediaTypeOf(typed('Application/JSON ; charset=utf-8'))).to.equal('application/json');
    expect(mediaTypeOf({ status: 200, body: BYTES, headers: {} })).to.equal('');
  });

  it('has a Location that is a path at the vault, however it is written', () => {
    const at = (location: string) => ({ status: 202, body: BYTES, headers: { location } });
    const base = 'http://127.0.0.1:8080';
    for (const written of [
      '/v1/jobs/job-1',
      `${base}/v1/jobs/job-1`,
      'http://127.0.0.1:8080/v1/./jobs/job-1',
    ])
      expect(locationOf(at(written), base)).to.equal('/v1/jobs/job-1');
    for (const elsewhere of ['http://127.0.0.1:9/v1/jobs/job-1', 'https://127.0.0.1:8080/v1/jobs/job-1'])
      expect(locationOf(at(elsewhere), base)).to.equal(elsewhere);
    expect(locationOf({ status: 202, body: BYTES, headers: {} }, base)).to.equal(undefined);
  });
});
