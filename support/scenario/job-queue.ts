import { expect } from 'chai';
import { RETRY_AFTER } from '../../services/answer';
import {
  acceptedJobIn,
  type IngestionService,
  type IngestRequest,
  type Priority,
} from '../../services/ingestion-service';
import type { VaultAnswer } from '../../services/vault-client';
import { throughout } from '../assertions/eventually';
import { auditEvent } from '../bytes/audit-event';
import type { Environment } from '../environments/environment';
import { expectCompleted } from './job-end';
import type { JobWatcher } from './job-watcher';
import type { NamedLog, ScenarioScope } from './scenario-scope';

interface Parts {
  readonly ingestion: IngestionService;
  readonly watcher: JobWatcher;
  readonly scope: ScenarioScope;
  readonly environment: Environment;
}

/** How soon a job that is worked on is to be called so, in milliseconds. */
const SAID_WITHIN_MS = 5_000;

/** A job as it was asked for, and what the vault said to it. */
interface AskedJob {
  readonly name: string;
  readonly log: NamedLog;
  readonly request: IngestRequest;
  readonly answer: VaultAnswer;
  /** `undefined` when it was refused. */
  readonly jobId: string | undefined;
}

interface JobSeen {
  readonly name: string;
  readonly state: string;
}

const PROVIDER = 'okta_system_log';
const SLOT_MS = 60_000;
/** The priorities, in the order in which they go. A job without one is normal (contract, section 1). */
const ORDER: readonly Priority[] = ['high', 'normal', 'low'];

/** A job of the scenario, by a name of its own. */
export interface JobAskedFor {
  readonly name: string;
  /** A vault takes a job without one for a normal one. */
  readonly priority?: Priority | undefined;
}

/**
 * Returns the jobs that a feature file asks for.
 * @param words `4 jobs`, `jobs with the priorities low, none, high`, `the job "late" with high priority`
 */
export function jobsOf(words: string): readonly JobAskedFor[] {
  const [, name, priority] = /^the job "([^"]+)"(?: with (\w+) priority)?$/.exec(words) ?? [];
  if (name !== undefined) return [{ name, priority: priority as Priority | undefined }];
  const [, count = 0] = /^(\d+) jobs$/.exec(words) ?? [];
  const priorities = words.startsWith('jobs with the priorities ')
    ? words.slice('jobs with the priorities '.length).split(', ')
    : Array.from({ length: Number(count) }, () => 'none');
  return priorities.map((each, index) => ({
    name: `waiting ${index + 1}`,
    priority: each === 'none' ? undefined : (each as Priority),
  }));
}

/**
 * Jobs that wait for one another. Each brings one log of its own from a minute of its own, so that the
 * provider's listings show which job was begun when.
 */
