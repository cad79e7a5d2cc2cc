import { checksumOf } from '../bytes/checksum';
import { type ArmedFault, FaultBoard } from '../faults/fault-board';
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

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Holds what S3 does: which faults are armed and what was asked of it. Plain state; a transport (the client
 * mock in-process, the gate on the wire) hands each call to `serve` and carries out what comes back.
 */
export class BucketScript {
  readonly #faults = new FaultBoard<ObjectCall, ObjectFault>(isMetByHangingUp);
  #attempts: Writable<ObjectAttempt>[] = [];
  readonly #uploads = new KeyedQueue();

  /** Every call since the scenario began, in order of arrival. */
  get attempts(): readonly ObjectAttempt[] {
    return this.#attempts;
  }

  /** Calls that have not been answered yet. */
  get inFlight(): number {
    return this.#faults.inFlight;
  }

  /**
   * Uploads of one key, in order of arrival: `put`, and the create and upload-part calls of a multipart
   * upload.
   */
  uploadsOf(key: string): readonly ObjectAttempt[] {
    return this.#attempts.filter((attempt) => attempt.class === 'upload' && attempt.key === key);
  }

  /** The number of objects that the vault has stored since the scenario began, each counted once. */
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
  }

  /**
   * Runs one call through the armed faults. `perform` carries it out against the store and is called at most
   * once; uploads of one key are carried out one after the other, so that two of them never interleave.
   */
  async serve<Answer>(call: ObjectCall, perform: () => Promise<Answer>): Promise<ObjectOutcome<Answer>> {
    return await this.#faults.serve(call, async (struck) => {
      const attempt = this.#note(call, struck);
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
