import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';

/** Payloads that look like something else to whoever stands between a provider and storage. */

const words = (...texts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);
const optional = (text: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.oneof(words(''), text);
const glued = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.join(''));

/** What comes before a text, and is often skipped. */
const lead = words('', '', '', '\ufeff', ' ', '\n', '\r\n  ', '\t');
const tail = words('', '', '\n', '\r\n', '\u0000');

const titles = words(
  'Sign in',
  '502 Bad Gateway',
  'Access Denied',
  'Down for maintenance',
  'Attention Required!',
  'Index of /',
  '404 Not Found',
);

/** Web pages, as proxies and portals send them in place of an answer. */
const pages = glued(
  lead,
  optional(words('<!-- cached -->', '<?xml version="1.0"?>\n')),
  words('<!DOCTYPE html>', '<!doctype html>', '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN">', '', ''),
  words('<html>', '<HTML lang="en">', '\n<html>\n<head>', '<head>', '<body>', '<script>'),
  titles.map((title) => `<title>${title}</title><p>${title}</p>`),
  words('</html>', '</body></html>\n', ''),
);

const markup = glued(
  lead,
  words('<?xml version="1.0" encoding="UTF-8"?>', '<?xml version="1.0" encoding="ISO-8859-1"?>', ''),
  words(
    '<Error><Code>NoSuchKey</Code></Error>',
    '<Error><Code>SlowDown</Code><Message>Reduce your request rate</Message></Error>',
    '<a:Envelope xmlns:a="x"><a:Body><a:Fault/></a:Body></a:Envelope>',
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>',
    '<svg onload="x"/>',
    '<Event><![CDATA[ ]]></Event>',
  ),
  tail,
);

const member = (names: readonly string[], values: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...names), fc.constantFrom(...values))
    .map(([name, value]) => `${JSON.stringify(name)}:${value}`);

const object = (members: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(fc.array(members, { minLength: 1, maxLength: 4 }), words(',', ', ', ',\n  '))
    .map(([texts, comma]) => `{${texts.join(comma)}}`);

const each = (texts: string): readonly string[] => texts.split(' ');

/** Events that say of themselves that something failed, or that they are nothing. */
const failures = object(
  member(
    each(
      'error errors Error message code status statusCode fault success ok detail exception retry_after deleted redacted expired truncated partial empty type',
    ),
    [
      '"not found"',
      ...each('"SlowDown" 500 "503" 404 0 true false null [] {} {"code":"NoSuchKey"} ["x"] ""'),
    ],
  ),
);

/** Events that are built like what vaults and providers say to each other. */
const protocol = object(
  member(
    each(
      'logs next_cursor cursor data meta id _id log_id job_id checksum timestamp provider_id bytes object payload body content raw $ref $set @type encoding',
    ),
    each(
      '[] {} null "x" "" 0 "sha256:00" "2026-02-30T00:00:00Z" [{"id":"evt-1"}] {"$gt":""} "base64" "eyJhIjoxfQ==" "{\\"a\\":1}"',
    ),
  ),
);

const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 8, maxLength: 40 });

/** What is often taken out of logs before anybody keeps them, and what is left then. */
const confidential = object(
  fc
    .tuple(
      words(
        'password',
        'api_key',
        'authorization',
        'token',
        'Secret',
        'ssn',
        'card',
        'email',
        'ip',
        'cookie',
        'pin',
      ),
      fc.oneof(
        words('***', '********', '[REDACTED]', '<redacted>', 'xxxxx', '*', '', '[FILTERED]', 'null'),
        words('078-05-1120', '4111 1111 1111 1111', 'a.person@example.com', '192.0.2.7', '+1 202-555-0147'),
        hex.map((text) => `Bearer ${text}`),
        hex.map((text) => `-----BEGIN CERTIFICATE-----\\n${text}\\n-----END CERTIFICATE-----`),
        hex,
      ),
    )
    .map(([name, value]) => `"${name}":"${value}"`),
);

