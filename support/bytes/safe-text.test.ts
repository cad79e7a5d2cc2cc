import { describe, it } from 'node:test';
import { expect } from 'chai';
import { count, safeBytes, safeJson, safeText } from './safe-text';

/** Printable ASCII, and letters and signs that show as themselves. */
const PRINTABLE = /^[^\p{C}\p{Zl}\p{Zp}]*$/u;

describe('safeText', () => {
  it('leaves ordinary text alone, in any script', () => {
    for (const text of ['', 'plain "text" \\u00e9 \\n', 'Zoë 監査 проверка שלום 🔐', '<b>&amp;</b>']) {
      expect(safeText(text)).to.equal(text);
    }
  });

  it('makes visible what would command a terminal or deceive a reader', () => {
    expect(safeText('\u001b[31m')).to.equal('<ESC>[31m');
    expect(safeText('a\u0000b\r\n\tc\u007f')).to.equal('a<NUL>b<CR><LF><TAB>c<DEL>');
    expect(safeText('\u009b31m\u0085')).to.equal('<U+009B>31m<U+0085>');
    expect(safeText('user\u202enimda\u2066')).to.equal('user<U+202E>nimda<U+2066>');
    expect(safeText('a\u200bb\u2060\ufeff\u00ad')).to.equal('a<U+200B>b<U+2060><BOM><U+00AD>');
    expect(safeText('a\u2028b\u00a0c\u3164\u2800')).to.equal('a<U+2028>b<U+00A0>c<U+3164><U+2800>');
    expect(safeText('\ud83d and \ude00')).to.equal('<U+D83D> and <U+DE00>');
    expect(safeText('\u{e0067}\ue000\uffff')).to.equal('<U+E0067><U+E000><U+FFFF>');
  });

  it('tells composed from decomposed letters', () => {
    expect(safeText('\u00e9')).to.equal('é');
    expect(safeText('e\u0301')).to.equal('e<U+0301>');
  });

  it('leaves nothing unprintable of any character there is', () => {
    for (let code = 0; code <= 0x10ffff; code += code < 0x3000 ? 1 : 97) {
      expect(PRINTABLE.test(safeText(String.fromCodePoint(code))), code.toString(16)).to.equal(true);
    }
  });

  it('keeps line feeds and tabs on demand, but no carriage return, which would overwrite the line', () => {
    expect(safeText('a\n\tb\r\n', { multiLine: true })).to.equal('a\n\tb<CR>\n');
  });

  it('is bounded, and says how much there was', () => {
    expect(safeText('x'.repeat(3_000), { limit: 10 })).to.equal('xxxxxxxxxx… (3,000 characters in all)');
    expect(safeText('\u0000'.repeat(1_000_000)).length).to.be.lessThan(600);
    expect(safeText('12345\u001b', { limit: 6 })).to.equal('12345<… (6 characters in all)');
  });

  it('does not halve a character at the bound', () => {
    expect(safeText('abc😀def', { limit: 4 })).to.equal('abc… (8 characters in all)');
  });
});

describe('safeBytes', () => {
  it('shows UTF-8 as text and each other byte as a byte', () => {
    expect(safeBytes(Buffer.from('é\u202e😀'))).to.equal('é<U+202E>😀');
    expect(safeBytes(Buffer.from('Jos\xe9"\xff', 'latin1'))).to.equal('Jos<byte E9>"<byte FF>');
    expect(safeBytes(Buffer.from([0xe2, 0x82]))).to.equal('<byte E2><byte 82>');
    expect(safeBytes(Buffer.from([0xc0, 0xaf, 0xed, 0xa0, 0x80]))).to.equal(
      '<byte C0><byte AF><byte ED><byte A0><byte 80>',
    );
  });

  it('tells a real U+FFFD and a byte order mark from damage', () => {
    expect(safeBytes(Buffer.from('\ufffd\ufeff'))).to.equal('\ufffd<BOM>');
  });
});

describe('safeJson', () => {
  it('is JSON for ordinary values', () => {
    expect(safeJson({ state: 'pending', metrics: { records_synced: 0 } })).to.equal(
      '{"state":"pending","metrics":{"records_synced":0}}',
    );
    expect(safeJson(undefined)).to.equal('undefined');
    expect(safeJson([null, 'a\u202e'])).to.equal('[null,"a<U+202E>"]');
  });

  it('names what JSON cannot hold', () => {
    expect(safeJson({ big: 2n ** 64n, not: Number.NaN })).to.equal(
      '{"big":"18446744073709551616n","not":"NaN"}',
    );
    expect(safeJson(new TypeError('broken'))).to.equal('{"error":"TypeError","message":"broken"}');
    expect(safeJson(new Map([['a', 1]]))).to.equal('[["a",1]]');
    expect(safeJson(() => 1)).to.match(/\(\) ?=> ?1/);
  });

  it('gives bytes by size and checksum', () => {
    expect(safeJson({ body: Buffer.from('abc') })).to.match(
      /^\{"body":"\(3 bytes, sha256:ba78[0-9a-f]{60}\)"\}$/,
    );
  });

  it('survives cycles, throwing getters and throwing toJSON', () => {
    const cycle: Record<string, unknown> = { name: 'loop' };
    cycle.self = { inner: cycle };
    expect(safeJson(cycle)).to.equal('{"name":"loop","self":{"inner":"(itself)"}}');
    const broken = {
      get trap(): never {
        throw new Error('boom');
      },
    };
    expect(safeJson(broken)).to.equal('(cannot be shown: boom)');
    expect(safeJson({ toJSON: () => JSON.parse('{') })).to.match(/^\(cannot be shown: /);
  });

  it('shows an object twice that is no cycle', () => {
    const twice = { a: 1 };
    expect(safeJson([twice, twice])).to.equal('[{"a":1},{"a":1}]');
  });

  it('is bounded and quick, however much there is', () => {
    const many = Array.from({ length: 300_000 }, (_, index) => ({ index, text: 'x'.repeat(100) }));
    const wide = Object.fromEntries(many.map(({ index }) => [`k${index}`, index]));
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    const began = performance.now();
    for (const value of [many, wide, deep, 'x'.repeat(5_000_000), new Set(many)]) {
      expect(safeJson(value, 300).length).to.be.lessThan(400);
    }
    expect(performance.now() - began).to.be.lessThan(60_000);
  });
});

describe('count', () => {
  it('speaks English', () => {
    expect([count(0, 'byte'), count(1, 'byte'), count(5_242_880, 'byte')]).to.deep.equal([
      '0 bytes',
      '1 byte',
      '5,242,880 bytes',
    ]);
  });
});
