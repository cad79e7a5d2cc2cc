import type { IngestionService, TimeRange } from '../../services/ingestion-service';
import { isTerminal } from '../../services/job-service';
import type { Environment } from '../environments/environment';
import type { ArmedFault } from '../faults/fault-board';
import type { LogFinder } from '../ledger/log-finder';
import type { KeySight } from '../object-store/bucket-script';
import type { ObjectFault } from '../object-store/object-faults';
import type { ProviderFault } from '../provider/provider-faults';
import { JobLifeError, type JobWatcher } from './job-watcher';
import type { NamedLog, ScenarioScope } from './scenario-scope';

interface Parts {
  readonly environment: Environment;
  readonly ingestion: IngestionService;
  readonly scope: ScenarioScope;
  readonly watcher: JobWatcher;
  readonly finder: LogFinder;
}

/** A job ended, though something was meant to happen to it first. */
class JobEndedError extends Error {
  override readonly name = 'JobEndedError';

  constructor(what: string, jobId: string, how: string) {
    super(`waited in vain for ${what}: job ${jobId} is over already (${how})`);
  }
}

const ALWAYS = Number.POSITIVE_INFINITY;
/** For longer than a stop may take. */
const COME_BACK_LATER: ProviderFault = { kind: 'status', status: 503, retryAfter: '6' };
const SLOW_DOWN: ObjectFault = { kind: 'answer', status: 503, code: 'SlowDown' };

/**
 * The moments, by the words of feature files that follow "while". Each brings a vault there and names the
 * last job it began.
 */
const moments: Readonly<Record<string, (reach: Reach) => Promise<string>>> = {
  'jobs wait in its queue': (reach) => reach.queue(),
  'a payload is being fetched': (reach) => reach.payload(),
  'its provider has asked it to wait': (reach) => reach.wait(),
  'an object is stored, but not yet its metadata': (reach) => reach.upload({ kind: 'withhold' }),
  'storage turns uploads away': (reach) => reach.brownout(),
  'a manifest is being uploaded': (reach) => reach.manifest({ kind: 'hang' }),
  'a manifest is stored, but its job not yet completed': (reach) => reach.manifest({ kind: 'withhold' }),
};

/**
 * Brings the vault's work to a moment and holds it there, by what its provider and its storage do: nobody
 * looks into the vault. What is held is always of the last log, so that a vault that takes one log after the
 * other is done with the others by then.
 */
export class HeldJobs {
  readonly #parts: Parts;
  #held: Held | undefined;
  #markedHits = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * @param words that follow "while" in a feature file
   * @returns the id of the job that was begun last
   * @throws Error for words that name no moment
   */
  async reach(words: string): Promise<string> {
    const moment = moments[words];
    if (moment === undefined) {
      throw new Error(`there is no moment "${words}"; there are: ${Object.keys(moments).join(', ')}`);
    }
    const reach = new Reach(this.#parts);
    const jobId = await moment(reach);
    this.#held = reach.held;
    return jobId;
  }

  /** Leaves the vault held up; `untilHeldAgain` counts from here. */
  mark(): void {
    this.#markedHits = this.#held?.hits ?? 0;
  }

  /** Waits until the vault has come as far as before: to what holds it. */
  async untilHeldAgain(): Promise<void> {
    await this.#parts.environment.patience.eventually(
      async () => this.#held?.hits ?? 0,
      (hits) => hits > this.#markedHits,
      { what: 'the vault to take up its work where it was interrupted' },
    );
  }

  /**
   * Nothing is held any more of what brought the vault to its moment; without one, a scenario's own faults
   * stay.
   */
  letGo(): void {
    if (this.#held === undefined) return;
    this.#parts.environment.provider.heal();
    this.#parts.environment.bucket.heal();
  }
}

/** A fault that holds a vault up, and how often it has. */
type Held = Pick<ArmedFault<unknown>, 'hits'>;

class Reach {
  readonly #parts: Parts;
  held: Held | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** One job for each log, more than the vault works on at once; none gets beyond its listing. */
  async queue(): Promise<string> {
    const { environment, scope } = this.#parts;
    const held = this.#holdUp(environment.provider.arm({ kind: 'listing' }, { kind: 'hold' }, ALWAYS));
    let jobId = '';
    for (const log of scope.logs) jobId = await this.#ingest(rangeOf(log));
    await this.#until(jobId, 'the provider to be asked for a listing', () => held.hits > 0);
    return jobId;
  }

