/** Names of what is interesting among what is drawn, and when a draw is an example of it. */
export type Interesting<Drawn> = Readonly<Record<string, (drawn: Drawn) => boolean>>;

/** What was judged and met so often, as it passes from one process to another. */
export interface CoverageCounts {
  /** By the ids of requirements. */
  readonly judged: Readonly<Record<string, number>>;
  /** By kinds of steps, and in them by values of interest; the steps themselves by the empty name. */
  readonly met: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Counts how often the programs of a run judged each requirement, and met what is interesting of each kind of steps. */
export class Coverage {
  readonly #judged = new Map<string, number>();
  readonly #met = new Map<string, Map<string, number>>();

  /** Notes that requirements were judged. @param requirements ids, such as `FID-1` */
  judged(requirements: readonly string[], times = 1): void {
    for (const id of requirements) this.#judged.set(id, this.timesJudged(id) + times);
  }

  /** Notes that a step of a kind was taken, and what was interesting in it. */
  met(kind: string, interesting: readonly string[]): void {
    for (const value of ['', ...interesting]) this.#count(kind, value, 1);
  }

  /** Returns what was counted so far. */
  counts(): CoverageCounts {
    const met = [...this.#met].map(([kind, values]) => [kind, Object.fromEntries(values)] as const);
    return { judged: Object.fromEntries(this.#judged), met: Object.fromEntries(met) };
  }

  /** Adds what another process counted. */
  add({ judged, met }: CoverageCounts): void {
    for (const [id, times] of Object.entries(judged)) this.judged([id], times);
    for (const [kind, values] of Object.entries(met)) {
      for (const [value, times] of Object.entries(values)) this.#count(kind, value, times);
    }
  }

  /** Returns how often a requirement was judged. */
  timesJudged(requirement: string): number {
    return this.#judged.get(requirement) ?? 0;
  }

  /** Returns how often a kind of steps was taken, or one of its interesting values met. */
  timesMet(kind: string, value = ''): number {
    return this.#met.get(kind)?.get(value) ?? 0;
  }

  #count(kind: string, value: string, times: number): void {
    const values = this.#met.get(kind) ?? new Map<string, number>();
    this.#met.set(kind, values);
    values.set(value, (values.get(value) ?? 0) + times);
  }
}

/** Returns the names of what is interesting in one draw. */
export function interestingIn<Drawn>(interesting: Interesting<Drawn>, drawn: Drawn): readonly string[] {
  return Object.entries(interesting)
    .filter(([, isExample]) => isExample(drawn))
    .map(([name]) => name);
}