/** What engines that fill in texts would fill in. */
const templates = fc
  .tuple(
    words('{"a":"', '"', ''),
    fc.array(words(...each('$\u007bHOME} {{7*7}} <%=1%> %s %n %00 %2e%2e%2f $(id) `id` #{1} {0} %ENV%')), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([open, parts]) => `${open}${parts.join('')}${{ '{"a":"': '"}', '"': '"' }[open] ?? ''}`);

/** Several documents in one payload, which is one log all the same. */
const several = fc
  .tuple(
    fc.array(fc.oneof(failures, protocol, words('{"a":1}', '1', 'null', '')), { minLength: 2, maxLength: 5 }),
    words('\n', '\r\n', '\u001e', '', ' ', ',\n', '\n\n', '\n---\n'),
    tail,
  )
  .map(([documents, between, end]) => `${documents.join(between)}${end}`);

const lines = fc.array(
  words(
    'a,b,c',
    '"x","=1+1",""',
    '<34>Oct 11 22:14:15 host su: failed',
    'CEF:0|a|b|c|d|e|f|',
    'key: value',
    '- [x]',
    'a=b&c=%20d+e',
    '[section]',
    '127.0.0.1 - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 0',
    'HTTP/1.1 200 OK',
    'Content-Length: 0',
    '',
    '--boundary',
    'data: {}',
    'event: end',
    '# comment',
    '// comment',
    '}',
  ),
  { minLength: 1, maxLength: 6 },
);
const text = fc.tuple(lines, words('\n', '\r\n', '\r')).map(([all, end]) => `${all.join(end)}${end}`);

/** Hardly anything, or nothing that can be seen. */
const scant = words(
  ...[
    '',
    ' ',
    '\n',
    '\r\n',
    '\t',
    '\u0000',
    '\ufeff',
    '\u00a0',
    '\u2028',
    '\u3000',
    '\u200b',
    '\u001a',
    '\u0004',
    '""\n',
  ],
  ...each('{} [] "" null true false 0 -0 undefined NaN [null] ok OK error \\ " \' { [ } ] , . ..'),
  ...['{ }', '[ ]\n', 'Not Found', 'upstream connect error'],
);

/** First bytes by which files are known. */
const magic = fc
  .tuple(
    fc.constantFrom(
      ...each(
        '255044462d312e37 89504e470d0a1a0a 504b0304 504b0506 1f8b08 1f8b 28b52ffd 425a6839 fd377a585a00 7f454c46 ffd8ffe0 4d5a',
      ),
      ...each(
        '53514c69746520666f726d61742033 cafebabe 789c 0a fffe feff efbbbf 0000feff fffe0000 2321 4f626a01 50415231 80',
      ),
    ),
    fc.uint8Array({ maxLength: 12 }),
  )
  .map(([start, rest]) => Buffer.concat([Buffer.from(start, 'hex'), rest]));

const COMPRESSIONS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => gzipSync(bytes),
  'gzip twice': (bytes) => gzipSync(gzipSync(bytes)),
  'two gzip members': (bytes) => Buffer.concat([gzipSync(bytes), gzipSync(bytes)]),
  'gzip cut off': (bytes) => gzipSync(bytes).subarray(0, -4),
  'gzip and more': (bytes) => Buffer.concat([gzipSync(bytes), Buffer.from('{}')]),
  zlib: (bytes) => deflateSync(bytes),
  deflate: (bytes) => deflateRawSync(bytes),
  brotli: (bytes) => brotliCompressSync(bytes),
  base64: (bytes) => Buffer.from(bytes.toString('base64')),
  'a string': (bytes) => Buffer.from(JSON.stringify(bytes.toString())),
  'a data URL': (bytes) => Buffer.from(`data:application/json;base64,${bytes.toString('base64')}`),
};

const texts = fc.oneof(
  { weight: 6, arbitrary: pages },
  { weight: 2, arbitrary: several },
  { weight: 2, arbitrary: confidential },
  ...[markup, failures, protocol, templates, text, scant].map((arbitrary) => ({
    weight: 1,
    arbitrary,
  })),
);

const packed = fc
  .tuple(texts, fc.constantFrom(...Object.keys(COMPRESSIONS)))
  .map(([inner, how]) => COMPRESSIONS[how]?.(Buffer.from(inner)) ?? Buffer.alloc(0));

/** Payloads by what the middle layers of a vault might look at, and must not. */
export const lookalikes: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 9, arbitrary: texts.map((inner) => Buffer.from(inner)) },
  { weight: 2, arbitrary: packed },
  { weight: 2, arbitrary: magic },
);
