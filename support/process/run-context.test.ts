import { describe, it } from 'node:test';
import { expect } from 'chai';
import { SuiteError } from '../bytes/errors';
import { publishRunContext, RUN_CONTEXT_VARIABLE, type RunContext, runContext } from './run-context';

describe('the context of a run', () => {
  const context: RunContext = {
    mode: 'wire',
    runId: '00beef',
    seed: 7,
    corpusFolder: '/corpus',
    temporaryFolder: '/tmp/run',
    mongo: { uri: 'mongodb://127.0.0.1:1/', description: 'a stand-in', kind: 'stand-in' },
  };

  it('reaches a worker as it was published', () => {
    const environment: NodeJS.ProcessEnv = {};
    publishRunContext(context, environment);
    expect(Object.keys(environment)).to.deep.equal([RUN_CONTEXT_VARIABLE]);
    expect(runContext(environment)).to.deep.equal(context);
  });

  it('is missed with a sentence that says what to do', () => {
    expect(() => runContext({})).to.throw(SuiteError, /start the suite with "npm run bdd"/);
  });
});
