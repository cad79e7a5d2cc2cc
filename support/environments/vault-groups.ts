import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { signalGroup } from './process-group';

/**
 * Which process groups of vaults run, noted in the run's folder: a worker that is killed cannot end its vault, so the coordinator
 * does.
 */
export class VaultGroups {
  readonly #folder: string;

  constructor(temporaryFolder: string) {
    this.#folder = path.join(temporaryFolder, 'vaults');
  }

  started(id: number): void {
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(path.join(this.#folder, String(id)), '');
  }

  ended(id: number): void {
    rmSync(path.join(this.#folder, String(id)), { force: true });
  }

  /** Ends whatever is still noted. */
  killAll(): void {
    for (const id of this.#noted()) {
      signalGroup(Number(id), 'SIGKILL');
      this.ended(Number(id));
    }
  }

  #noted(): readonly string[] {
    try {
      return readdirSync(this.#folder);
    } catch {
      return [];
    }
  }
}
