import { AssertionError, expect } from 'chai';
import { AnswerError } from '../../services/answer';
import type { VaultAnswer } from '../../services/vault-client';
import { count } from '../bytes/safe-text';

/** What is asked, in the words of a row of a feature file, and what may stand beside it. */
type Row = readonly [question: string, ...beside: readonly string[]];

interface GivenAnswer {
  readonly row: Row;
  readonly answer: VaultAnswer;
}

/** Asks one thing after the other, and judges the answers together: each that is wrong is told, not the first alone. */
export class ManyAnswers {
  #given: readonly GivenAnswer[] = [];

  /** Asks for each row of a table. */
  async ask(rows: readonly (readonly string[])[], ask: (row: Row) => Promise<VaultAnswer>): Promise<void> {
    const given: GivenAnswer[] = [];
    for (const [question = '', ...beside] of rows) {
      const row: Row = [question, ...beside];
      given.push({ row, answer: await ask(row) });
    }
    this.#given = given;
  }

  /** @throws AssertionError that tells of each answer which `judge` throws an AssertionError or an AnswerError for */
  expectEach(judge: (answer: VaultAnswer, row: Row) => void): void {
    expect(this.#given, 'answers to judge').not.to.have.length(0);
    const wrong = this.#given.flatMap(({ row, answer }) => {
      try {
        judge(answer, row);
        return [];
      } catch (error) {
        if (!(error instanceof AssertionError || error instanceof AnswerError)) throw error;
        return [`| ${row.join(' | ')} | ${error.message}`];
      }
    });
    if (wrong.length > 0)
      expect.fail(
        `wrong are ${wrong.length} of ${count(this.#given.length, 'answer')}:\n${wrong.join('\n')}`,
      );
  }
}
