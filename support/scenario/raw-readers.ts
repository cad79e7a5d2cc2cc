import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import pMap from 'p-map';
import { RETRY_AFTER } from '../../services/answer';
import type { LogService } from '../../services/log-service';
import { NoAnswerError, type VaultAnswer } from '../../services/vault-client';
import type { LogFinder } from '../ledger/log-finder';
import type { LocatedLog, NamedLog } from './scenario-scope';

/** How a read ended that storage broke off: with an answer, or without one that is whole. */
type BrokenRead =
  | { readonly kind: 'answered'; readonly answer: VaultAnswer }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'no answer'; readonly reason: string };

const HANG_UPS_AT_ONCE = 10;
/** How often readers who are told to come again do so. */
const ROUNDS = 4;

/** Readers of raw logs who are slow, many, or leave half-way. */
export class RawReaders {
  readonly #logs: LogService;
  readonly #finder: LogFinder;
  #read: readonly { readonly log: NamedLog; readonly body: Buffer }[] = [];
  #broken: { readonly log: NamedLog; readonly read: BrokenRead } | undefined;

  constructor(logs: LogService, finder: LogFinder) {
    this.#logs = logs;
    this.#finder = finder;
  }

  /**
   * Reads a log, but not before its sender has been kept waiting for so long: a few MiB wait on the line, and
   * what is more has to wait at the vault. Fails when what arrives is no success or breaks off.
   */
  async readSlowly(log: LocatedLog, waitingMs: number): Promise<void> {
    const { status, body } = await this.#logs.openRaw(log.logId);
    expect(status, `status of the raw log "${log.name}", read slowly`).to.equal(200);
    const parts: Buffer[] = [];
    try {
      await pause(waitingMs);
      for await (const part of body) parts.push(part);
    } catch (error) {
      const received = Buffer.concat(parts).byteLength;
      expect.fail(
        `the raw log "${log.name}" of ${log.payload.byteLength} bytes broke off after ${received}, when its reader had waited ${Math.round(waitingMs)} ms: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    this.#read = [{ log, body: Buffer.concat(parts) }];
  }

  /**
   * That many readers at once, who share out the logs among themselves. On a busy machine they may be more
   * than the suite's storage can serve in time: who is told so with a 503 comes again with the others that
   * were.
   */
  async readAtOnce(logs: readonly NamedLog[], readers: number): Promise<void> {
    const located = await this.#finder.locateAll(logs);
    const shared = Array.from({ length: readers }, (_, reader) => located[reader % located.length]);
    let waiting = shared.filter((log) => log !== undefined);
    const read: { readonly log: NamedLog; readonly body: Buffer }[] = [];
    for (let round = 1; waiting.length > 0; round += 1) {
      const asked = waiting;
      const answers = await Promise.all(asked.map(({ logId }) => this.#logs.raw(logId)));
      waiting = [];
      for (const [index, answer] of answers.entries()) {
        const log = asked[index];
        if (log === undefined) continue;
        if (round < ROUNDS && isToldToComeAgain(answer)) {
          waiting.push(log);
          continue;
        }
        const what = `status of the raw log "${log.name}", read by ${asked.length} at once`;
        expect(answer.status, what).to.equal(200);
        read.push({ log, body: answer.body });
      }
    }
    this.#read = read;
  }

  /** Each reader got the bytes of the log that it asked for. */
  expectEachGotItsLog(): void {
    expect(this.#read, 'what was read').not.to.have.length(0);
    for (const { log, body } of this.#read) {
      expect(body, `what a reader of "${log.name}" got`).to.be.byteIdenticalTo(log.payload);
    }
  }

  /** Readers who hang up as soon as the first bytes are there. */
  async hangUp({ logId }: LocatedLog, readers: number): Promise<void> {
    await pMap(
      Array.from({ length: readers }),
      async () => {
        const { body } = await this.#logs.openRaw(logId);
        // Nobody is left who could be told how it ends.
        body.on('error', () => undefined);
        await new Promise((resolve) => body.once('readable', resolve).once('close', resolve));
        body.destroy();
      },
      { concurrency: HANG_UPS_AT_ONCE },
    );
  }

  /** Reads a log of which storage sends only a part. */
  async readBroken(log: LocatedLog): Promise<void> {
    this.#broken = { log, read: await this.#endOf(log) };
  }

  /** Asserts that what storage broke off did not end like a whole answer. */
  expectNoFalseWhole(): void {
    if (this.#broken === undefined)
      throw new Error('nobody has read yet; let an auditor retrieve a log in a When first');
    const { log, read } = this.#broken;
    const wrong = wrongEnding(read, log);
    if (wrong !== undefined) expect.fail(`storage broke off the read of "${log.name}", but ${wrong}`);
  }

  async #endOf({ logId }: LocatedLog): Promise<BrokenRead> {
    try {
      return { kind: 'answered', answer: await this.#logs.raw(logId) };
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      const neverAnswered = /ETIMEDOUT|ECONNREFUSED/.test(error.message);
      return neverAnswered ? { kind: 'no answer', reason: error.message } : { kind: 'aborted' };
    }
  }
}

function isToldToComeAgain({ status, headers }: VaultAnswer): boolean {
  return status === 503 && RETRY_AFTER.test(headers['retry-after'] ?? '');
}

/**
 * In words, why a read that storage broke off ended as no vault may end it; `undefined` when it ended well
 * (contract, section 5).
 */
function wrongEnding(read: BrokenRead, { payload }: NamedLog): string | undefined {
  if (read.kind === 'aborted') return undefined;
  if (read.kind === 'no answer') return `the vault did not end its answer: ${read.reason}`;
  const { status, body } = read.answer;
  if (status === 503) return isToldToComeAgain(read.answer) ? undefined : 'it is a 503 without Retry-After';
  // A vault may read on where storage broke off: what is whole is right.
  if (status === 200 && body.equals(payload)) return undefined;
  return `it is answered with ${status} and ${body.byteLength} of ${payload.byteLength} bytes, and nothing shows that they are not whole`;
}
