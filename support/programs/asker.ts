import { AnswerError } from '../../services/answer';
import { NoAnswerError, type VaultAnswer } from '../../services/vault-client';
import type { ProgramRun } from './program-run';
import { wrongUnavailable } from './raw-verdict';
import type { Question } from './tally';

/** For so long calls to MongoDB are tried at least (contract, section 4). */
const METADATA_TRIED_MS = 2_000;

/** Asks a vault on behalf of one program, and knows what excuses it from an answer. */
export class Asker {
  protected readonly run: ProgramRun;

  constructor(run: ProgramRun) {
    this.run = run;
  }

  /**
   * Asks, and judges the answer.
   * @param requirements those that a wrong answer breaks
   * @param subject what is asked for, in words
   * @param wrong says in words why the answer is wrong
   * @throws FindingError
   */
  async judge(
    requirements: readonly string[],
    subject: string,
    ask: () => Promise<VaultAnswer>,
    wrong: (answer: VaultAnswer) => string | undefined,
  ): Promise<void> {
    const words = await this.#wordsOf(performance.now(), ask, wrong);
    this.run.judge(requirements, words && `${subject}: ${words}`);
  }

  /** Says in words why an answer is wrong; a disturbance excuses that there is none, or a 503. */
  async #wordsOf(
    startMs: number,
    ask: () => Promise<VaultAnswer>,
    wrong: (answer: VaultAnswer) => string | undefined,
  ): Promise<string | undefined> {
    try {
      const answer = await ask();
      return answer.status === 503 && this.#mayBeUnavailable(startMs) ? undefined : wrong(answer);
    } catch (error) {
      if (this.isExcused(error, startMs)) return undefined;
      if (error instanceof NoAnswerError) return error.message;
      throw error;
    }
  }

  /** The answer and how long it took, or in words why none came. */
  protected async timed(
    question: Question,
    ask: (services: ProgramRun['shared']['services']) => Promise<VaultAnswer>,
  ): Promise<VaultAnswer | string> {
    const { tally, services } = this.run.shared;
    try {
      return await tally.timed(question, () => ask(services));
    } catch (error) {
      if (error instanceof NoAnswerError) return error.message;
      throw error;
    }
  }

  /** A vault that is down gives no answer, and one without MongoDB may say 503. */
  protected isExcused(error: unknown, sinceMs: number): boolean {
    const { disturbances } = this.run.shared;
    if (error instanceof NoAnswerError) return disturbances.wasDisturbed(sinceMs, 'the vault is down');
    return error instanceof AnswerError && error.status === 503 && this.#mayBeUnavailable(sinceMs);
  }

  /** A vault that is about to stop says what it likes. */
  protected wrongUnavailable(answer: VaultAnswer, sinceMs: number): string | undefined {
    const { disturbances } = this.run.shared;
    if (disturbances.wasDisturbed(sinceMs, 'the vault is down')) return undefined;
    return wrongUnavailable(answer, [this.#mayBeUnavailable(sinceMs)]);
  }

  #mayBeUnavailable(sinceMs: number): boolean {
    return this.run.shared.disturbances.wasDisturbed(sinceMs) || this.tookLong(sinceMs);
  }

  /** Whether as much time has gone by as the vault waits for any call, or tries those to MongoDB. */
  protected tookLong(sinceMs: number): boolean {
    const { callTimeoutMs } = this.run.shared.environment.vault.settings;
    return performance.now() - sinceMs >= Math.min(callTimeoutMs, METADATA_TRIED_MS);
  }
}
