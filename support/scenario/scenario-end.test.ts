import { describe, it } from 'node:test';
import { expect } from 'chai';
import { AnswerError } from '../../services/answer';
import { errorOf } from '../../services/stub-vault';
import { NoAnswerError } from '../../services/vault-client';
import { TimeoutError } from '../assertions/eventually';
import { SuiteError } from '../bytes/errors';
import { VaultHealth } from '../environments/vault-health';
import { CONTRACT_IDS } from '../profile/log-shape';
import { ScenarioEndError } from './scenario-end';
import { EndedScenario, REQUEST } from './scenario-end-fixture';

describe('how a scenario ends', () => {
  it('heals, settles, judges, and empties the stores last', async () => {
    const scenario = new EndedScenario();
    scenario.ledger.accepted('job-1', REQUEST);
    await scenario.run();
    expect(scenario.done).to.deep.equal(['heal', 'await job-1', 'audit job-1', 'attachEvidence', 'empty']);
  });

  it('asks again for what got no answer, once the queue can take it', async () => {
    const scenario = new EndedScenario();
    scenario.ledger.accepted('job-1', REQUEST);
    scenario.ledger.unanswered(REQUEST);
    scenario.queueIsFull = 1;
    await scenario.run();
    expect(scenario.done.slice(1, 6)).to.deep.equal([
      'await job-1',
      'ask again',
      'ask again',
      'await job-again',
      'audit job-1 job-again',
    ]);
  });

  it('starts a vault that a scenario left down, for what it had taken on is owed', async () => {
    const scenario = new EndedScenario();
    scenario.isRunning = false;
    scenario.ledger.accepted('job-1', REQUEST);
    await scenario.run();
    expect(scenario.done.slice(0, 3)).to.deep.equal(['heal', 'start', 'await job-1']);
  });

  it('starts a vault anew that may still write what MongoDB did not answer', async () => {
    const { health, done } = new EndedScenario();
    const empty = async () => void done.push('empty');
    await health.scenarioEnded({ settled: true, mayWriteLate: true }, [], empty);
    expect(done).to.deep.equal(['kill', 'empty', 'start']);
  });

  it('fails when an armed fault was never met, unless the steps did not get that far', async () => {
    for (const stepsPassed of [true, false]) {
      const scenario = new EndedScenario();
      scenario.bucket.arm({ class: 'upload', key: 'k' }, { kind: 'hang' }, 1);
      const { message } = await errorOf(scenario.run(stepsPassed));
      expect(message).to.equal(
        stepsPassed
          ? 'armed, but never met, so nothing was proved by it: S3: no answer until released on upload of k'
          : 'it did not fail',
      );
    }
  });

  const LOG_2 = CONTRACT_IDS.mark({ providerId: 'okta', sourceId: 'evt-2' });

  it('fails for damage that no step did itself', async () => {
    const scenario = new EndedScenario();
    scenario.findings = [
      { damage: 'lost', subject: 'log_1', words: 'it is gone', requirement: 'API-2' },
      { damage: 'orphaned', subject: LOG_2, words: 'its object is gone', requirement: 'CON-5' },
    ];
    scenario.ledger.expect({ providerId: 'okta', sourceId: 'evt-2' }, 'orphaned');
    const error = await errorOf(scenario.run());
    expect(error).to.be.instanceOf(ScenarioEndError);
    expect(error.message).to.equal('LOST: log_1: it is gone [API-2]');
    expect(scenario.reported.map(({ requirement }) => requirement)).to.deep.equal(['API-2']);
    expect(scenario.done.slice(-2)).to.deep.equal(['attachEvidence of findings', 'empty']);
  });

  it('fails for a key that was to be tried and is told to MongoDB', async () => {
    const scenario = new EndedScenario();
    scenario.metadataGate.sawWatched = true;
    expect((await errorOf(scenario.run())).message).to.match(/told MongoDB a key .* \[SEC-10\]/);
  });

  it('fails for what the transports find and for secrets shown, all in one message', async () => {
    const scenario = new EndedScenario();
    scenario.transportFindings = ['the vault called a stranger'];
    scenario.exchanges.push({
      method: 'GET',
      path: '/v1/logs',
      sentMs: 0,
      tookMs: 1,
      requestBody: '',
      failure: undefined,
      answer: { status: 500, headers: {}, body: Buffer.from('{"error":"a-long-secret-key"}') },
    });
    const lines = (await errorOf(scenario.run())).message.split('\n');
    expect(lines[0]).to.equal('the vault called a stranger');
    expect(lines.slice(1).join())
      .to.match(/secret \[SEC-2\]$/)
      .and.not.to.include('a-long-secret-key');
    expect(scenario.reported.map(({ requirement }) => requirement)).to.deep.equal([undefined, 'SEC-2']);
  });

  it("tells the vault's own key from one that it was to try, wherever either is shown", async () => {
    for (const [key, id] of [
      ['a-long-secret-key', 'SEC-2'],
      ['a-key-that-is-to-be-tried', 'SEC-10'],
    ]) {
      const scenario = new EndedScenario();
      scenario.output = `ready\ntrying ${key}\n`;
      const { message } = await errorOf(scenario.run());
      expect(message).to.equal(`the vault wrote a secret to its output: "trying [redacted]" [${id}]`);
    }
  });

  it('says once what it finds again and again', async () => {
    const scenario = new EndedScenario();
    const finding = {
      damage: 'altered',
      subject: 'log_1',
      words: 'it is another',
      requirement: 'FID-1',
    } as const;
    scenario.findings = [finding, finding, { ...finding, subject: 'log_2' }];
    expect((await errorOf(scenario.run())).message.split('\n')).to.have.length(2);
  });

  it('shows a screenful of what is wrong, and is charged with all of it', async () => {
    const scenario = new EndedScenario();
    scenario.findings = Array.from({ length: 20 }, (_, at) => ({
      damage: 'altered',
      subject: `log_${at}`,
      words: 'it is another',
      requirement: at < 12 ? 'FID-1' : 'FID-2',
    }));
    const lines = (await errorOf(scenario.run())).message.split('\n');
    expect(lines).to.have.length(11);
    expect(lines[10]).to.equal('and 10 more of the kind [FID-1, FID-2]');
    expect(scenario.reported).to.have.length(20);
  });

  describe('with a vault that does not settle', () => {
    const unsettled = (): EndedScenario => {
      const scenario = new EndedScenario();
      scenario.ledger.accepted('job-1', REQUEST);
      scenario.jobEnds = async () => {
        throw new TimeoutError('job job-1 to end', 20, 1, undefined, undefined);
      };
      return scenario;
    };

    it('judges nothing, and empties the stores between its end and its new start', async () => {
      const scenario = unsettled();
      const { message } = await errorOf(scenario.run());
      expect(message).to.match(/^the vault did not settle after the scenario: waited 20 ms in vain/);
      expect(scenario.done).to.deep.equal([
        'heal',
        'await job-1',
        'attachEvidence of findings',
        'kill',
        'empty',
        'start',
      ]);
      expect(scenario.health.givenUp).to.equal(undefined);
    });

    it('waits for calls that are under way, but not for ever', async () => {
      const scenario = new EndedScenario();
      scenario.callsUnderWay = 1;
      const run = errorOf(scenario.run());
      setTimeout(() => {
        scenario.callsUnderWay = 0;
      }, 400);
      expect((await run).message).to.match(/for the vault's calls to its provider and to S3 to end/);
    });

    it('gives it up when it cannot be started again', async () => {
      const scenario = unsettled();
      scenario.starting = async () => {
        throw new Error('no such command');
      };
      expect((await errorOf(scenario.run())).message).to.match(/it could not be restarted: no such command$/);
      expect(scenario.health.givenUp).to.equal('the vault could not be restarted after an earlier scenario');
    });

    it('gives it up after five scenarios in a row, not after five in all', async () => {
      const scenario = unsettled();
      const settled = new EndedScenario().jobEnds;
      const { jobEnds } = scenario;
      for (const ends of [jobEnds, settled, jobEnds, jobEnds, jobEnds, jobEnds]) {
        scenario.jobEnds = ends;
        await errorOf(scenario.run());
        expect(scenario.health.givenUp).to.equal(undefined);
      }
      await errorOf(scenario.run());
      expect(scenario.health.givenUp).to.match(/5 scenarios in a row/);
    });

    it('gives it up once patience is used up, even if it settles now and then', async () => {
      const scenario = new EndedScenario();
      scenario.patience.ranOut(performance.now() - 600_000);
      await scenario.run();
      expect(scenario.health.givenUp).to.equal(
        'the vault was waited for in vain in too many earlier scenarios',
      );
    });

    it('gives it up at once where the suite cannot restart it', async () => {
      const { vault, patience, done } = new EndedScenario();
      const health = new VaultHealth(vault, false, patience);
      await health.scenarioEnded({ settled: false, mayWriteLate: false }, [], async () => undefined);
      expect(health.givenUp).to.match(/the suite cannot restart it/);
      expect(done).to.deep.equal([]);
    });
  });

  it('reports a crash with its words, and starts the vault again', async () => {
    const scenario = new EndedScenario();
    scenario.crash = 'the vault ended by itself (exit code 3)';
    scenario.ledger.accepted('job-1', REQUEST);
    expect((await errorOf(scenario.run())).message).to.equal('the vault ended by itself (exit code 3)');
    expect(scenario.done.slice(-3)).to.deep.equal(['kill', 'empty', 'start']);
  });

  it('reports a crash that was learnt of only after the vault gave no answer', async () => {
    const scenario = new EndedScenario();
    scenario.ledger.accepted('job-1', REQUEST);
    scenario.jobEnds = async () => {
      setTimeout(() => {
        scenario.crash = 'the vault ended by itself (exit code 9)';
      }, 5);
      throw new NoAnswerError('refused');
    };
    expect((await errorOf(scenario.run())).message).to.equal('the vault ended by itself (exit code 9)');
  });

  it("lays a broken answer at the vault's door, a broken store at the suite's", async () => {
    for (const vaults of [new NoAnswerError('hung up'), new AnswerError('no JSON', 200)]) {
      const scenario = new EndedScenario();
      scenario.auditing = async () => {
        throw vaults;
      };
      const error = await errorOf(scenario.run());
      expect(error).to.be.instanceOf(ScenarioEndError);
      expect(error.message).to.equal(`the vault could not be audited: ${vaults.message}`);
    }
    const scenario = new EndedScenario();
    scenario.auditing = async () => {
      throw new Error('connection refused');
    };
    scenario.emptying = scenario.auditing;
    const error = await errorOf(scenario.run());
    expect(error).to.be.instanceOf(SuiteError);
    expect(error.message).to.match(
      /look into its stores \(connection refused\); the stores could not be emptied/,
    );
    expect(scenario.health.givenUp).to.equal('the stores could not be emptied after an earlier scenario');
  });

  it('leaves nothing behind of a scenario that the suite could not carry out, and judges nothing', async () => {
    const scenario = new EndedScenario();
    scenario.ledger.accepted('job-1', REQUEST);
    scenario.bucket.arm({ class: 'upload' }, { kind: 'hang' }, 1);
    await scenario.end.abandon();
    expect(scenario.done).to.deep.equal(['heal', 'await job-1', 'empty']);
  });
});
