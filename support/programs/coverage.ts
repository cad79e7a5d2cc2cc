/** Names of what is interesting among what is drawn, and when a draw is an example of it. */
export type Interesting<Drawn> = Readonly<Record<string, (drawn: Drawn) => boolean>>;

/** Counts how often the programs of a run judged each requirement, and met what is interesting of each kind of steps. */
export class Coverage {
  readonly #judged = new Map<string, number>();
  readonly #met = new Map<string, Map<string, number>>();

  /** Notes that requirements were judged once. @param requirements ids, such as `FID-1` */
  judged(requirements: readonly string[]): void {
    for (const id of requirements) this.#judged.set(id, this.timesJudged(id) + 1);
  }

  /** Notes that a step of a kind was taken, and what was interesting in it. */
  met(kind: string, interesting: readonly string[]): void {
    const values = this.#met.get(kind) ?? new Map<string, number>();
    this.#met.set(kind, values);
    for (const value of ['', ...interesting]) values.set(value, (values.get(value) ?? 0) + 1);
  }

  /** Returns how often a requirement was judged. */
  timesJudged(requirement: string): number {
    return this.#judged.get(requirement) ?? 0;
  }

  /** Returns how often a kind of steps was taken, or one of its interesting values met. */
  timesMet(kind: string, value = ''): number {
    return this.#met.get(kind)?.get(value) ?? 0;
  }
}

/** Returns the names of what is interesting in one draw. */
export function interestingIn<Drawn>(interesting: Interesting<Drawn>, drawn: Drawn): readonly string[] {
  return Object.entries(interesting)
    .filter(([, isExample]) => isExample(drawn))
    .map(([name]) => name);
}
