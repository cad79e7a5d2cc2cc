import { FaultBoard } from '../faults/fault-board';
import type { MongoServer } from './mongo';
import { hostOf } from './mongo-uri';
import type { Write } from './op-msg';
import { StandInRelay } from './stand-in-relay';
import { type Absence, TcpGate } from './tcp-gate';

/** MongoDB as the vault reaches it: the suite can take it away. */
export interface MetadataGate {
  /** Takes MongoDB away until `heal`; `cut off` by default. */
  cut(absence?: Absence): Promise<void>;
  /** Has each answer of MongoDB come so much later, in milliseconds, until `heal`. */
  answerAfter(delayMs: number): void;
  /** Lets the next writes of some kinds take effect, and resets their connections in place of their answers. */
  loseAnswers(writes: readonly Write[], times: number): void;
  /** Answers that were lost in this scenario. */
  readonly lost: number;
  heal(): Promise<void>;
  /** True when it was taken away in this scenario, or an answer of its was lost. */
  readonly wasCut: boolean;
  /** Looks from now on for a secret in all that the vault says to MongoDB. */
  watchFor(secret: string): void;
  /** Whether the vault said to MongoDB what it was watched for. */
  readonly sawWatched: boolean;
  unfired(): string[];
  reset(): void;
}

/**
 * The gate in front of MongoDB as a scenario handles it: taking MongoDB away is a fault, and has to be felt.
 */
export class ScriptedMetadataGate implements MetadataGate {
  readonly #gate: TcpGate;
  readonly #absences = new FaultBoard<void, 'away'>();
  #wasCut = false;
  #lostBefore = 0;

  private constructor(gate: TcpGate) {
    this.#gate = gate;
  }

  /**
   * Opens a gate in front of a MongoDB; before the offline stand-in it mends what that gets wrong.
   * @throws SuiteError if the port cannot be had
   */
  static async open(
    { uri, kind }: Pick<MongoServer, 'uri' | 'kind'>,
    options: { readonly port?: number; readonly bindHost?: string } = {},
  ): Promise<ScriptedMetadataGate> {
    const relay = kind === 'stand-in' ? { relay: new StandInRelay() } : {};
    return new ScriptedMetadataGate(await TcpGate.open(hostOf(uri), { ...options, ...relay }));
  }

  get port(): number {
    return this.#gate.port;
  }

  get wasCut(): boolean {
    return this.#wasCut || this.lost > 0;
  }

  watchFor(secret: string): void {
    this.#gate.watchFor(secret);
  }

  get sawWatched(): boolean {
    return this.#gate.sawWatched;
  }

  answerAfter(delayMs: number): void {
    this.#gate.answerAfter(delayMs);
  }

  loseAnswers(writes: readonly Write[], times: number): void {
    this.#gate.loseAnswers(writes, times);
  }

  get lost(): number {
    return this.#gate.lost - this.#lostBefore;
  }

  async cut(absence?: Absence): Promise<void> {
    this.#wasCut = true;
    const what = 'MongoDB was taken away, and nobody asked for it meanwhile';
    this.#absences.arm(what, () => true, 'away', Number.POSITIVE_INFINITY);
    await this.#gate.cut(absence);
  }

  async heal(): Promise<void> {
    this.#strikeWhereFelt();
    this.#absences.heal();
    await this.#gate.heal();
  }

  unfired(): string[] {
    this.#strikeWhereFelt();
    return this.#absences.unfired();
  }

  reset(): void {
    this.#wasCut = false;
    this.#lostBefore = this.#gate.lost;
    this.#absences.reset();
    this.#gate.watchNothing();
  }

  async close(): Promise<void> {
    await this.#gate.close();
  }

  #strikeWhereFelt(): void {
    if (this.#gate.hits > 0) this.#absences.strike();
  }
}
