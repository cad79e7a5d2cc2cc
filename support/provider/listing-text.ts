import type { ListingPage } from './provider-listing';

/** Members and spellings of a listing that change nothing about what it lists. */
export interface ListingText {
  /** Members beyond those that the contract names, each with its value as JSON. */
  readonly envelope: readonly (readonly [name: string, json: string])[];
  readonly entry: readonly (readonly [name: string, json: string])[];
  readonly spelling: 'plain' | 'over many lines' | 'escaped';
  /** Whether the members beyond come before the others. */
  readonly othersFirst: boolean;
  /** Whether the cursor comes before the logs. */
  readonly cursorFirst: boolean;
  readonly contentType: string;
}

type Member = readonly [name: string, json: string];

/** A page as the contract's provider writes it (section 2), in such a text. */
export function textOfPage({ logs, nextCursor }: ListingPage, text: ListingText): Buffer {
  const string = text.spelling === 'escaped' ? escaped : (value: string) => JSON.stringify(value);
  const [open, comma, colon, close] =
    text.spelling === 'over many lines' ? ['\r\n\t', ',\r\n\t', ' : ', '\r\n'] : ['', ',', ':', ''];
  const object = (own: readonly Member[], others: readonly Member[]): string => {
    const members = text.othersFirst ? [...others, ...own] : [...own, ...others];
    return `{${open}${members.map(([name, json]) => `${string(name)}${colon}${json}`).join(comma)}${close}}`;
  };
  const entries = logs.map(({ sourceId, timestamp }) =>
    object(
      [
        ['id', string(sourceId)],
        ['timestamp', string(timestamp)],
      ],
      text.entry,
    ),
  );
  const list: Member = ['logs', `[${open}${entries.join(comma)}${close}]`];
  const cursor: Member = ['next_cursor', nextCursor === null ? 'null' : string(nextCursor)];
  return Buffer.from(object(text.cursorFirst ? [cursor, list] : [list, cursor], text.envelope));
}

/** Every character by its number, as JSON allows. */
function escaped(value: string): string {
  const units = Array.from({ length: value.length }, (_, at) => value.charCodeAt(at));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
}
