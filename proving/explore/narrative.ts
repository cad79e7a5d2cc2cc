type Keyword = 'Given' | 'When' | 'Then';

/** What one auditor does, told step by step as a feature file would. */
export interface Teller {
  given(words: string): void;
  when(words: string): void;
}

interface Line {
  readonly auditor: number;
  readonly keyword: Keyword;
  readonly words: string;
}

/** A program in the words of a feature file, in the order in which its steps were begun. */
export class Narrative {
  readonly #lines: Line[] = [];

  /** @param auditor who tells, from 1 */
  teller(auditor: number): Teller {
    const tell = (keyword: Keyword, words: string): void => {
      this.#lines.push({ auditor, keyword, words });
    };
    return { given: (words) => tell('Given', words), when: (words) => tell('When', words) };
  }

  /** How many steps were told. */
  get steps(): number {
    return this.#lines.length;
  }

  /** The steps, a line each; where several auditors work at once, each line says whose it is. */
  lines(): readonly string[] {
    const isShared = this.#lines.some(({ auditor }) => auditor > 1);
    const last = new Map<number, Keyword>();
    return this.#lines.map(({ auditor, keyword, words }) => {
      const shown = last.get(auditor) === keyword ? 'And' : keyword;
      last.set(auditor, keyword);
      return `${isShared ? `(${auditor}) ` : ''}${shown} ${words}`;
    });
  }
}
