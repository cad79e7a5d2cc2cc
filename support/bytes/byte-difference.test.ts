import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { type ByteDifference, explainDifference } from './byte-difference';
import { checksumOf } from './checksum';
import { PAYLOAD_KINDS, payload } from './payloads';
import { renderDifference } from './render-difference';

type Bytes = string | Buffer;

function asBuffer(bytes: Bytes): Buffer {
  return typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes;
}

function explained(expected: Bytes, actual: Bytes): ByteDifference {
  const difference = explainDifference(asBuffer(expected), asBuffer(actual));
  if (difference === undefined) throw new Error('the payloads are identical');
  return difference;
}

function changes(expected: Bytes, actual: Bytes): string[] {
  const { differences } = explained(expected, actual);
  return differences.map((found) => [found.path, found.change, found.expected, found.actual].join(' | '));
}

describe('explainDifference', () => {
  it('finds nothing in identical payloads, whatever they hold', () => {
    for (const kind of PAYLOAD_KINDS)
      expect(explainDifference(payload(kind), payload(kind)), kind).to.equal(undefined);
    expect(explainDifference(new Uint8Array(), Buffer.alloc(0))).to.equal(undefined);
    expect(explainDifference(Buffer.from('xab').subarray(1), new Uint8Array([97, 98]))).to.equal(undefined);
  });

  it('tells sizes, checksums, the first differing byte and its path', () => {
    const [left, right] = ['{"user":{"name":"Zoe"}}', '{"user":{"name":"Zod","x":1}}'];
    const { expected, actual, offset, path } = explained(left, right);
    expect(offset).to.equal(19);
    expect(path).to.equal('$.user.name');
    expect(expected).to.deep.include({
      bytes: 23,
      checksum: checksumOf(Buffer.from(left)),
      changed: [19, 21],
    });
    expect(actual).to.deep.include({
      bytes: 29,
      checksum: checksumOf(Buffer.from(right)),
      changed: [19, 27],
    });
    expect(expected.window.hex).to.equal('… 61 6d 65 22 3a 22 5a 6f [65] 22 7d 7d');
    expect(actual.window.text).to.equal('{"user":{"name":"Zod","x":1}}');
  });

  it('counts bytes, not characters, and does not split them', () => {
    const { offset, path, actual } = explained('["ééé","é"]', '["ééé","è"]');
    expect({ offset, path }).to.deep.equal({ offset: 12, path: '$[1]' });
    expect(actual.window.text).to.equal('["ééé","è"]');
  });
});

describe('the structural difference', () => {
  it('lists what was changed, removed and added', () => {
    expect(changes('{"a":1,"b":null,"c":[1,2]}', '{"a":2,"c":[1],"d":{"e":1}}')).to.deep.equal([
      '$.b | removed | null | ',
      '$.a | changed | number 1 | number 2',
      '$.c[1] | removed | number 2 | ',
      '$.d | added |  | object with 1 member',
    ]);
  });

  it('sees what JSON.parse does not', () => {
    expect(changes('{"n":9007199254740993}', '{"n":9007199254740992}')).to.have.lengthOf(1);
    expect(changes('{"n":-0}', '{"n":0}')).to.deep.equal(['$.n | changed | number -0 | number 0']);
    expect(changes('{"a":1,"a":2}', '{"a":2}')).to.deep.equal([
      '$.a (2nd) | removed | number 2 | ',
      '$.a | changed | number 1 | number 2',
    ]);
    expect(changes('{"__proto__":{"a":1}}', '{}')).to.deep.equal([
      '$ | changed | object with 1 member | empty object',
    ]);
  });

  it('does not take one sort of value for another', () => {
    const values = [
      '{}',
      '[]',
      'null',
      '"null"',
      '0',
      '"0"',
      '""',
      'false',
      '[1]',
      '{"0":1}',
      '[[]]',
      '[{}]',
      '{"":[]}',
    ];
    for (const left of values) {
      for (const right of values) {
        const found = explainDifference(Buffer.from(left), Buffer.from(right));
        expect(found === undefined ? 0 : found.differences.length > 0 ? 1 : -1, `${left} ${right}`).to.equal(
          left === right ? 0 : 1,
        );
      }
    }
  });

  it('lists a dozen, and counts the rest', () => {
    const numbers = Array.from({ length: 1_000 }, (_, index) => index);
    const { differences, moreDifferences } = explained(
      JSON.stringify(numbers),
      JSON.stringify(numbers.slice(1)),
    );
    expect(differences).to.have.lengthOf(12);
    expect(moreDifferences).to.equal(988);
  });

  it('shows bytes that are no UTF-8 as bytes', () => {
    const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
    expect(changes(latin1('{"n":"Jos\xe9"}'), '{"n":"Jos\ufffd"}')).to.deep.equal([
      '$.n | changed | "Jos<byte E9>" | "Jos\ufffd"',
    ]);
    expect(changes(latin1('["\xe9"]'), latin1('["\xe8"]'))).to.have.lengthOf(1);
  });
});

