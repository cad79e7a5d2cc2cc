/** An ingestion request as it is sent. */
export interface SentRequest {
  readonly body: string | Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const JSON_TYPE = { 'content-type': 'application/json' } as const;
/** Known to every vault under test; no other request of such a scenario names it. */
const PROVIDER = 'okta_system_log';

/**
 * So far apart that a start or an end which a lenient vault reads as some other day still makes a range:
 * nothing but that one member can be what the vault refuses.
 */
const LONG_AGO = '1971-01-01T00:00:00Z';
const FAR_AHEAD = '2999-12-31T00:00:00Z';

type Member = 'provider' | 'range' | 'start' | 'end' | 'priority';

const paths: Readonly<Record<Member, readonly [string, string?]>> = {
  provider: ['provider_id'],
  range: ['range'],
  start: ['range', 'start'],
  end: ['range', 'end'],
  priority: ['priority'],
};

/** The bodies a feature file knows by name: each would be a good request but for what its name says. */
const bodies: Readonly<Record<string, (good: string) => string | Buffer>> = {
  'without a body': () => '',
  'as white space alone': () => ' \n ',
  'cut off half-way': (good) => good.slice(0, -2),
  'followed by a second one': (good) => `${good}${good}`,
  'followed by a word': (good) => `${good} true`,
  'with one comma too many': (good) => good.replace(/\}$/, ',}'),
  'with a comment': (good) => good.replace('{', '{ /* last year */ '),
  'in single quotes': (good) => good.replaceAll('"', "'"),
  'with NaN in it': (good) => good.replace(/\}$/, ',"weight":NaN}'),
  'in UTF-16': (good) => Buffer.from(good, 'utf16le'),
  'as a form': () => `provider_id=${PROVIDER}&priority=normal`,
  'as a list with one request in it': (good) => `[${good}]`,
  'as a string of JSON': (good) => JSON.stringify(good),
  'as the word null': () => 'null',
  'as the word true': () => 'true',
  'as a number': () => '42',
  'as an empty list': () => '[]',
  'as an empty object': () => '{}',
  'as lists 20,000 deep': () => `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
};

/**
 * A request that is right in everything but one member. @param json its value as JSON, or `missing`: left
 * out.
 */
function requestWhose(member: string, json: string): SentRequest {
  const [name, inner] = pathOf(member);
  const request = goodRequest();
  const value: unknown = json === 'missing' ? undefined : JSON.parse(json);
  request[name] = inner === undefined ? value : { start: LONG_AGO, end: FAR_AHEAD, [inner]: value };
  return { body: JSON.stringify(request), headers: JSON_TYPE };
}

function requestFor(start: string, end: string): SentRequest {
  return { body: goodBody({ range: { start, end } }), headers: JSON_TYPE };
}

/** Requests that differ from a good one by a value, by the words of feature files. */
const kinds: readonly (readonly [RegExp, (...values: readonly string[]) => SentRequest])[] = [
  [/^whose (\w+) is (.+)$/, (member = '', json = '') => requestWhose(member, json)],
  [/^from (\S+) to (\S+)$/, (start = '', end = '') => requestFor(start, end)],
  [/^declared as (.+)$/, (mediaType = '') => requestDeclared(mediaType)],
  [/^of (\d+) bytes, (.+) each$/, (bytes, width = '') => requestOfBytes(Number(bytes), width)],
  [
    /^of (\d+) bytes without announcing its length$/,
    (bytes) => inChunks(requestOfBytes(Number(bytes), 'one byte')),
  ],
];

/**
 * Returns the request that a feature file describes.
 * @param words `whose start is missing`, `of 65537 bytes, one byte each`, `with a comment`, …
 * @throws Error for words it does not know
 */
export function requestOf(words: string): SentRequest {
  for (const [pattern, request] of kinds) {
    const [match, ...values] = pattern.exec(words) ?? [];
    if (match !== undefined) return request(...values);
  }
  const body = bodies[words];
  if (body === undefined) {
    throw new Error(`no request is called "${words}"; there are: ${Object.keys(bodies).join(', ')}`);
  }
  return { body: body(goodBody()), headers: JSON_TYPE };
}

/** A good request under another media type. @param mediaType `nothing`: without any */
function requestDeclared(mediaType: string): SentRequest {
  return { body: goodBody(), headers: mediaType === 'nothing' ? {} : { 'content-type': mediaType } };
}

/** Characters by how many bytes they take: a limit counts bytes. */
const characters: Readonly<Record<string, string>> = { 'one byte': 'x', 'two bytes': 'ß' };

/**
 * A good request but for its length: so many bytes. @param width how many of them most characters take: `two
 * bytes`
 */
function requestOfBytes(bytes: number, width: string): SentRequest {
  const character = characters[width];
  if (character === undefined)
    throw new Error(`no character takes "${width}"; there are: ${Object.keys(characters).join(', ')}`);
  const document = padded(goodRequest(), bytes, character);
  return { body: JSON.stringify(document), headers: JSON_TYPE };
}

/**
 * The same request, sent without a Content-Length. A vault that takes no such request answers 4xx as well,
 * 411 for one.
 */
function inChunks({ body, headers }: SentRequest): SentRequest {
  return { body, headers: { ...headers, 'transfer-encoding': 'chunked' } };
}

/** The document with a member more, so that it is exactly that many bytes of JSON. */
export function padded<T extends object>(
  document: T,
  bytes: number,
  character = 'x',
): T & { readonly note: string } {
  const left = bytes - Buffer.byteLength(JSON.stringify({ ...document, note: '' }));
  const width = Buffer.byteLength(character);
  return { ...document, note: `${'x'.repeat(left % width)}${character.repeat(Math.floor(left / width))}` };
}

function goodRequest(): Record<string, unknown> {
  return { provider_id: PROVIDER, range: { start: LONG_AGO, end: FAR_AHEAD }, priority: 'normal' };
}

function goodBody(members: object = {}): string {
  return JSON.stringify({ ...goodRequest(), ...members });
}

function pathOf(member: string): readonly [string, string?] {
  const path = paths[member as Member];
  if (path === undefined) {
    throw new Error(`no member is called "${member}"; there are: ${Object.keys(paths).join(', ')}`);
  }
  return path;
}
