import { describe, it } from 'node:test';
import type { Envelope } from '@cucumber/messages';
import { expect } from 'chai';
import { stepPromiseProblems } from './step-promises';
import { queryOf } from './suite-messages';

const STEP = 'it is tried again';

/** One scenario with one outcome, as far as the check reads messages. */
const suite = (...ids: readonly string[]) =>
  queryOf(
    [
      { stepDefinition: { id: 'd', pattern: { source: STEP } } },
      {
        pickle: {
          id: 'p',
          name: 's',
          uri: 'x.feature',
          tags: ids.map((id) => ({ name: `@${id}` })),
          steps: [{ id: 'o', type: 'Outcome' }],
        },
      },
      { testCase: { pickleId: 'p', testSteps: [{ pickleStepId: 'o', stepDefinitionIds: ['d'] }] } },
    ].map((part) => part as object as Envelope),
  );

describe('stepPromiseProblems', () => {
  it('finds nothing where each requirement is named, or all are charged', () => {
    expect(stepPromiseProblems(suite('RES-1', 'RES-3'), { [STEP]: ['RES-1', 'RES-3'] })).to.deep.equal([]);
    expect(stepPromiseProblems(suite('RES-1', 'RES-3'), {})).to.deep.equal([]);
  });

  it('leaves to the end of a scenario what is found there', () => {
    expect(stepPromiseProblems(suite('API-12', 'SEC-3'), { [STEP]: ['API-12'] })).to.deep.equal([]);
  });

  for (const [words, table] of [
    ['"s" (x.feature) carries RES-3, which none of its steps names.', { [STEP]: ['RES-1'] }],
    ['No scenario has a step "it rests", which the table names.', { 'it rests': ['RES-1'] }],
    [`No scenario of FID-1 has the step "${STEP}", which names it.`, { [STEP]: ['RES-1', 'RES-3', 'FID-1'] }],
  ] as const) {
    it(`says: ${words}`, () => {
      expect(stepPromiseProblems(suite('RES-1', 'RES-3'), table)).to.deep.equal([words]);
    });
  }
});