describe('the same structure in different bytes', () => {
  const cases: readonly [string, Bytes, Bytes, RegExp][] = [
    ['key order', '{"b":1,"a":{"z":1,"y":2}}', '{"a":{"y":2,"z":1},"b":1}', /^key order$/],
    ['key order and white space', '{"b":1,"a":2}', '{"a": 2, "b": 1}', /^key order; white space$/],
    [
      'number format',
      '{"n":1.0,"m":1E3}',
      '{"n":1,"m":1000}',
      /^number format \(2 numbers: 1\.0 became 1\)$/,
    ],
    ['white space', '{"a":[1, 2]}', '{"a":[1,2]}', /^white space$/],
    ['trailing newline removed', '{"a":1}\n', '{"a":1}', /^trailing newline \(removed\)$/],
    ['trailing newline added', '{"a":1}', '{"a":1}\r\n', /^trailing newline \(added\)$/],
    ['trailing white space', '{"a":1} \n\n', '{"a":1}\n', /^trailing white space$/],
    ['line ends', '{\r\n"a":1\r\n}', '{\n"a":1\n}', /^line ends/],
    [
      'string escapes',
      '{"a":"\\u00e9","b":"\\/"}',
      '{"a":"é","b":"/"}',
      /^string escapes \(2 strings: "\\u00e9" became "é"\)$/,
    ],
    ['escapes in a key', '{"\\u0061":1}', '{"a":1}', /^string escapes/],
    ['a byte order mark', '\ufeff{"a":1}', '{"a":1}', /^byte order mark \(removed\)$/],
    [
      'Unicode normalisation',
      '{"a":"e\u0301","e\u0301":1}',
      '{"a":"\u00e9","\u00e9":1}',
      /^Unicode normalisation \(2 strings: "e<U\+0301>" became "é"\)$/,
    ],
  ];
  for (const [name, expected, actual, phrase] of cases) {
    it(`is called ${name}`, () => {
      const { sameStructure, differences, causes } = explained(expected, actual);
      expect(sameStructure).to.equal(true);
      expect(differences).to.deep.equal([]);
      expect(causes.join('; ')).to.match(phrase);
    });
  }

  it('names all kinds at once', () => {
    const { sameStructure, causes } = explained('\ufeff{"a" :1.0,"b":"\\/"}\n', '{"a":1,"b":"/"}');
    expect(sameStructure).to.equal(true);
    expect(causes.join('; ')).to.match(
      /byte order mark.*number format.*string escapes.*white space.*trailing newline/,
    );
  });

  it('is found at any depth', () => {
    const nested = (inner: string): string => '{"a":'.repeat(100_000) + inner + '}'.repeat(100_000);
    const found = explained(nested('1.0'), nested('1'));
    expect(found.sameStructure).to.equal(true);
    expect(found.note).to.equal(undefined);
    expect(found.causes[0]).to.match(/^number format/);
    expect(explained(nested('1'), nested('2')).note).to.equal(
      'too deep to explain by structure: 100,000 levels',
    );
  });
});

describe('texts that are not JSON', () => {
  it('may differ in spelling alone', () => {
    const causeOf = (expected: string, actual: string): string | undefined =>
      explained(expected, actual).causes[0];
    expect(causeOf('a,b\r\nc\r\n', 'a,b\nc\n')).to.equal('line ends (CR LF and LF)');
    expect(causeOf('a,b\r\nc', 'a,b\nc')).to.equal('line ends (CR LF and LF)');
    expect(causeOf('a, b', 'a,b')).to.equal('white space');
    expect(causeOf('a,b\n', 'a,b')).to.equal('trailing newline (removed)');
    expect(causeOf('Zoe\u0308,x', 'Zo\u00eb,x')).to.equal('Unicode normalisation');
    expect(causeOf('a b', 'a c')).to.equal(undefined);
  });

  it('are said not to be JSON', () => {
    expect(explained('a,b', '{}').note).to.equal(
      'what was expected is not JSON, so there is no structure to compare',
    );
    expect(explained('{}', 'a,b').note).to.equal(
      'what came is not JSON, so there is no structure to compare',
    );
    expect(explained('a,b', 'a').note).to.equal('neither is JSON, so there is no structure to compare');
  });
});

