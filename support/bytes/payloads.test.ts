import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { parseLossless } from './lossless-json';
import { PAYLOAD_KINDS, type PayloadKind, payload, UnknownPayloadError } from './payloads';

const FOLDER = join(__dirname, '../../features/payloads');

function textOf(kind: PayloadKind): string {
  return payload(kind).toString('utf8');
}

function rewritten(kind: PayloadKind): string {
  return JSON.stringify(JSON.parse(textOf(kind)));
}

/** The bytes as a naive vault would give them back, and a text that must be among what it lost. */
function expectLost(kind: PayloadKind, ...texts: readonly string[]): void {
  const after = rewritten(kind);
  for (const text of texts) {
    expect(textOf(kind), `${kind} holds ${text}`).to.include(text);
    expect(after, `JSON.parse and stringify lose ${text}`).not.to.include(text);
  }
}

describe('payload', () => {
  it('gives the same bytes at every call, to each caller a copy', () => {
    for (const kind of PAYLOAD_KINDS) {
      const first = payload(kind);
      expect(payload(kind).equals(first), kind).to.equal(true);
      first.fill(0x20);
      expect(first.length === 0 || !payload(kind).equals(first), kind).to.equal(true);
    }
  });

  it('names the known kinds when asked for another', () => {
    expect(() => payload('5 GiB')).to.throw(
      UnknownPayloadError,
      /no payload of the kind "5 GiB".*empty.*5 MiB/,
    );
    expect(() => payload('toString')).to.throw(UnknownPayloadError);
    expect(() => payload('__proto__')).to.throw(UnknownPayloadError);
  });

  it('knows every file, and the README explains every one', () => {
    const files = readdirSync(FOLDER).filter((name) => name !== 'README.md');
    const known = PAYLOAD_KINDS.map((kind) => payload(kind));
    const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8');
    for (const file of files) {
      const bytes = readFileSync(join(FOLDER, file));
      expect(
        known.some((other) => other.equals(bytes)),
        `${file} belongs to a kind`,
      ).to.equal(true);
      expect(readme, 'README.md').to.include(`\`${file}\` |`);
    }
    expect(files).to.have.lengthOf(PAYLOAD_KINDS.filter((kind) => !/[KM]iB/.test(kind)).length);
  });
});

