import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { signalGroup } from './process-group';

/**
 * Which process groups of vaults run, noted in the run's folder: a worker that is killed cannot end its
 * vault, so the coordinator does; and a worker that outlives its coordinator ends what it has started itself.
 */
export class VaultGroups {
  readonly #run: string;
  readonly #folder: string;
  readonly #own = new Set<number>();

  constructor(temporaryFolder: string) {
    this.#run = temporaryFolder;
    this.#folder = path.join(temporaryFolder, 'vaults');
  }

  started(id: number): void {
    this.#own.add(id);
    // A coordinator that has ended has taken the run's folder along: it is not to come back.
    if (!existsSync(this.#run)) return;
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(path.join(this.#folder, String(id)), '');
  }

  ended(id: number): void {
    this.#own.delete(id);
    rmSync(path.join(this.#folder, String(id)), { force: true });
  }

  /** Ends what was started through this object and has not ended. */
  killOwn(): void {
    for (const id of this.#own) this.#kill(id);
  }

  /** Ends whatever is still noted. */
  killAll(): void {
    for (const id of this.#noted()) this.#kill(Number(id));
  }

  #kill(id: number): void {
    signalGroup(id, 'SIGKILL');
    this.ended(id);
  }

  #noted(): readonly string[] {
    try {
      return readdirSync(this.#folder);
    } catch {
      return [];
    }
  }
}