describe('what the lengths tell', () => {
  it('of payloads that are cut, extended or shuffled', () => {
    const text = 'time,user\n12:00,alice\n';
    const causeOf = (actual: string): string => explained(text, actual).causes.at(-1) ?? '';
    expect(causeOf(text.slice(0, 12))).to.equal('truncated at byte 12 (10 bytes missing at the end)');
    expect(causeOf('')).to.equal('truncated at byte 0 (22 bytes missing at the end)');
    expect(causeOf(`${text}more`)).to.equal('4 bytes added at the end');
    expect(causeOf(text.slice(5))).to.equal('5 bytes missing at the beginning');
    expect(causeOf(`ab${text}`)).to.equal('2 bytes added at the beginning');
    expect(causeOf(text.replace('user', ''))).to.equal('4 bytes missing from byte 5 on');
    expect(causeOf(text.replace('alice', 'alixce'))).to.equal('1 byte added at byte 19');
    expect(causeOf('user,time\n12:00,alice\n')).to.equal('the same bytes in another order');
  });
});

describe('the suspect', () => {
  const text = '{"n":1.0, "ë":"e\u0308"}\r\n';
  const damage: readonly [RegExp, Bytes, Bytes][] = [
    [/^JSON\.parse followed by JSON\.stringify$/, text, JSON.stringify(JSON.parse(text))],
    [/indent of 2/, text, JSON.stringify(JSON.parse(text), null, 2)],
    [/dropping the byte order mark/, `\ufeff${text}`, text],
    [/adding a byte order mark/, text, `\ufeff${text}`],
    [/invalid bytes became U\+FFFD/, payload('invalid UTF-8'), payload('invalid UTF-8').toString()],
    [/trimming/, text, text.trim()],
    [/CR LF line ends into LF/, `${text}${text}`, `${text}${text}`.replaceAll('\r', '')],
    [/LF line ends into CR LF/, 'a\nb\n', 'a\r\nb\r\n'],
    [/first NUL/, 'a\0b', 'a'],
    [/removing NUL/, 'a\0b\0', 'ab'],
    [/to NFC/, text, text.normalize('NFC')],
    [/to NFD/, text, text.normalize('NFD')],
    [/ISO 8859-1 and encoding/, text, Buffer.from(Buffer.from(text).toString('latin1'))],
    [/the text as ISO 8859-1/, '"é"', Buffer.from('"é"', 'latin1')],
    [/once more as a JSON string/, text, JSON.stringify(text)],
    [/Base64/, text, Buffer.from(text).toString('base64')],
    [/undoing a gzip/, gzipSync(text), text],
    [/gzip that was not undone/, text, gzipSync(text)],
  ];
  for (const [sentence, expected, actual] of damage) {
    it(`is recognised: ${sentence.source}`, () => {
      expect(explained(expected, actual).suspect).to.match(sentence);
    });
  }

  it('is nobody when a single byte speaks against it', () => {
    expect(explained(text, `${JSON.stringify(JSON.parse(text))} `).suspect).to.equal(undefined);
  });

  it('does not unpack a zip bomb', () => {
    const bomb = Buffer.concat(Array<Buffer>(50).fill(gzipSync(Buffer.alloc(20_000_000))));
    const mostBefore = process.resourceUsage().maxRSS;
    expect(explained('{}', bomb).suspect).to.equal(undefined);
    expect(process.resourceUsage().maxRSS - mostBefore, 'more memory, in KiB').to.be.lessThan(200_000);
  });
});

describe('explainDifference over real input', () => {
  const data = join(__dirname, '../../../shared/data');
  it('explains each re-serialised file exactly when bytes differ', {
    skip: existsSync(data) ? false : `${data} is absent`,
  }, () => {
    const files = readdirSync(data, { recursive: true, encoding: 'utf8' })
      .map((name) => join(data, name))
      .filter((file) => statSync(file).isFile());
    let changed = 0;
    for (const file of files) {
      const bytes = readFileSync(file);
      const others = [Buffer.from(bytes.toString('utf8')), bytes.subarray(1), Buffer.concat([bytes, bytes])];
      try {
        others.push(Buffer.from(JSON.stringify(JSON.parse(bytes.toString('utf8')))));
      } catch {
        // Not JSON: there is nothing to serialise again.
      }
      for (const other of others) {
        const found = explainDifference(bytes, other);
        expect(found !== undefined, file).to.equal(!bytes.equals(other));
        if (found === undefined) continue;
        changed += 1;
        expect(renderDifference(found).length, file).to.be.lessThan(8_000);
      }
    }
    expect(changed).to.be.greaterThan(files.length);
  });
});
