import { count, safeText } from '../bytes/safe-text';
import type { StepOutcome } from './scenario-outcome';

type Attachment = StepOutcome['attachments'][number];

/** An attachment as the report shows it; every text in it is printable, none is escaped for HTML. */
export type AttachmentView =
  | { readonly kind: 'text'; readonly title: string; readonly text: string; readonly isLong: boolean }
  | {
      readonly kind: 'image';
      readonly title: string;
      /** A description of what it shows, for whoever cannot see it. */
      readonly description: string;
      /** True where it is to be scrolled rather than shrunk where there is little room. */
      readonly isWide: boolean;
      readonly source: string;
    }
  | { readonly kind: 'omitted'; readonly note: string };

const TEXT_LIMIT = 40_000;
const TITLE_LIMIT = 120;
const LONG_LINES = 4;
const LONG_CHARACTERS = 400;
/** A picture of ours has some kilobytes; a larger one is no picture of ours. In characters of Base64. */
const IMAGE_LIMIT = 4_000_000;
/** In pixels: shrunk to a phone, text in a picture this wide could not be read. */
const WIDE = 480;
const DESCRIPTION_LIMIT = 1_500;
/** A description stands at the beginning of a picture. In characters. */
const EXAMINED = 20_000;
const CHARACTERS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const TEXTS: ReadonlySet<string> = new Set(['text/plain', 'application/json', 'text/x.cucumber.log+plain']);
/** Only as an <img>, where neither scripts nor links of a picture are followed. */
const IMAGES: ReadonlySet<string> = new Set(['image/svg+xml', 'image/png']);

export function attachmentView(attachment: Attachment): AttachmentView {
  const type = attachment.mediaType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (TEXTS.has(type)) return textView(attachment, type);
  if (IMAGES.has(type)) return imageView(attachment, type);
  return omitted(
    attachment,
    `Attachment of type ${safeText(attachment.mediaType, { limit: TITLE_LIMIT })} left out`,
  );
}

function textView(attachment: Attachment, type: string): AttachmentView {
  const text = textOf(attachment);
  const feed = text.slice(0, TITLE_LIMIT * 2).indexOf('\n');
  // Evidence comes as a title and lines; any other text goes by its file name, its type or its first words.
  const hasTitle = type === 'text/plain' && feed > 0;
  const shown = safeText(hasTitle ? text.slice(feed + 1) : text, { limit: TEXT_LIMIT, multiLine: true });
  const isLong = shown.length > LONG_CHARACTERS || shown.split('\n').length > LONG_LINES;
  const otherTitle =
    attachment.fileName ?? (type === 'application/json' ? 'JSON' : isLong ? firstWords(text) : '');
  return {
    kind: 'text',
    title: safeText(hasTitle ? text.slice(0, feed) : otherTitle, { limit: TITLE_LIMIT }),
    text: shown,
    isLong,
  };
}

/** Safe to cut again: what is longer says how long it is. */
function firstWords(text: string): string {
  return `${text.slice(0, 40)}… (${count(text.length, 'character')})`;
}

function imageView(attachment: Attachment, type: string): AttachmentView {
  const base64 =
    attachment.contentEncoding === 'BASE64'
      ? attachment.body
      : Buffer.from(attachment.body).toString('base64');
  const title = safeText(attachment.fileName ?? 'Picture', { limit: TITLE_LIMIT });
  if (base64.length > IMAGE_LIMIT) return omitted(attachment, 'Picture left out');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64))
    return omitted(attachment, 'Picture left out, for it is not valid Base64');
  const svg = type === 'image/svg+xml' ? Buffer.from(base64, 'base64').toString() : '';
  const width = Number(/^<svg [^>]*?width="(\d{1,5})"/.exec(svg)?.[1] ?? 0);
  return {
    kind: 'image',
    title,
    description: describedIn(svg) || title,
    isWide: width > WIDE,
    source: `data:${type};base64,${base64}`,
  };
}

/**
 * The words of a picture of ours; one of somebody else's may say anything, so it is a text like any other.
 */
function describedIn(svg: string): string {
  const text = /<desc>([^<]*)<\/desc>/.exec(svg.slice(0, EXAMINED))?.[1] ?? '';
  const plain = text.replace(/&(amp|lt|gt|quot|#39);/g, (_, entity: string) => CHARACTERS[entity] ?? '');
  return safeText(plain, { limit: DESCRIPTION_LIMIT });
}

function omitted({ body }: Attachment, words: string): AttachmentView {
  return { kind: 'omitted', note: `${words} (${count(body.length, 'character')}).` };
}

function textOf({ body, contentEncoding }: Attachment): string {
  return contentEncoding === 'BASE64' ? Buffer.from(body, 'base64').toString('utf8') : body;
}
