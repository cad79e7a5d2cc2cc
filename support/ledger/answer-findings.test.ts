import { describe, it } from 'node:test';
import { expect } from 'chai';
import { type Exchange, READ_AS_STREAM } from '../../services/vault-client';
import { answerFindings, answerFindingTexts } from './answer-findings';

const SECRET = 'key-0123456789abcdef';

function exchange(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Exchange {
  return {
    method: 'GET',
    path: '/v1/jobs/7',
    sentMs: 0,
    tookMs: 1,
    requestBody: '',
    answer: { status, headers, body: Buffer.from(body) },
    failure: undefined,
  };
}

function found(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): readonly string[] {
  return answerFindingTexts([exchange(status, body, headers)], [SECRET]);
}

describe('answerFindings', () => {
  it('has nothing against a plain error and a plain success', () => {
    expect(found(404, '{"error":"There is no such job, at least not at 12:30:15."}')).to.deep.equal([]);
    expect(found(200, '{"state":"pending"}')).to.deep.equal([]);
    expect(found(405, '')).to.deep.equal([]);
  });

  it('does not ask what an error says whose reader took it as a stream', () => {
    const { answer, ...asked } = exchange(503, '');
    const opened = { ...asked, answer: answer && { ...answer, body: READ_AS_STREAM } };
    expect(answerFindingTexts([opened], [SECRET])).to.deep.equal([]);
  });

  it('sees a secret in a body and in a header, whatever the status', () => {
    const words = ['the answer to GET /v1/jobs/7 (200) shows a secret'];
    expect(found(200, `{"key":"${SECRET}"}`)).to.deep.equal(words);
    expect(found(200, '{}', { 'x-debug': SECRET })).to.deep.equal(words);
  });

  it('says which requirement is broken', () => {
    const told = exchange(500, `{"message":"${SECRET}"}`);
    const ids = (own: readonly string[], tried: readonly string[]): readonly (string | undefined)[] =>
      answerFindings([told], { own, tried }).map(({ requirement }) => requirement);
    expect(ids([SECRET], [])).to.deep.equal(['SEC-2', 'SEC-3']);
    expect(ids([], [SECRET])).to.deep.equal(['SEC-10', 'SEC-3']);
  });

  for (const [language, trace] of Object.entries({
    JavaScript: 'Error: no\n    at Worker.run (/srv/vault/worker.js:12:7)',
    'JavaScript without a name': 'Error: no\n    at /srv/vault/worker.js:12:7',
    'asynchronous JavaScript': 'Error: no\n    at async Vault.#stop (/srv/vault/vault.js:12:7)',
    Java: 'java.lang.Error\n\tat vault.Worker.run(Worker.java:12)',
    Python: 'Traceback (most recent call last):\n  File "/srv/vault.py", line 12, in run',
    Go: 'goroutine 17 [running]:\nmain.run()',
    Rust: "thread 'main' panicked at src/main.rs:12:7",
  })) {
    it(`sees a stack trace of ${language}`, () => {
      expect(found(500, JSON.stringify({ error: trace }))).to.deep.equal([
        'the answer to GET /v1/jobs/7 (500) shows a stack trace',
      ]);
    });
  }

  for (const body of ['nothing', '{"message":"no"}', '{"error":""}', '{"error":{"code":1}}', '[]', 'null']) {
    it(`sees that ${body} says nothing in its error`, () => {
      expect(found(400, body)).to.deep.equal([
        'the answer to GET /v1/jobs/7 (400) has no text in its "error"',
      ]);
    });
  }
});
