/** Text that is HTML, XML or SVG already, made by `markup` and nothing else. */
export class Markup {
  constructor(readonly source: string) {}
}

type Piece = string | number | Markup | undefined | readonly Piece[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Builds HTML or SVG: everything that is put in is escaped, for text and for attributes in quotes alike,
 * unless it is markup itself. Lists are joined, `undefined` is nothing. What cannot be seen is not escaped:
 * texts go through `safeText` first.
 */
export function markup(texts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return new Markup(texts.map((text, index) => text + sourceOf(pieces[index])).join(''));
}

/** Trusts a text of ours: a style sheet, a script. */
export function trusted(source: string): Markup {
  return new Markup(source);
}

function sourceOf(piece: Piece): string {
  if (piece === undefined) return '';
  if (piece instanceof Markup) return piece.source;
  if (typeof piece === 'object') return piece.map(sourceOf).join('');
  return String(piece).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
