type Keyword = 'Given' | 'When' | 'Then';

/** Writes down what one program does, step by step as a feature file would. */
export interface TranscriptWriter {
  /** How many steps it has written. */
  readonly steps: number;
  given(words: string): void;
  when(words: string): void;
}

interface Line {
  readonly program: number;
  readonly keyword: Keyword;
  readonly words: string;
}

/** A program in the words of a feature file, in the order in which its steps were begun. */
export class Transcript {
  readonly #lines: Line[] = [];

  /** @param program the number of the program, from 1 */
  writer(program: number): TranscriptWriter {
    let steps = 0;
    const write = (keyword: Keyword, words: string): void => {
      this.#lines.push({ program, keyword, words });
      steps += 1;
    };
    return {
      given: (words) => write('Given', words),
      when: (words) => write('When', words),
      get steps() {
        return steps;
      },
    };
  }

  /** How many steps were written. */
  get steps(): number {
    return this.#lines.length;
  }

  /** The steps, a line each; where several programs run at once, each line says whose it is. */
  lines(): readonly string[] {
    const isShared = this.#lines.some(({ program }) => program > 1);
    const last = new Map<number, Keyword>();
    return this.#lines.map(({ program, keyword, words }) => {
      const shown = last.get(program) === keyword ? 'And' : keyword;
      last.set(program, keyword);
      return `${isShared ? `(${program}) ` : ''}${shown} ${words}`;
    });
  }
}
