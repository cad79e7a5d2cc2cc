import { AnswerError } from '../../services/answer';
import type { IngestRequest } from '../../services/ingestion-service';
import type { Job, JobState } from '../../services/job-service';
import type { Exchange } from '../../services/vault-client';
import { Patience } from '../environments/patience';
import { VaultHealth } from '../environments/vault-health';
import type { VaultUnderTest } from '../environments/vault-under-test';
import type { Finding } from '../ledger/finding';
import { Ledger, type LogFinding } from '../ledger/ledger';
import { BucketScript } from '../object-store/bucket-script';
import { CONTRACT_PROFILE } from '../profile/profile';
import { ProviderScript } from '../provider/provider-script';
import { ScenarioEnd } from './scenario-end';

export const REQUEST: IngestRequest = {
  provider_id: 'okta',
  range: { start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z' },
};
const SETTINGS = {
  providers: ['okta'],
  retryBaseMs: 1,
  retryMaxAttempts: 1,
  leaseMs: 1,
  queueLimit: 1,
  concurrency: 1,
  callTimeoutMs: 1,
};

/** A job in this state; nothing else of it matters. */
export function jobThat(state: JobState, jobId = 'job-1'): Job {
  return { jobId, state, recordsSynced: 0, bytesWritten: 0, s3Path: undefined, error: undefined };
}

/**
 * A scenario that has just ended, in an environment of which each test spoils one thing. Notes what is done,
 * in order.
 */
export class EndedScenario {
  readonly done: string[] = [];
  readonly provider = new ProviderScript('a-key');
  readonly profile = CONTRACT_PROFILE;
  readonly bucket = new BucketScript();
  readonly ledger = new Ledger(this.provider);
  readonly exchanges: Exchange[] = [];
  crash: string | undefined;
  isRunning = true;
  findings: readonly LogFinding[] = [];
  transportFindings: string[] = [];
  jobEnds: (jobId: string) => Promise<Job> = async (jobId) => jobThat('completed', jobId);
  auditing: () => Promise<void> = async () => undefined;
  emptying: () => Promise<void> = async () => undefined;
  starting: () => Promise<void> = async () => undefined;
  callsUnderWay = 0;
  /** How many ingestions it turns away. */
  queueIsFull = 0;
  output = '';
  /** The findings at the end of the scenario. */
  reported: readonly Finding[] = [];

  readonly vault: VaultUnderTest = this.#vault();
  readonly patience = new Patience({
    answerMs: 10,
    jobMs: 20,
    neverMs: 10,
    leastJobMs: 20,
    workDone: () => 0,
  });
  readonly health = new VaultHealth(this.vault, true, this.patience);

  readonly metadataGate = {
    wasCut: false,
    sawWatched: false,
    lost: 0,
    answerAfter: () => undefined,
    loseAnswers: () => undefined,
    cut: async () => undefined,
    heal: async () => {
      this.done.push('heal');
    },
    watchFor: () => undefined,
    unfired: () => [],
    reset: () => undefined,
  };

  readonly end = new ScenarioEnd({
    environment: {
      vault: this.vault,
      health: this.health,
      profile: this.profile,
      provider: this.provider,
      bucket: this.bucket,
      metadataGate: this.metadataGate,
      patience: this.patience,
      callsUnderWay: () => this.callsUnderWay,
      findings: () => this.transportFindings,
      secrets: ['a-long-secret-key'],
      reset: async () => {
        this.done.push('empty');
        await this.emptying();
      },
    },
    ingestion: {
      ingest: async (request) => {
        this.done.push('ask again');
        this.queueIsFull -= 1;
        if (this.queueIsFull >= 0) throw new AnswerError('the queue is full', 429);
        this.ledger.accepted('job-again', request);
        return { jobId: 'job-again', estimatedCompletionMs: 0 };
      },
    },
    watcher: {
      untilEnded: async (jobId) => {
        this.done.push(`await ${jobId}`);
        return await this.jobEnds(jobId);
      },
    },
    ledger: this.ledger,
    audit: {
      findings: async (ended) => {
        this.done.push(`audit ${ended.map(({ jobId }) => jobId).join(' ')}`.trim());
        await this.auditing();
        return this.findings;
      },
    },
    client: { exchanges: this.exchanges },
    secrets: ['a-long-secret-key', 'a-key-that-is-to-be-tried'],
  });

  async run(stepsPassed = true): Promise<void> {
    await this.end.run({
      stepsPassed,
      attachEvidence: async (findings) => {
        this.done.push(findings.length > 0 ? 'attachEvidence of findings' : 'attachEvidence');
      },
      attachBroken: (findings) => {
        this.reported = findings;
      },
    });
  }

  #vault(): VaultUnderTest {
    const isRunning = (): boolean => this.isRunning;
    return {
      description: 'fake',
      baseUrl: 'http://127.0.0.1:0',
      settings: SETTINGS,
      get isRunning() {
        return isRunning();
      },
      stop: async () => undefined,
      kill: async () => {
        this.done.push('kill');
      },
      start: async () => {
        this.done.push('start');
        await this.starting();
      },
      startPeer: async () => this.vault,
      output: () => this.output,
      forgetOutput: () => undefined,
      crash: () => this.crash,
    };
  }
}
