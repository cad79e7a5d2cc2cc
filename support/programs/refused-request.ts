import { safeText } from '../bytes/safe-text';
import { padded } from '../scenario/ingest-request';
import type { RequestSpoiler, Respelling } from './refused-request-draws';

/** A request as it is sent, and the statuses with which a vault may refuse it (contract, section 1). */
export interface SpoiltRequest {
  readonly body: string | Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly refusedWith: readonly number[];
  /** What is wrong with it, in words. */
  readonly words: string;
}

const JSON_TYPE = { 'content-type': 'application/json' } as const;
const MALFORMED = [400];
/** A vault that takes no body of unknown length may say just that. */
const LONG_UNANNOUNCED = [411, 413];
const QUOTED_CHARACTERS = 60;

type Members = Readonly<Record<string, unknown>>;

/** Returns the request that is wrong in this one thing. @param good the right one */
export function spoiltRequest(good: Members, spoiler: RequestSpoiler): SpoiltRequest {
  const text = JSON.stringify(good);
  const malformed = (body: string | Buffer, words: string): SpoiltRequest => ({
    body,
    headers: JSON_TYPE,
    refusedWith: MALFORMED,
    words,
  });
  switch (spoiler.kind) {
    case 'member': {
      const { path, value } = spoiler;
      const body = JSON.stringify(
        withMember(good, path, value === 'missing' ? undefined : JSON.parse(value)),
      );
      return malformed(body, `whose ${path.join('.')} is ${safeText(value, { limit: QUOTED_CHARACTERS })}`);
    }
    case 'respelt': {
      const { path, how } = spoiler;
      const value = respelt(String(memberOf(good, path)), how);
      return malformed(
        JSON.stringify(withMember(good, path, value)),
        `whose ${path.join('.')} is "${value}"`,
      );
    }
    case 'cut': {
      const kept = Math.min(text.length - 1, Math.floor(spoiler.share * text.length));
      return malformed(
        text.slice(0, kept),
        `of which the first ${kept} of ${text.length} characters are sent`,
      );
    }
    case 'around': {
      const { before, after } = spoiler;
      const words = [
        before === '' ? '' : `with ${JSON.stringify(before)} before it`,
        after === '' ? '' : `with ${JSON.stringify(after)} behind it`,
      ];
      return malformed(`${before}${text}${after}`, words.filter((each) => each !== '').join(' and '));
    }
    case 'in UTF-16':
      return malformed(Buffer.from(text, 'utf16le'), 'in UTF-16');
    case 'reversed': {
      const { start } = good.range as { readonly start: string };
      const range = { start: start.replace('Z', spoiler.start), end: start.replace('Z', spoiler.end) };
      return malformed(JSON.stringify({ ...good, range }), `from ${range.start} to ${range.end}`);
    }
    case 'bytes': {
      const { bytes, announced } = spoiler;
      return {
        body: JSON.stringify(padded(good, bytes)),
        headers: announced ? JSON_TYPE : { ...JSON_TYPE, 'transfer-encoding': 'chunked' },
        refusedWith: announced ? [413] : LONG_UNANNOUNCED,
        words: `of ${bytes} bytes${announced ? '' : ', without announcing its length'}`,
      };
    }
    case 'declared': {
      const { as } = spoiler;
      return {
        body: text,
        headers: as === null ? {} : { 'content-type': as },
        refusedWith: [415],
        words: as === null ? 'without a media type' : `declared as ${as}`,
      };
    }
  }
}

const RESPELLINGS: Readonly<Record<Respelling, (text: string) => string>> = {
  'without T': (text) => text.replace('T', ''),
  'with a blank for T': (text) => text.replace('T', ' '),
  'without Z': (text) => text.replace('Z', ''),
  'in lower-case words': (text) => text.replace('Z', ' utc'),
  'two hours east': (text) => text.replace('Z', '+02:00'),
  'with +0000': (text) => text.replace('Z', '+0000'),
  'with a comma': (text) => text.replace('Z', ',5Z'),
  'with an empty fraction': (text) => text.replace('Z', '.Z'),
  'on the 30th of February': (text) => text.replace(/-\d\d-\d\dT/, '-02-30T'),
  'in the 13th month': (text) => text.replace(/-\d\d-/, '-13-'),
  'on the day 00': (text) => text.replace(/-\d\dT/, '-00T'),
  'at 24:00': (text) => text.replace(/T\d\d:\d\d:\d\d/, 'T24:00:00'),
  'at minute 60': (text) => text.replace(/:\d\d:/, ':60:'),
  'at second 61': (text) => text.replace(/:\d\dZ/, ':61Z'),
  'without seconds': (text) => text.replace(/:\d\dZ/, 'Z'),
  'with a blank before it': (text) => ` ${text}`,
  'with a blank behind it': (text) => `${text} `,
  'in seconds since 1970': (text) => String(Date.parse(text) / 1_000),
  'as a date': (text) => text.slice(0, 'YYYY-MM-DD'.length),
  'in capitals': (text) => text.toUpperCase(),
  'with a blank behind': (text) => `${text} `,
  'with a blank in front': (text) => ` ${text}`,
  'without its last letter': (text) => text.slice(0, -1),
  'as a path': (text) => `../${text}`,
  'with a null behind': (text) => `${text}\u0000`,
};

/** Returns the text in such a spelling. */
export function respelt(text: string, how: Respelling): string {
  return RESPELLINGS[how](text);
}

function memberOf(members: Members, [name = '', ...inner]: readonly string[]): unknown {
  const value = members[name];
  return inner.length === 0 ? value : memberOf(value as Members, inner);
}

function withMember(members: Members, [name = '', ...inner]: readonly string[], value: unknown): Members {
  return {
    ...members,
    [name]: inner.length === 0 ? value : withMember(members[name] as Members, inner, value),
  };
}
