import { describe, it } from 'node:test';
import { expect } from 'chai';
import { AnswerError } from '../../services/answer';
import type { Job, JobState } from '../../services/job-service';
import { errorOf } from '../../services/stub-vault';
import { NoAnswerError } from '../../services/vault-client';
import { TimeoutError } from '../assertions/eventually';
import { Patience } from '../environments/patience';
import { JobLifeError, JobWatcher, VaultCrashError } from './job-watcher';
import { jobThat } from './scenario-end-fixture';

const patienceOf = (jobMs: number): Patience =>
  new Patience({ answerMs: 10, jobMs, neverMs: 30, leastJobMs: 10, workDone: () => 0 });

describe('a job that is watched', () => {
  const watching = (
    ...answers: readonly (JobState | Error)[]
  ): { readonly watcher: JobWatcher; readonly asked: () => number } => {
    let asked = 0;
    const get = async (jobId: string): Promise<Job> => {
      const answer = answers[Math.min(asked, answers.length - 1)] ?? 'pending';
      asked += 1;
      if (answer instanceof Error) throw answer;
      return jobThat(answer, jobId);
    };
    const patience = patienceOf(2_000);
    return { watcher: new JobWatcher({ get }, patience, () => undefined), asked: () => asked };
  };

  it('is followed to its end', async () => {
    const { watcher } = watching('pending', 'pending', 'processing', 'completed');
    expect((await watcher.untilEnded('job-1')).state).to.equal('completed');
    expect(watcher.statesOf('job-1')).to.deep.equal(['pending', 'processing', 'completed']);
  });

  it('may not go backwards, even if it ends well', async () => {
    const { watcher, asked } = watching('processing', 'pending', 'processing', 'completed');
    const error = await errorOf(watcher.untilEnded('job-1'));
    expect(error).to.be.instanceOf(JobLifeError);
    expect(error.message).to.equal(
      'job job-1 went from processing to pending (states seen: processing -> pending)',
    );
    expect(asked()).to.equal(2);
  });

  it('may not change after its end', async () => {
    expect((await errorOf(watching('completed', 'failed').watcher.staysEnded('job-1'))).message).to.match(
      /went from completed to failed/,
    );
    await watching('failed').watcher.staysEnded('job-1');
  });

  it('is waited for while MongoDB or the vault is away, but not when its answer is wrong', async () => {
    const outage = new AnswerError('expected 200, but 503', 503);
    const away = new NoAnswerError('refused');
    const { watcher } = watching(outage, away, 'completed');
    expect((await watcher.untilEnded('job-1')).state).to.equal('completed');
    const wrong = watching(new AnswerError('the body is not JSON', 200), 'completed');
    expect(await errorOf(wrong.watcher.untilEnded('job-1'))).to.be.instanceOf(AnswerError);
    expect(wrong.asked()).to.equal(1);
  });

  it('is not waited for when its vault has crashed', async () => {
    const get = async (): Promise<Job> => jobThat('pending');
    const watcher = new JobWatcher({ get }, patienceOf(2_000), () => 'the vault ended by itself');
    expect(await errorOf(watcher.untilEnded('job-1'))).to.be.instanceOf(VaultCrashError);
  });

  it('is waited for in vain once, and looked at from then on', async () => {
    let state: JobState = 'processing';
    const get = async (jobId: string): Promise<Job> => jobThat(state, jobId);
    const watcher = new JobWatcher({ get }, patienceOf(10), () => undefined);
    expect(await errorOf(watcher.untilEnded('job-1'))).to.be.instanceOf(TimeoutError);
    expect((await errorOf(watcher.untilEnded('job-1', 60_000))).message).to.equal(
      'job job-1, which was waited for in vain before, is still processing',
    );
    state = 'completed';
    expect((await watcher.untilEnded('job-1')).state).to.equal('completed');
  });

  it('has to be the one that was asked for', async () => {
    const get = async (): Promise<Job> => jobThat('completed', 'another');
    const watcher = new JobWatcher({ get }, patienceOf(100), () => undefined);
    expect((await errorOf(watcher.untilEnded('job-1'))).message).to.match(/answered with job another$/);
  });
});
