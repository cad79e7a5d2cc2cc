import { checksumOf } from '../bytes/checksum';
import { type ArmedFault, FaultBoard } from '../faults/fault-board';
import { expectTries } from '../profile/not-of-this-shape';
import { KeyedQueue } from './keyed-queue';
import { describeObjectFault, endOf, isMetByHangingUp, type ObjectFault } from './object-faults';
import type { ObjectOutcome } from './object-outcome';

/** The use a call makes of an object; faults are armed by it and by key (contract, section 4). */
export type ObjectCallClass = 'upload' | 'read' | 'other';

/** One S3 call as a transport sees it. */
export interface ObjectCall {
  readonly operation: string;
  readonly class: ObjectCallClass;
  readonly key: string;
  /** The time its first byte arrived, on the monotonic clock; now, when absent. */
  readonly arrivedMs?: number;
  /** The body of an upload, transfer framing undone. */
  readonly body?: Uint8Array;
  /** Aborted when the caller hangs up: what hangs for it is given up. */
  readonly gone?: AbortSignal;
}

/**
 * One call the vault made, for assertions and for the report. Times are milliseconds on the monotonic clock.
 */
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
  /** True when the call took effect in the store, as far as the script knows. */
  readonly performed: boolean;
  /** True when the vault gave it up before it was sent whole or answered, though no fault kept it waiting. */
  readonly givenUp: boolean;
}

/** How the calls about one object are told from others where its key does not follow from its log. */
export interface ObjectSight {
  /** Names the object, in words. */
  readonly words: string;
  /** Whether a call is about it, by its key or by the bytes that it carries. */
  has(call: { readonly key: string; readonly checksum: string | undefined }): boolean;
}

/** A key, the form of keys, or how else an object is known. */
export type KeySight = string | RegExp | ObjectSight;

/** A call, and the checksum of the bytes that it carries. */
type SeenCall = ObjectCall & { readonly checksum: string | undefined };

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Holds what S3 does: which faults are armed and what was asked of it. Plain state; a transport (the client
 * mock in-process, the gate on the wire) hands each call to `serve` and carries out what comes back.
 */
export class BucketScript {
  readonly #faults = new FaultBoard<SeenCall, ObjectFault>(isMetByHangingUp);
  #attempts: Writable<ObjectAttempt>[] = [];
  readonly #uploads = new KeyedQueue();
  readonly #mostTries: number;

  /** @param mostTries how often the vault tries a call, where that is fixed */
  constructor(mostTries = Number.POSITIVE_INFINITY) {
    this.#mostTries = mostTries;
  }

  /** Every call since the scenario began, in order of arrival. */
  get attempts(): readonly ObjectAttempt[] {
    return this.#attempts;
  }

  /** Calls that have not been answered yet. */
  get inFlight(): number {
    return this.#faults.inFlight;
  }

  /**
   * Uploads of one object, in order of arrival: `put`, and the create and upload-part calls of a multipart
   * upload.
   */
  uploadsOf(object: KeySight): readonly ObjectAttempt[] {
    return this.#attempts.filter((attempt) => attempt.class === 'upload' && this.#isOf(object, attempt));
  }

  /** The keys under which uploads of an object arrived. */
  keysOf(object: KeySight): ReadonlySet<string> {
    return new Set(this.uploadsOf(object).map(({ key }) => key));
  }

  /** The number of objects that the vault has stored since the scenario began, each counted once. */
  get objectsStored(): number {
    const stored = this.#attempts.filter((attempt) => attempt.class === 'upload' && attempt.performed);
    return new Set(stored.map(({ key }) => key)).size;
  }

  /** Arms a fault for calls of one class, on one object, on keys that look so, or (without a key) on any. */
  arm(
    target: { readonly class: ObjectCallClass; readonly key?: KeySight },
    fault: ObjectFault,
    times: number,
  ): ArmedFault<ObjectFault> {
    expectTries(times, this.#mostTries);
    const { key } = target;
    const where = key === undefined ? 'any object' : wordsOf(key);
    return this.#faults.arm(
      `S3: ${describeObjectFault(fault)} on ${target.class} of ${where}`,
      (call) =>
        call.class === target.class &&
        (key === undefined || this.#isOf(key, call)) &&
        // The fault waits for an answer that has a body: there is nothing of another to cut off, nor does it say what is missing.
        (!needsBody(fault) || call.operation !== 'HeadObject'),
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
  }

  /**
   * Runs one call through the armed faults. `perform` carries it out against the store and is called at most
   * once; uploads of one key are carried out one after the other, so that two of them never interleave.
   */
  async serve<Answer>(call: ObjectCall, perform: () => Promise<Answer>): Promise<ObjectOutcome<Answer>> {
    const seen = { ...call, checksum: call.body === undefined ? undefined : checksumOf(call.body) };
    return await this.#faults.serve(seen, async (struck) => {
      const attempt = this.#note(seen, struck);
      try {
        return await this.#carryOut(call, attempt, struck, perform);
      } catch (error) {
        attempt.answer = error instanceof Error ? error.name : 'error';
        throw error;
      } finally {
        attempt.answeredMs = performance.now();
      }
    });
  }

  /** Notes a call whose caller hung up before its body had arrived: it meets no fault and takes no effect. */
  noteAbandoned(call: ObjectCall): void {
    const attempt = this.#note({ ...call, checksum: undefined }, undefined);
    attempt.givenUp = true;
    attempt.answer = 'the vault hung up while sending';
    attempt.answeredMs = performance.now();
  }

  /** A call without bytes is about an object whose bytes went to its key before. */
  #isOf(object: KeySight, call: { readonly key: string; readonly checksum: string | undefined }): boolean {
    if (typeof object === 'string') return call.key === object;
    if (object instanceof RegExp) return object.test(call.key);
    return (
      object.has(call) || this.#attempts.some((attempt) => attempt.key === call.key && object.has(attempt))
    );
  }

  #note(call: SeenCall, struck: ArmedFault<ObjectFault> | undefined): Writable<ObjectAttempt> {
    const attempt: Writable<ObjectAttempt> = {
      operation: call.operation,
      class: call.class,
      key: call.key,
      arrivedMs: call.arrivedMs ?? performance.now(),
      answeredMs: undefined,
      checksum: call.checksum,
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
    if (await this.#faults.missed(struck, call.gone)) {
      attempt.fault = undefined;
      attempt.givenUp = true;
      attempt.answer = 'none: the vault had hung up';
      return { kind: 'reset' };
    }
    const [outcome, words] = await endOf(struck?.fault, {
      perform: async () => {
        const answer = await (call.class === 'upload' ? this.#uploads.run(call.key, perform) : perform());
        attempt.performed = true;
        return answer;
      },
      released: struck?.released ?? Promise.resolve(),
      gone: call.gone,
    });
    attempt.answer = words;
    return outcome;
  }
}

function needsBody(fault: ObjectFault): boolean {
  return fault.kind === 'cut-off' || (fault.kind === 'answer' && fault.status === 404);
}

function wordsOf(object: KeySight): string {
  if (typeof object === 'string') return object;
  return object instanceof RegExp ? `an object like ${object.source}` : object.words;
}
