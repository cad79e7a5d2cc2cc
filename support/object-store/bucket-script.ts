import { checksumOf } from '../bytes/checksum';
import { type ArmedFault, FaultBoard } from '../faults/fault-board';
import { delayed, hasHungUp, releasedOrGone } from '../faults/waiting';
import { KeyedQueue } from './keyed-queue';

/** What a call does to an object; faults are armed by it and by key (contract, section 4). */
export type ObjectCallClass = 'upload' | 'read' | 'other';

/** How S3 misbehaves. `hang`, `withhold` and silence last until the fault is released or healed. */
export type ObjectFault =
  | { readonly kind: 'answer'; readonly status: number; readonly code: string }
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'withhold' }
  | { readonly kind: 'latency'; readonly delayMs: number }
  | { readonly kind: 'cut-off'; readonly afterBytes: number; readonly silent?: true };

/** One S3 call as a transport sees it. */
export interface ObjectCall {
  readonly operation: string;
  readonly class: ObjectCallClass;
  readonly key: string;
  /** When its first byte arrived, on the monotonic clock; now, when absent. */
  readonly arrivedMs?: number;
  /** The body of an upload, transfer framing undone. */
  readonly body?: Uint8Array;
  /** Aborted when the caller hangs up: what hangs for it is given up. */
  readonly gone?: AbortSignal;
}

/** One call the vault made, for assertions and for the report. Times are milliseconds on the monotonic clock. */
export interface ObjectAttempt {
  readonly operation: string;
  readonly class: ObjectCallClass;
  readonly key: string;
  readonly arrivedMs: number;
  readonly answeredMs: number | undefined;
  readonly checksum: string | undefined;
  readonly bytes: number | undefined;
  readonly fault: string | undefined;
  /** `ok`, `503 SlowDown`, `connection reset`, …; `pending` while unanswered. */
  readonly answer: string;
  /** Whether the call took effect in the store, as far as the script knows. */
  readonly performed: boolean;
  /** Whether the vault gave it up before it was sent whole or answered, though no fault kept it waiting. */
  readonly givenUp: boolean;
}

/** What a transport is to do with the call. */
export type ObjectOutcome<Answer> =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'error'; readonly status: number; readonly code: string }
  | { readonly kind: 'reset' }
  | {
      readonly kind: 'cut-off';
      readonly answer: Answer;
      readonly afterBytes: number;
      /** The connection stays open and silent until then. */
      readonly until?: Promise<unknown>;
    };

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * What S3 does: which faults are armed and what was asked of it. Plain state; a transport (the client mock in-process,
 * the gate on the wire) hands each call to `serve` and carries out what comes back.
 */
export class BucketScript {
  readonly #faults = new FaultBoard<ObjectCall, ObjectFault>();
  #attempts: Writable<ObjectAttempt>[] = [];
  #inFlight = new Set<object>();
  readonly #uploads = new KeyedQueue();

  /** Every call since the scenario began, in order of arrival. */
  get attempts(): readonly ObjectAttempt[] {
    return this.#attempts;
  }

  /** Calls that have not been answered yet. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Uploads of one key, in order of arrival: `put`, and the create and upload-part calls of a multipart upload. */
  uploadsOf(key: string): readonly ObjectAttempt[] {
    return this.#attempts.filter((attempt) => attempt.class === 'upload' && attempt.key === key);
  }

  /** How many objects the vault has stored since the scenario began, each counted once. */
  get objectsStored(): number {
    const stored = this.#attempts.filter((attempt) => attempt.class === 'upload' && attempt.performed);
    return new Set(stored.map(({ key }) => key)).size;
  }

