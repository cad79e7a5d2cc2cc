import { describe, it } from 'node:test';
import { expect } from 'chai';
import type { VaultAnswer } from '../../services/vault-client';
import { ManyAnswers } from './many-answers';

function answered(status: number): VaultAnswer {
  return { status, headers: {}, body: Buffer.alloc(0) };
}

async function asked(...statuses: readonly number[]): Promise<ManyAnswers> {
  const answers = new ManyAnswers();
  const rows = statuses.map((status) => [`question ${status}`, `${status}`]);
  await answers.ask(rows, async ([, status]) => answered(Number(status)));
  return answers;
}

function expectRefused({ status }: VaultAnswer): void {
  expect(status).to.equal(400);
}

describe('ManyAnswers', () => {
  it('is content where every answer is right', async () => {
    (await asked(400, 400)).expectEach(expectRefused);
  });

  it('tells of every answer that is wrong, with its question, and of no other', async () => {
    const answers = await asked(202, 400, 500);
    expect(() => answers.expectEach(expectRefused)).to.throw(
      /^wrong are 2 of 3 answers:\n\| question 202 \| 202 \| expected 202 to equal 400\n\| question 500 \| 500 \| expected 500/,
    );
  });

  it('hands over what stands beside a question', async () => {
    (await asked(400, 415)).expectEach(({ status }, [, beside]) => expect(`${status}`).to.equal(beside));
  });

  it('does not judge what nobody asked', () => {
    expect(() => new ManyAnswers().expectEach(expectRefused)).to.throw('answers to judge');
  });

  it('leaves errors alone that are no verdict', async () => {
    const answers = await asked(400);
    expect(() =>
      answers.expectEach(() => {
        throw new TypeError('a mistake of the suite');
      }),
    ).to.throw(TypeError);
  });
});
