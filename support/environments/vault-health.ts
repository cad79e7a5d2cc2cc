import type { VaultUnderTest } from './environment';

/** After so many scenarios in a row that a vault did not settle after, the rest would only take long to say the same. */
const PATIENCE_SCENARIOS = 3;

/** Whether the vault can still be judged; restarts it after a scenario that it did not settle after (design, idea 4). */
export class VaultHealth {
  readonly #vault: VaultUnderTest;
  readonly #canRestart: boolean;
  #unsettledInARow = 0;
  #givenUp: string | undefined;

  constructor(vault: VaultUnderTest, canRestart: boolean) {
    this.#vault = vault;
    this.#canRestart = canRestart;
  }

  /** Why the scenarios that are left cannot be judged; `undefined` while they can. */
  get givenUp(): string | undefined {
    return this.#givenUp;
  }

  /** @param problems what the report will say of the scenario; a failed restart is added */
  async scenarioEnded(settled: boolean, problems: string[]): Promise<void> {
    this.#unsettledInARow = settled ? 0 : this.#unsettledInARow + 1;
    if (settled) return;
    if (!this.#canRestart) {
      this.#givenUp = 'the vault did not settle after an earlier scenario, and the suite cannot restart it';
      return;
    }
    try {
      await this.#vault.kill();
      await this.#vault.start();
    } catch (error) {
      problems.push(`it could not be restarted: ${error instanceof Error ? error.message : String(error)}`);
      this.#givenUp = 'the vault could not be restarted after an earlier scenario';
    }
    if (this.#unsettledInARow >= PATIENCE_SCENARIOS) {
      this.#givenUp ??= `the vault did not settle after ${PATIENCE_SCENARIOS} scenarios in a row`;
    }
  }
}