export class JobQueue {
  readonly #parts: Parts;
  readonly #asked = new Map<string, AskedJob>();
  /** Jobs that hold the vault up: they were begun before the others were asked for. */
  readonly #front = new Set<string>();
  #last: readonly string[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** From now on the provider lists nothing: what the vault begins, it cannot finish. */
  hold(): void {
    this.#parts.environment.provider.arm(
      { kind: 'listing', providerId: PROVIDER },
      { kind: 'hold' },
      Number.POSITIVE_INFINITY,
    );
  }

  /** Asks for a job, or once more for the range of one that was asked for before. */
  async ask({ name, priority }: JobAskedFor): Promise<VaultAnswer> {
    const { log, range } = this.#minuteOf(name);
    const request = { provider_id: PROVIDER, range, ...(priority === undefined ? {} : { priority }) };
    const answer = await this.#parts.ingestion.ask(request);
    const before = this.#asked.get(name)?.jobId;
    this.#asked.set(name, { name, log, request, answer, jobId: acceptedJobIn(answer) ?? before });
    return answer;
  }

  /** Asks for jobs that have to be accepted, one after the other. */
  async fill(jobs: readonly JobAskedFor[]): Promise<void> {
    const { queueLimit } = this.#parts.environment.vault.settings;
    for (const [before, job] of jobs.entries()) {
      const answer = await this.ask(job);
      expect(
        answer.status,
        `status of the answer to the request for job "${job.name}", with ${before} waiting before it where ${queueLimit} may (one that is worked on waits no more)`,
      ).to.equal(202);
    }
  }

  /** Asks for that many jobs at once, whatever the answers. */
  async askAtOnce(count: number): Promise<void> {
    const names = Array.from({ length: count }, (_, index) => `job ${index + 1}`);
    for (const name of names) this.#minuteOf(name);
    await Promise.all(names.map((name) => this.ask({ name })));
    this.#last = names;
  }

  /** Waits until the vault works on a job, and is held up by it. */
  async untilBegun(name: string): Promise<void> {
    await this.#parts.environment.patience.eventually(
      async () => this.#begun().includes(name),
      (begun) => begun,
      { what: `the vault to ask for the listing of job "${name}"` },
    );
    this.#front.add(name);
    // Nothing says which comes first: that a job is called processing, or its first call.
    await this.#parts.environment.patience.eventually(
      async () => (await this.#stateOf(name)).state,
      (state) => state === 'processing',
      { withinMs: SAID_WITHIN_MS, what: `job "${name}", whose listing was asked for, to be processing` },
    );
  }

  /** Lets what is held go on; every job that was accepted has to complete. */
  async drain(): Promise<void> {
    const { provider } = this.#parts.environment;
    provider.heal();
    for (const { name, jobId } of this.#asked.values()) {
      if (jobId === undefined) continue;
      expectCompleted([await this.#parts.watcher.untilEnded(jobId)], provider, () => `job "${name}"`);
    }
  }

  jobIdOf(name: string): string | undefined {
    return this.#asked.get(name)?.jobId;
  }

  /**
   * Of the jobs asked for last no more were accepted; the others were turned away for now (contract, section
   * 4).
   */
  expectAcceptedAtMost(most: number): void {
    const answers = this.#last.flatMap((name) => this.#asked.get(name)?.answer ?? []);
    const refused = answers.filter(({ status }) => status !== 202);
    expect(
      answers.length - refused.length,
      `accepted of ${answers.length} jobs asked for at once, where the queue had room for ${most} (VAULT_QUEUE_LIMIT)`,
    ).to.be.within(1, most);
    for (const { status, headers } of refused) {
      expect(status, 'the answer to one who is turned away').to.equal(429);
      expect(headers['retry-after'] ?? '', 'Retry-After for one who is turned away').to.match(RETRY_AFTER);
    }
  }

  /** The vault never asked the provider for anything of a job. */
  expectNeverBegun(name: string): void {
    const { log } = this.#minuteOf(name);
    const fetched = this.#parts.environment.provider.payloadRequests(PROVIDER, log.sourceId);
    expect(
      { listings: this.#begun().filter((begun) => begun === name).length, payloads: fetched.length },
      `requests to the provider for job "${name}", which was refused`,
    ).to.deep.equal({ listings: 0, payloads: 0 });
  }

  /** The jobs that waited were begun in the order of their priorities. */
  expectOrderOfPriority(): void {
    const begun = this.#begun().filter((name) => !this.#front.has(name));
    const ranks = begun.map((name) => ORDER.indexOf(this.#priorityOf(name)));
    const sorted = [...ranks].sort((one, other) => one - other);
    const shown = begun.map((name) => `"${name}" (${this.#priorityOf(name)})`);
    expect(ranks, `the vault worked on the waiting jobs in this order: ${shown.join(', ')}`).to.deep.equal(
      sorted,
    );
    expect(begun.length, 'jobs that waited and were begun').to.equal(this.#asked.size - this.#front.size);
  }

  /** One job was begun before another. */
  expectBegunBefore(one: string, other: string): void {
    const begun = this.#begun();
    expect(
      begun.indexOf(one),
      `the vault worked on its jobs in this order: ${begun.join(', ')}; place of "${one}"`,
    ).to.be.below(begun.indexOf(other));
  }

  /** Looked at all at once, one job is processing and the others are pending. */
  async expectAloneAtWork(name: string): Promise<void> {
    const states = await this.#states();
    const expected = states.map((job) => ({ ...job, state: job.name === name ? 'processing' : 'pending' }));
    expect(states, `states of the jobs, of which only "${name}" may be worked on`).to.deep.equal(expected);
  }

  /**
   * Watches for a "never": no more jobs are worked on, and called processing, than may be. Nothing says which
   * comes first: that a job is called processing, or its first call.
   */
  async expectNoMoreAtOnceThan(most: number): Promise<void> {
    const { patience } = this.#parts.environment;
    const look = async () => ({ begun: this.#begun(), states: await this.#states() });
    const isHeld = ({ begun, states }: Awaited<ReturnType<typeof look>>): boolean =>
      begun.length > 0 && states.every(({ name, state }) => state === 'processing' || !begun.includes(name));
    const first = await patience.eventually(look, isHeld, {
      what: 'each job whose listing is held to be processing',
    });
    await throughout(
      look,
      ({ begun, states }) =>
        isHeld({ begun: first.begun, states }) &&
        begun.length <= most &&
        states.filter(({ state }) => state === 'processing').length <= most &&
        states.every(({ state }) => state === 'processing' || state === 'pending'),
      {
        windowMs: patience.neverMs,
        what: `at most ${most} of ${this.#asked.size} jobs to be processing, those whose listing is held among them, and the others to be pending`,
        describe: ({ begun, states }) =>
          `${states.map(({ name, state }) => `${name}: ${state}`).join(', ')}; held are the listings of: ${begun.join(', ')}`,
      },
    );
  }

  async #states(): Promise<readonly JobSeen[]> {
    return await Promise.all([...this.#asked.keys()].map((name) => this.#stateOf(name)));
  }

  async #stateOf(name: string): Promise<JobSeen> {
    const jobId = this.jobIdOf(name);
    return { name, state: jobId === undefined ? 'refused' : (await this.#parts.watcher.look(jobId)).state };
  }

  #priorityOf(name: string): Priority {
    return this.#asked.get(name)?.request.priority ?? 'normal';
  }

  /** The jobs whose listing was asked for, in the order of their first requests. */
  #begun(): readonly string[] {
    const starts = this.#parts.environment.provider.requests
      .filter(({ kind }) => kind === 'listing')
      .map(({ range }) => Date.parse(range?.start ?? ''));
    const jobs = [...this.#asked.values()].map(({ name, request }) => ({
      name,
      place: starts.indexOf(Date.parse(request.range.start)),
    }));
    return jobs
      .filter(({ place }) => place !== -1)
      .sort((one, other) => one.place - other.place)
      .map(({ name }) => name);
  }

  /** A job's own minute, with one log in it. */
  #minuteOf(name: string): { readonly log: NamedLog; readonly range: IngestRequest['range'] } {
    const { scope } = this.#parts;
    const known = scope.logs.find((candidate) => candidate.name === name);
    const minute = known === undefined ? scope.logs.length : scope.logs.indexOf(known);
    const log =
      known ??
      scope.offer(name, {
        providerId: PROVIDER,
        payload: auditEvent(name),
        timestamp: scope.at(minute * SLOT_MS),
      });
    return { log, range: { start: scope.at(minute * SLOT_MS), end: scope.at((minute + 1) * SLOT_MS) } };
  }
}