/** An editor, a formatter or git may rewrite these files: their claims are checked byte by byte. */
describe('the payload files still hold what they claim', () => {
  it('Unicode in several normal forms: the same words composed and decomposed, and all that is invisible', () => {
    const text = textOf('Unicode in several normal forms');
    for (const form of ['NFC', 'NFD', 'NFKC']) expect(text.normalize(form), form).not.to.equal(text);
    expect(text).to.include('Zo\u00eb').and.include('Zoe\u0308').and.include('\u212b');
    expect(text).to.include('\u200b').and.include('\u2028').and.include('\u00ad').and.include('a\ufeffb');
    expect(text)
      .to.match(/\p{Script=Hebrew}/u)
      .and.match(/\p{Script=Arabic}/u)
      .and.match(/[\u{10000}-\u{10ffff}]/u);
    expect(parseLossless(text).kind).to.equal('json');
  });

  it('lone surrogate escapes: halves that no UTF-8 can hold', () => {
    const text = textOf('lone surrogate escapes');
    expectLost('lone surrogate escapes', '\\uD800', '\\uDFFF');
    expect(text).to.include('\\ude00\\ud83d').and.include('"\\udead":');
    expect(Buffer.from(JSON.parse(text).debugContext.debugData.high).toString()).to.equal('\ufffd');
  });

  it('unusual string escapes: each means the character it would be rewritten to', () => {
    expectLost(
      'unusual string escapes',
      '\\/',
      '\\u003c',
      '\\u0041',
      '"caf\\u00e9"',
      '\\ud83d\\ude00',
      '\\u2028',
    );
  });

  it('hostile markup and terminal escapes: raw, or they would harm nobody', () => {
    const text = textOf('hostile markup and terminal escapes');
    for (const raw of [
      '</script><script>',
      '\u001b[2J',
      '\u001b]0;',
      '\u009b31m',
      '\u0007',
      '\u202e',
      '\u2066',
    ]) {
      expect(text).to.include(raw);
    }
  });

  it('what people mask: JSON that a careful program would mask, and that survives being parsed', () => {
    const text = textOf('data that looks personal');
    expect(text)
      .to.match(/"password":"(?!\*)/)
      .and.match(/\b4111(?: 1111){3}\b/)
      .and.include('Bearer ');
    expect(`${rewritten('data that looks personal')}\n`).to.equal(text);
  });

  it('nothing but white space: some of each kind', () => {
    expect(textOf('nothing but white space').trim()).to.equal('');
    expect([...new Set(textOf('nothing but white space'))]).to.have.members([' ', '\t', '\r', '\n']);
  });

  it('Windows line ends: no line feed without its carriage return', () => {
    expect(textOf('Windows line ends').match(/\r\n/g)).to.have.lengthOf(7);
    expect(textOf('Windows line ends')).not.to.match(/[^\r]\n/);
    expect(textOf('Windows line ends').endsWith('}\r\n')).to.equal(true);
  });

  it('NUL characters: within, in a row and at the end', () => {
    const bytes = payload('NUL characters');
    expect(bytes.includes(Buffer.alloc(16))).to.equal(true);
    expect(bytes.subarray(-3)).to.deep.equal(Buffer.from([0, 0, 10]));
  });

  it('numbers: none of these survives a double', () => {
    expectLost('integers beyond 64 bits', '9007199254740993', '18446744073709551616', '-9223372036854775808');
    expectLost(
      'decimals in unusual notations',
      ':1.0,',
      '1e400',
      ':-0,',
      '1.688560107857E9',
      ':0.10,',
      '1e-400',
    );
  });

  it('nested objects with nulls: the word null is there, and nulls at every depth', () => {
    const text = textOf('nested objects with nulls');
    expect(text.match(/null/g)?.length).to.be.greaterThan(20);
    expect(text)
      .to.include('"zone": "null"')
      .and.include('[null, [null, [null,')
      .and.include('[false, 0, "", null, [], {}]');
  });

  it('duplicate keys: with the same value, with another, and spelt in two ways', () => {
    expectLost(
      'duplicate keys',
      '"userName":"alice"',
      '"Effect":"Deny"',
      '"eventName":"PutBucketPolicy"',
      '\\u006b',
    );
  });

  it('keys whose order matters: not the order of any sort, nor that of JavaScript', () => {
    const keys = [...textOf('keys whose order matters').matchAll(/"([^"]+)":/g)].map(([, key]) => key);
    expect(keys.slice(0, 6)).to.deep.equal(['zone', 'action', '10', '9', '1', '0']);
    expect(rewritten('keys whose order matters')).to.match(/^\{"0":/);
  });

  it('keys that programs reserve: own members all the same', () => {
    const text = textOf('keys that programming languages reserve');
    for (const key of ['__proto__', 'constructor', 'toJSON', 'then', '$oid', '_id', ''])
      expect(text).to.include(`"${key}":`);
  });

  it('insignificant white space: before, between, behind, tabs too, and two newlines at the end', () => {
    const text = textOf('insignificant white space');
    expect(text)
      .to.match(/^ {2}\t\n\{/)
      .and.match(/\} {2}\t\n\n\n$/)
      .and.include('\t"action"  :')
      .and.include('[ ]');
    expect(parseLossless(text).kind).to.equal('json');
  });

  it('500 levels of nesting: exactly', () => {
    expect(parseLossless(textOf('500 levels of nesting'))).to.include({ kind: 'json', depth: 500 });
  });

  it('led by a byte order mark: at byte 0, before JSON', () => {
    expect(payload('led by a byte order mark').subarray(0, 4)).to.deep.equal(
      Buffer.from([0xef, 0xbb, 0xbf, 0x7b]),
    );
    expect(parseLossless(textOf('led by a byte order mark').slice(1)).kind).to.equal('json');
  });

  it('invalid UTF-8: nothing but that is wrong with it', () => {
    const bytes = payload('invalid UTF-8');
    expect(isUtf8(bytes)).to.equal(false);
    expect(parseLossless(bytes.toString('latin1')).kind).to.equal('json');
    for (const part of [
      'Jos\xe9',
      '\xe2\x82"',
      '\xc0\xaf',
      '\xed\xa0\x80',
      '\xf4\x90\x80\x80',
      '\xfe\xff',
      '\xef\xbf\xbd',
    ]) {
      expect(bytes.includes(Buffer.from(part, 'latin1')), part).to.equal(true);
    }
  });

  it('UTF-16: little-endian, with its mark', () => {
    const bytes = payload('UTF-16');
    expect(bytes.subarray(0, 4)).to.deep.equal(Buffer.from([0xff, 0xfe, 0x7b, 0x00]));
    expect(JSON.parse(bytes.subarray(2).toString('utf16le')).UserId).to.equal('zo\u00eb@example.com');
  });

  it('not JSON at all: not even its first line', () => {
    expect(parseLossless(textOf('not JSON at all'))).to.include({ kind: 'not json', at: 0 });
    expect(textOf('not JSON at all').split('\n')).to.have.lengthOf(5);
  });

  it('compressed: a whole gzip of JSON lines', () => {
    const lines = gunzipSync(payload('compressed')).toString().trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).eventName)).to.include('DeleteTrail');
  });

  it('the bare word null, and nothing', () => {
    expect(textOf('the bare word null')).to.equal('null');
    expect(payload('empty')).to.have.lengthOf(0);
  });
});

describe('the payloads that are made', () => {
  const KIB = 1024;

  it('have exactly their size and are JSON', () => {
    const sizes = {
      '64 KiB less one byte': 64 * KIB - 1,
      '64 KiB': 64 * KIB,
      '64 KiB and one byte': 64 * KIB + 1,
    };
    for (const [kind, size] of Object.entries({ ...sizes, '5 MiB': 5 * KIB * KIB })) {
      expect(payload(kind), kind).to.have.lengthOf(size);
      expect(() => JSON.parse(payload(kind).toString()), kind).not.to.throw();
    }
  });

  it('have no two equal chunks, so that lost, repeated and swapped ones show', () => {
    for (const kind of ['5 MiB', '17 MiB'] as const) {
      const bytes = payload(kind);
      const chunks = new Set<string>();
      for (let at = 0; at < bytes.length; at += 4 * KIB)
        chunks.add(bytes.toString('latin1', at, at + 4 * KIB));
      expect(chunks.size, kind).to.equal(bytes.length / (4 * KIB));
    }
    expect(payload('17 MiB')).to.have.lengthOf(17 * KIB * KIB);
  });

  it('have characters that lie across the boundaries of chunks', () => {
    const bytes = payload('5 MiB');
    for (const chunk of [16 * KIB, 64 * KIB, KIB * KIB]) {
      let split = 0;
      for (let at = chunk; at < bytes.length; at += chunk) if (((bytes[at] ?? 0) & 0xc0) === 0x80) split += 1;
      expect(split, `boundaries of ${chunk} bytes`).to.be.greaterThan(0);
    }
  });
});
