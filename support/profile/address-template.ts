import { Template, type TemplateValues } from './template';

interface QueryMember {
  readonly name: string;
  readonly value: Template;
  /** Name and value as they are once an address is decoded. */
  readonly decoded: { readonly name: string; readonly value: Template };
}

/**
 * A path with a query, such as `/{provider_id}/logs?start={start}&cursor={cursor}`. Values are
 * percent-encoded; a member of the query that has no value is left out (contract, section 8).
 */
export class AddressTemplate {
  readonly text: string;
  readonly names: readonly string[];
  readonly #path: Template;
  readonly #query: readonly QueryMember[];

  constructor(text: string) {
    const [path = '', ...query] = text.split('?');
    this.text = text;
    this.#path = new Template(path);
    this.#query = query
      .join('?')
      .split('&')
      .filter((member) => member !== '')
      .map((member) => {
        const [name = '', ...value] = member.split('=');
        const [[plainName, plainValue] = ['', '']] = new URLSearchParams(member);
        return {
          name,
          value: new Template(value.join('=')),
          decoded: { name: plainName, value: new Template(plainValue) },
        };
      });
    this.names = [...this.#path.names, ...this.#query.flatMap(({ value }) => value.names)];
  }

  /**
   * Returns the path alone.
   * @param encode how a value is written there
   * @throws Error where one of its names has no value
   */
  path(values: TemplateValues, encode: (value: string) => string = encodeURIComponent): string {
    const path = this.#path.fill(values, encode);
    if (path === undefined) throw new Error(`the path of ${this.text} has a name without a value`);
    return path;
  }

  /** Returns path and query. @throws Error where a name of the path has no value */
  fill(values: TemplateValues): string {
    const query = this.#query.flatMap(({ name, value }) => {
      const filled = value.fill(values, encodeURIComponent);
      return filled === undefined ? [] : [`${name}=${filled}`];
    });
    return `${this.path(values)}${query.length === 0 ? '' : `?${query.join('&')}`}`;
  }

  /**
   * Returns the values that an address has in place of the names, decoded; those of absent members of the
   * query are `undefined`. Members whose value the template fixes may have any value, or be absent.
   * @returns undefined where the path is another one
   */
  read(address: URL): TemplateValues | undefined {
    const path = this.#path.pattern((name) => SEGMENTS[name] ?? '[^/]+').exec(address.pathname);
    if (path === null) return undefined;
    const inPath = this.#path.names.map((name, index): [string, string] => [
      name,
      decoded(path[index + 1] ?? ''),
    ]);
    return Object.fromEntries([...this.#inQuery(address), ...inPath]);
  }

  /**
   * Returns what `read` does for an address that has all of the names, the cursor apart: of two calls with one path
   * that is the one meant.
   */
  readWhole(address: URL): TemplateValues | undefined {
    const values = this.read(address);
    const isWhole = this.names.every((name) => name === 'cursor' || values?.[name] !== undefined);
    return isWhole ? values : undefined;
  }

  /** A member that is there several times is known by its form; where that is the same, by the order. */
  #inQuery(address: URL): readonly (readonly [string, string | undefined])[] {
    const unread = [...address.searchParams];
    return this.#query.flatMap(({ decoded: { name, value } }) => {
      for (const form of [(part: string) => VALUES[part] ?? '.*', () => '.*?']) {
        const at = unread.findIndex(([own, given]) => own === name && value.read(given, form) !== undefined);
        const [[, given = ''] = []] = at < 0 ? [] : unread.splice(at, 1);
        if (at >= 0) return Object.entries(value.read(given, form) ?? {});
      }
      return [];
    });
  }
}

/** A timestamp of RFC 3339, which has in it what may stand between two of them; percent-encoded or not. */
const TIME = String.raw`\d{4}-\d\d-\d\d[Tt](?:[\d.:]|%3[Aa])+(?:[Zz]|(?:[+-]|%2[Bb])\d\d(?::|%3[Aa])\d\d)`;
/** What names may have in their place beside one another: ids of providers are plain, those of logs are not. */
const SEGMENTS: Readonly<Record<string, string>> = { provider_id: '[^/]+?' };
const VALUES: Readonly<Record<string, string>> = { provider_id: '.*?', start: TIME, end: TIME };

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
