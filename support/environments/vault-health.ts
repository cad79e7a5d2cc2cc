import type { Finding } from '../ledger/finding';
import { NotOfThisShape } from '../profile/not-of-this-shape';
import type { FixedSettings } from '../profile/profile';
import type { Patience } from './patience';
import type { RunSettings, VaultUnderTest } from './vault-under-test';

/**
 * After so many scenarios in a row that a vault did not settle after, the rest would only take long to say
 * the same.
 */
const UNSETTLED_IN_A_ROW = 5;

/** Whether the vault can still be judged; restarts it after a scenario that it did not settle after. */
export class VaultHealth {
  readonly #vault: VaultUnderTest;
  readonly #canRestart: boolean;
  readonly #patience: Pick<Patience, 'isUsedUp'>;
  readonly #usual: RunSettings;
  readonly #fixed: FixedSettings;
  #peers: VaultUnderTest[] = [];
  /** Peers that stay from one scenario to the next, while as many vaults are wanted. */
  #kept: VaultUnderTest[] = [];
  #unsettledInARow = 0;
  #givenUp: string | undefined;

  /**
   * @param vault as it was first started: its settings then are its usual ones.
   * @param fixed what it does, whatever it is told
   */
  constructor(
    vault: VaultUnderTest,
    canRestart: boolean,
    patience: Pick<Patience, 'isUsedUp'>,
    fixed: FixedSettings = {},
  ) {
    this.#fixed = fixed;
    this.#vault = vault;
    this.#usual = vault.settings;
    this.#canRestart = canRestart;
    this.#patience = patience;
  }

  /** Why the scenarios that are left cannot be judged; `undefined` while they can. */
  get givenUp(): string | undefined {
    return this.#givenUp;
  }

  /**
   * Why nothing more can be seen of a vault that someone else runs; `undefined` where it is there. One that
   * is away is given a while to be back.
   */
  async stopped(): Promise<string | undefined> {
    const isThere = (await this.#vault.stillThere?.()) ?? true;
    return isThere ? undefined : this.#vault.crash();
  }

  /**
   * Has so many vaults run on the same stores with these settings, their usual ones otherwise; restarts only
   * where that changes anything.
   * @returns the vaults
   * @throws NotOfThisShape where it cannot be told so
   */
  async runWith(overrides: Partial<RunSettings>, vaults = 1): Promise<readonly VaultUnderTest[]> {
    this.expectPossible(overrides);
    for (const peer of this.#kept.splice(vaults - 1)) await peer.stop();
    const wanted = JSON.stringify({ ...this.#usual, ...overrides });
    for (const vault of [this.#vault, ...this.#kept]) {
      if (vault.isRunning && wanted === JSON.stringify(vault.settings)) continue;
      await vault.stop();
      await vault.start(overrides);
    }
    while (this.#kept.length < vaults - 1) this.#kept.push(await this.#vault.startPeer());
    return [this.#vault, ...this.#kept];
  }

  /** Stops every vault but the first. */
  async stopPeers(): Promise<void> {
    for (const peer of [...this.#peers.splice(0), ...this.#kept.splice(0)]) await peer.stop();
  }

  /** Says that the vault can be told these settings. @throws NotOfThisShape where it cannot */
  expectPossible(overrides: Partial<RunSettings>): void {
    for (const [name, value] of Object.entries(this.#fixed)) {
      const wanted = overrides[name as keyof FixedSettings];
      if (wanted === undefined || wanted === value) continue;
      throw new NotOfThisShape(
        `it needs a vault with ${name} ${wanted}, and by its profile this one has ${value}`,
      );
    }
  }

  /** Starts one more vault on the same stores, which runs until the scenario's end. */
  async startPeer(): Promise<VaultUnderTest> {
    const peer = await this.#vault.startPeer();
    this.#peers.push(peer);
    return peer;
  }

  /**
   * Empties the stores for the next scenario. A vault that did not settle is killed before and started after:
   * it would go on with the jobs it finds, and what it then stores would be laid at the next scenario's door.
   * So is one that may still write what nobody waits for: a call that MongoDB did not answer is tried again,
   * and the job may have ended by other hands.
   * @param findings what the report will say of the scenario; a failed restart is added
   * @param empty empties the stores; whatever it throws is handed on
   */
  async scenarioEnded(
    { settled, mayWriteLate }: { readonly settled: boolean; readonly mayWriteLate: boolean },
    findings: Finding[],
    empty: () => Promise<void>,
  ): Promise<void> {
    this.#unsettledInARow = settled ? 0 : this.#unsettledInARow + 1;
    const mayRestart = (!settled || mayWriteLate) && this.#canRestart;
    for (const peer of this.#peers.splice(0)) await this.#attempt(() => peer.stop(), findings);
    if (mayRestart) {
      for (const vault of [...this.#kept.splice(0), this.#vault])
        await this.#attempt(() => vault.kill(), findings);
    }
    if (!settled && !mayRestart) {
      this.#givenUp =
        (await this.stopped()) ??
        'the vault did not settle after an earlier scenario, and the suite cannot restart it';
    }
    try {
      await empty();
    } catch (error) {
      this.#givenUp = 'the stores could not be emptied after an earlier scenario';
      throw error;
    }
    if (mayRestart && this.#givenUp === undefined) await this.#attempt(() => this.#vault.start(), findings);
    if (this.#unsettledInARow >= UNSETTLED_IN_A_ROW) {
      this.#givenUp ??= `the vault did not settle after ${UNSETTLED_IN_A_ROW} scenarios in a row`;
    }
    if (this.#patience.isUsedUp) {
      this.#givenUp ??= 'the vault was waited for in vain in too many earlier scenarios';
    }
  }

  async #attempt(step: () => Promise<void>, findings: Finding[]): Promise<void> {
    try {
      await step();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      findings.push({ words: `it could not be restarted: ${reason}` });
      this.#givenUp = 'the vault could not be restarted after an earlier scenario';
    }
  }
}
