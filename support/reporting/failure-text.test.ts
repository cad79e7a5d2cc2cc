import { describe, it } from 'node:test';
import { expect } from 'chai';
import { failureText } from './failure-text';

const OURS = '    at VaultWorld.<anonymous> (/suite/step-definitions/log.steps.ts:12:3)';
const THEIRS =
  '    at run (/suite/node_modules/got/index.js:1:1)\n    at node:internal/process/task_queues:95:5';

describe('failureText', () => {
  it('parts words from frames, and keeps our own frames only', () => {
    const message = `AnswerError: no answer\nto GET /v1/logs\n${OURS}\n${THEIRS}`;
    const exception = { type: 'AnswerError', message: 'no answer\nto GET /v1/logs' };
    expect(failureText({ message, exception })).to.deep.equal({
      words: 'no answer\nto GET /v1/logs',
      frames: [OURS.trim()],
    });
  });

  it('does not take a stack that is quoted in the message for the stack', () => {
    const quoted = `served a page:\n    at evil (/etc/passwd:1:1)\nand more`;
    const told = failureText({
      message: `Error: ${quoted}\n${OURS}`,
      exception: { type: 'Error', message: quoted },
    });
    expect(told).to.deep.equal({ words: quoted, frames: [OURS.trim()] });
  });

  it('keeps the class where it is the news', () => {
    expect(failureText({ message: `TypeError: x is not a function\n${OURS}` })?.words).to.equal(
      'TypeError: x is not a function',
    );
  });

  it('puts the sentence of chai before the difference', () => {
    const told = failureText({
      message: `AssertionError\n    + expected - actual\n\n     [\n    -1\n    +2\n     ]\n\n${OURS}`,
      exception: { type: 'AssertionError', message: 'expected [ 1 ] to deeply equal [ 2 ]' },
    });
    expect(told?.words).to.equal(
      'expected [ 1 ] to deeply equal [ 2 ]\n    + expected - actual\n\n     [\n    -1\n    +2\n     ]',
    );
  });

  it('leaves out a difference that only repeats the sentence', () => {
    const told = (sentence: string): string | undefined =>
      failureText({
        message: `AssertionError\n    + expected - actual\n\n    -1\n    +2\n\n${OURS}`,
        exception: { type: 'AssertionError', message: sentence },
      })?.words;
    expect(told('uploads of "login": expected 1 to equal 2')).to.equal(
      'uploads of "login": expected 1 to equal 2',
    );
    expect(told('they differ')).to.equal('they differ\n    + expected - actual\n\n    -1\n    +2');
  });

  it('writes a zero without a sign, and leaves what is quoted as it is', () => {
    const told = (words: string): string | undefined =>
      failureText({
        message: `AssertionError: ${words}`,
        exception: { type: 'AssertionError', message: words },
      })?.words;
    expect(told('expected { a: +0, b: +0 } to deeply equal [ +0, 1 ]')).to.equal(
      'expected { a: 0, b: 0 } to deeply equal [ 0, 1 ]',
    );
    expect(told('expected 3 to equal +0')).to.equal('expected 3 to equal 0');
    expect(told('a zone of +02:00 and a cursor +0/=')).to.equal('a zone of +02:00 and a cursor +0/=');
  });

  it('has nothing to say of a step that passed', () => {
    expect(failureText({})).to.equal(undefined);
  });

  it('keeps a message of many megabytes whole, so that whoever cuts it can say how long it is', () => {
    const message = 'x'.repeat(5_000_000);
    expect(failureText({ message: `Error: ${message}` })?.words).to.have.length(5_000_000);
    const exception = { type: 'Error', message };
    expect(failureText({ message: `Error: ${message}\n${OURS}`, exception })?.words).to.have.length(
      5_000_000,
    );
  });
});