  /** Arms a fault for calls of one class, on one key, on keys that look so, or (without a key) on any. */
  arm(
    target: { readonly class: ObjectCallClass; readonly key?: string | RegExp },
    fault: ObjectFault,
    times: number,
  ): ArmedFault<ObjectFault> {
    const { key } = target;
    const where =
      key === undefined ? 'any object' : key instanceof RegExp ? `an object like ${key.source}` : key;
    return this.#faults.arm(
      `S3: ${describeObjectFault(fault)} on ${target.class} of ${where}`,
      (call) =>
        call.class === target.class &&
        (key === undefined || (key instanceof RegExp ? key.test(call.key) : call.key === key)) &&
        // An answer without a body cannot be cut off: the fault waits for one that has a body.
        (fault.kind !== 'cut-off' || call.operation !== 'HeadObject'),
      fault,
      times,
    );
  }

  unfired(): string[] {
    return this.#faults.unfired();
  }

  heal(): void {
    this.#faults.heal();
  }

  /** For the next scenario: no faults, no attempts. */
  reset(): void {
    this.#faults.reset();
    this.#attempts = [];
    this.#inFlight = new Set();
  }

  /**
   * Runs one call through the armed faults. One that answers has not been met by a vault that hung up before: it strikes the next call. `perform` carries it out against the store and is called at most once; uploads of one
   * key are carried out one after the other, so that two of them never interleave.
   */
  async serve<Answer>(call: ObjectCall, perform: () => Promise<Answer>): Promise<ObjectOutcome<Answer>> {
    const struck = this.#faults.strike(call);
    const attempt = this.#note(call, struck);
    const flight = {};
    const inFlight = this.#inFlight;
    inFlight.add(flight);
    try {
      return await this.#carryOut(call, attempt, struck, perform);
    } catch (error) {
      attempt.answer = error instanceof Error ? error.name : 'error';
      attempt.answeredMs = performance.now();
      throw error;
    } finally {
      inFlight.delete(flight);
    }
  }

  /** Notes a call whose caller hung up before its body had arrived: it meets no fault and takes no effect. */
  noteAbandoned(call: ObjectCall): void {
    const attempt = this.#note(call, undefined);
    attempt.givenUp = true;
    attempt.answer = 'the vault hung up while sending';
    attempt.answeredMs = performance.now();
  }

  #note(call: ObjectCall, struck: ArmedFault<ObjectFault> | undefined): Writable<ObjectAttempt> {
    const attempt: Writable<ObjectAttempt> = {
      operation: call.operation,
      class: call.class,
      key: call.key,
      arrivedMs: call.arrivedMs ?? performance.now(),
      answeredMs: undefined,
      checksum: call.body === undefined ? undefined : checksumOf(call.body),
      bytes: call.body?.byteLength,
      fault: struck === undefined ? undefined : describeObjectFault(struck.fault),
      answer: 'pending',
      performed: false,
      givenUp: false,
    };
    this.#attempts.push(attempt);
    return attempt;
  }

  async #carryOut<Answer>(
    call: ObjectCall,
    attempt: Writable<ObjectAttempt>,
    struck: ArmedFault<ObjectFault> | undefined,
    perform: () => Promise<Answer>,
  ): Promise<ObjectOutcome<Answer>> {
    const performNow = async (): Promise<Answer> => {
      const answer = await (call.class === 'upload' ? this.#uploads.run(call.key, perform) : perform());
      attempt.performed = true;
      return answer;
    };
    // Where the answer is lost anyway, so is a refusal.
    const takesEffect = async (): Promise<boolean> =>
      await performNow().then(
        () => true,
        () => false,
      );
    const answered = <Outcome extends ObjectOutcome<Answer>>(outcome: Outcome, words: string): Outcome => {
      attempt.answer = words;
      attempt.answeredMs = performance.now();
      return outcome;
    };
    const fault = struck?.fault;
    if (struck !== undefined && !isMetByHangingUp(struck.fault) && (await hasHungUp(call.gone))) {
      struck.takeBack();
      attempt.fault = undefined;
      attempt.givenUp = true;
      return answered({ kind: 'reset' }, 'none: the vault had hung up');
    }
    const released = async (): Promise<'released' | 'gone'> =>
      struck === undefined ? 'released' : await releasedOrGone(struck, call.gone);
    switch (fault?.kind) {
      case 'answer':
        return answered(
          { kind: 'error', status: fault.status, code: fault.code },
          `${fault.status} ${fault.code}`,
        );
      case 'reset':
        return answered(
          { kind: 'reset' },
          fault.when === 'after' && (await takesEffect())
            ? 'connection reset after storing'
            : 'connection reset',
        );
      case 'withhold': {
        const stored = await takesEffect();
        await released();
        return answered(
          { kind: 'reset' },
          stored ? 'stored, answer withheld' : 'not stored, answer withheld',
        );
      }
      case 'cut-off':
        return answered(
          {
            kind: 'cut-off',
            answer: await performNow(),
            afterBytes: fault.afterBytes,
            ...(fault.silent === true ? { until: released() } : {}),
          },
          `${fault.silent === true ? 'silent' : 'cut off'} after ${fault.afterBytes} bytes`,
        );
      case 'hang':
        if ((await released()) === 'gone') {
          return answered({ kind: 'reset' }, 'hung until the vault gave up');
        }
        break;
      case 'latency':
        await delayed(fault.delayMs, call.gone);
        break;
      default:
        break;
    }
    return answered({ kind: 'answer', answer: await performNow() }, 'ok');
  }
}

/** Whether a vault that hangs up has met the fault just so: those that keep it waiting, and that is their point. */
function isMetByHangingUp({ kind }: ObjectFault): boolean {
  return kind === 'hang' || kind === 'withhold' || kind === 'latency';
}

/** A fault in the words of the report: `503 SlowDown`, `connection reset after the object was stored`, … */
export function describeObjectFault(fault: ObjectFault): string {
  switch (fault.kind) {
    case 'answer':
      return `${fault.status} ${fault.code}`;
    case 'reset':
      return `connection reset ${fault.when} the object was stored`;
    case 'hang':
      return 'no answer until released';
    case 'withhold':
      return 'the object stored, the answer withheld';
    case 'latency':
      return `an answer delayed by ${fault.delayMs} ms`;
    case 'cut-off':
      return `an answer ${fault.silent === true ? 'that falls silent' : 'cut off'} after ${fault.afterBytes} bytes`;
  }
}
