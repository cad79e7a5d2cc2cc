import { type Markup, markup, trusted } from '../markup';

/** A picture as it is attached: text that is shown as an image, so that nothing in it runs or is fetched. */
export interface Picture {
  /** Its title, on one line. */
  readonly title: string;
  readonly svg: string;
}

interface Drawing {
  /** Safe to print, like every text of a picture: see `safeText`. */
  readonly title: string;
  /** Says in words, for whoever cannot see it, what it shows. */
  readonly description: string;
  /** In pixels, at the size the text is made for. */
  readonly width: number;
  readonly height: number;
  readonly content: Markup;
}

/** Its own colours for light and dark, for an image does not see those of the page. */
const STYLE = `
svg { --card: #ffffff; --text: #1b2330; --soft: #566072; --line: #d6dbe3; --good: #14713a; --bad: #b3172a; --badcard: #fbdfe2; --wait: #7d8797; }
@media (prefers-color-scheme: dark) { svg { --card: #1a2029; --text: #e4e8ef; --soft: #a3adbd; --line: #343d4b; --good: #63d191; --bad: #ff8d98; --badcard: #5a2129; --wait: #8b96a8; } }
text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: var(--text); }
.title { font-size: 14px; font-weight: 600; }
.strong { font-weight: 600; }
.soft { fill: var(--soft); }
.good { fill: var(--good); }
.bad { fill: var(--bad); }
.mono { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
`;

export function svgPicture({ title, description, width, height, content }: Drawing): Picture {
  const { source } =
    markup`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img"><title>${title}</title><desc>${description}</desc><style>${trusted(STYLE)}</style><rect width="${width}" height="${height}" fill="var(--card)"/>${content}</svg>`;
  return { title, svg: source };
}