  /** The provider was asked for its listing and has asked to be left alone. */
  async wait(): Promise<string> {
    const held = this.#holdUp(
      this.#parts.environment.provider.arm({ kind: 'listing' }, COME_BACK_LATER, ALWAYS),
    );
    const jobId = await this.#ingest();
    await this.#until(jobId, 'the provider to be asked for its listing', () => held.hits > 0);
    return jobId;
  }

  /** The provider was asked for the last payload and has not given it. */
  async payload(): Promise<string> {
    const { provider } = this.#parts.environment;
    const held = this.#holdUp(provider.arm(provider.dialect.carrierOf(this.#last), { kind: 'hold' }, ALWAYS));
    const jobId = await this.#ingest();
    await this.#until(jobId, 'the provider to be asked for the last payload', () => held.hits > 0);
    return jobId;
  }

  /** Storage was given an object and has not answered. */
  async upload(fault: ObjectFault): Promise<string> {
    const object = await this.#sightOfLast();
    const { bucket } = this.#parts.environment;
    this.#holdUp(bucket.arm({ class: 'upload', key: object }, fault, 1));
    const jobId = await this.#ingest();
    await this.#untilMet(jobId, object, fault);
    return jobId;
  }

  /**
   * Storage has turned an upload away, and the vault has tried again: there it is held, for it may be through
   * with its attempts before anybody gets to kill it.
   */
  async brownout(): Promise<string> {
    const key = await this.#sightOfLast();
    const { bucket } = this.#parts.environment;
    bucket.arm({ class: 'upload', key }, SLOW_DOWN, 1);
    const held = this.#holdUp(bucket.arm({ class: 'upload', key }, { kind: 'hang' }, ALWAYS));
    const jobId = await this.#ingest();
    await this.#until(jobId, 'an upload that was turned away to be tried again', () => held.hits > 0);
    return jobId;
  }

  /** Storage was given the manifest and has not answered. Its key is known only once the job has its id. */
  async manifest(fault: ObjectFault): Promise<string> {
    const { environment, scope } = this.#parts;
    const { providerId } = this.#last;
    const held = environment.provider.arm({ kind: 'listing', providerId }, { kind: 'hold' }, ALWAYS);
    const jobId = await this.#ingest();
    await this.#until(jobId, 'the provider to be asked for its listing', () => held.hits > 0);
    const key = environment.profile.manifests.of({ jobId, providerId, rangeStart: scope.range.start });
    this.#holdUp(environment.bucket.arm({ class: 'upload', key }, fault, 1));
    environment.provider.heal();
    await this.#untilMet(jobId, key, fault);
    return jobId;
  }

  #holdUp<T extends Held>(held: T): T {
    this.held = held;
    return held;
  }

  async #ingest(range: TimeRange = this.#parts.scope.range): Promise<string> {
    const { jobId } = await this.#parts.ingestion.ingest({ provider_id: this.#last.providerId, range });
    return jobId;
  }

  async #sightOfLast(): Promise<KeySight> {
    return (await this.#parts.finder.locate(this.#last)).sight();
  }

  async #untilMet(jobId: string, key: KeySight, { kind }: ObjectFault): Promise<void> {
    const what = typeof key === 'string' ? key : 'the last object';
    await this.#until(jobId, `an upload of ${what} to arrive`, () =>
      this.#parts.environment.bucket
        .uploadsOf(key)
        .some(({ performed, fault }) => fault !== undefined && (performed || kind === 'hang')),
    );
  }

  /** @throws JobEndedError when the job is over before: then it will not happen any more */
  async #until(jobId: string, what: string, isSo: () => boolean): Promise<void> {
    const { environment, watcher } = this.#parts;
    await environment.patience.eventually(
      async () => {
        if (isSo()) return true;
        const { state, error } = await watcher.look(jobId);
        if (isTerminal(state) && !isSo()) throw new JobEndedError(what, jobId, error?.message ?? state);
        return isSo();
      },
      (so) => so,
      {
        what,
        isFinal: (error) => error instanceof JobEndedError || error instanceof JobLifeError,
      },
    );
  }

  get #last(): NamedLog {
    const log = this.#parts.scope.logs.at(-1);
    if (log === undefined)
      throw new Error('nothing is offered yet; let a provider offer logs in a Given first');
    return log;
  }
}

/** The range in which there is this log and, as logs are offered a second apart, no other. */
export function rangeOf({ timestamp }: NamedLog): TimeRange {
  const startMs = Date.parse(timestamp);
  return { start: new Date(startMs).toISOString(), end: new Date(startMs + 1).toISOString() };
}
