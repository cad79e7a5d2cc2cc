/** The values of a template's names; a name without a value cannot be filled in. */
export type TemplateValues = Readonly<Record<string, string | undefined>>;

const NAME = /\{([^{}]*)\}/g;

/** A text with names in braces, such as `raw/{provider_id}/{log_id}.bin` (contract, section 8). */
export class Template {
  readonly text: string;
  readonly names: readonly string[];

  constructor(text: string) {
    this.text = text;
    this.names = namesIn(text);
  }

  /**
   * Returns the text with its names filled in; `undefined` where one of them has no value.
   * @param encode how a value is written there; as it is, by default
   */
  fill(values: TemplateValues, encode: (value: string) => string = (value) => value): string | undefined {
    if (this.names.some((name) => values[name] === undefined)) return undefined;
    return this.text.replaceAll(NAME, (_, name: string) => encode(values[name] ?? ''));
  }

  /**
   * Returns what stands in a text in place of each name; `undefined` where the text is no such text.
   * @param form what may stand there, as for `pattern`
   */
  read(text: string, form?: (name: string) => string): TemplateValues | undefined {
    const match = this.pattern(form).exec(text);
    if (match === null) return undefined;
    return Object.fromEntries(this.names.map((name, index) => [name, match[index + 1]]));
  }

  /**
   * Returns the form that filled-in texts have.
   * @param form what stands in place of a name; anything, by default
   */
  pattern(form: (name: string) => string = () => '.*?'): RegExp {
    const parts = this.text.split(NAME);
    const source = parts.map((part, index) => (index % 2 === 0 ? escaped(part) : `(${form(part)})`));
    return new RegExp(`^${source.join('')}$`, 's');
  }
}

/** The names in braces, in order. */
export function namesIn(text: string): readonly string[] {
  return [...text.matchAll(NAME)].map(([, name = '']) => name);
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
