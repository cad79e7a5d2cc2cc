import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { DEEPEST_COMPARED, type LosslessValue, parseLossless, sameKeyOrder } from './lossless-json';

function losslessOf(text: string): LosslessValue {
  const parsed = parseLossless(text);
  if (parsed.kind !== 'json') throw new Error(`${text} is ${parsed.kind}`);
  return parsed.value;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('parseLossless', () => {
  it('keeps numbers as written, apart from strings', () => {
    expect(losslessOf('[1.0,1,-0,1e400,9007199254740993,"1.0"]')).to.deep.equal([
      'number 1.0',
      'number 1',
      'number -0',
      'number 1e400',
      'number 9007199254740993',
      '"1.0"',
    ]);
  });

  it('tells null, false, empty and their spelling as strings apart', () => {
    expect(losslessOf('[null,"null",false,{},[],"",0]')).to.deep.equal([
      'null',
      '"null"',
      'false',
      'empty object',
      'empty array',
      '""',
      'number 0',
    ]);
  });

  it('keeps every member of duplicate keys', () => {
    expect(losslessOf('{"a":1,"a":2,"\\u0061":3,"x y":4,"x y":5}')).to.deep.equal({
      '.a': 'number 1',
      '.a (2nd)': 'number 2',
      '.a (3rd)': 'number 3',
      '["x y"]': 'number 4',
      '["x y"] (2nd)': 'number 5',
    });
    expect(losslessOf('{"a":1,"a (2nd)":2}')).to.deep.equal({ '.a': 'number 1', '["a (2nd)"]': 'number 2' });
  });

  it('keeps the order of keys, numeric-like ones too', () => {
    expect(Object.keys(losslessOf('{"b":1,"10":2,"9":3,"a":4}'))).to.deep.equal([
      '.b',
      '["10"]',
      '["9"]',
      '.a',
    ]);
  });

  it('is polluted by no key', () => {
    const value = losslessOf('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
    expect(Object.keys(value)).to.deep.equal(['.__proto__', '.constructor']);
    expect(Object.getPrototypeOf(value)).to.equal(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).to.equal(undefined);
  });

  it('says where a text stops being JSON', () => {
    expect(parseLossless('{"a":1,}')).to.deep.equal({ kind: 'not json', at: 7 });
    expect(parseLossless('')).to.deep.equal({ kind: 'not json', at: 0 });
    expect(parseLossless('[1] // comment')).to.deep.equal({ kind: 'not json', at: 4 });
  });

  it('agrees with JSON.parse on what is JSON', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '1',
      '-',
      'null',
      ' ',
      '"',
      '//',
      '\u0001',
      '.5',
      'e1',
      '\ufeff',
    ];
    let state = 1;
    for (let round = 0; round < 20_000; round += 1) {
      let text = '';
      for (let length = 1 + (round % 9); length > 0; length -= 1) {
        state = (state * 48_271) % 2_147_483_647;
        text += pieces[state % pieces.length];
      }
      expect(parseLossless(text).kind === 'json', JSON.stringify(text)).to.equal(isJson(text));
    }
  });

  const suite = join(__dirname, '../../../shared/data/json-test-suite');
  it('agrees with JSON.parse over JSONTestSuite', {
    skip: existsSync(suite) ? false : `${suite} is absent`,
  }, () => {
    for (const file of readdirSync(suite)) {
      const text = readFileSync(join(suite, file), 'utf8');
      expect(parseLossless(text).kind !== 'not json', file).to.equal(isJson(text));
    }
  });
});

describe('parseLossless on texts beyond measure', () => {
  it('does not build what is too deep to compare', () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    expect(parseLossless(nested(DEEPEST_COMPARED)).kind).to.equal('json');
    expect(parseLossless(nested(DEEPEST_COMPARED + 1)).kind).to.equal('too deep');
    expect(parseLossless(nested(100_000))).to.include({ kind: 'too deep', depth: 100_000 });
    expect(parseLossless('{"a":'.repeat(100_000)).kind).to.equal('not json');
  });

  it('does not build what is too large to compare', () => {
    expect(parseLossless(`[${'1,'.repeat(500_000)}1]`).kind).to.equal('too large');
    const names = Array.from({ length: 150_000 }, (_, index) => `"${index}":1`);
    expect(parseLossless(`{${names.join()}}`).kind).to.equal('too large');
  });

  it('leaves out what is known to be unchanged, however much it is', () => {
    const text = `[${'1,'.repeat(500_000)}{"a":1,"b":2}]`;
    const parsed = parseLossless(text, { sameUpTo: text.length - 4 });
    expect(parsed.kind).to.equal('json');
    if (parsed.kind === 'json') {
      expect(Object.keys(parsed.value as object)).to.deep.equal(['500000']);
      expect(Reflect.get(parsed.value as object, 500_000)).to.deep.equal({
        '.a': 'unchanged',
        '.b': 'number 2',
      });
    }
  });
});

describe('the path at an offset', () => {
  const text = '{"user":{"name":"Zoë","ids":[10,{"x y":true}]},"a":1,"a":22}\n';
  const at = (offset: number): string | undefined => parseLossless(text, { pathAt: offset }).path;

  it('leads to the value, the key or the place between', () => {
    expect(at(0)).to.equal('$');
    expect(at(text.indexOf('user'))).to.equal('$.user');
    expect(at(text.indexOf('Zoë'))).to.equal('$.user.name');
    expect(at(text.indexOf('10'))).to.equal('$.user.ids[0]');
    expect(at(text.indexOf('true'))).to.equal('$.user.ids[1]["x y"]');
    expect(at(text.indexOf('22'))).to.equal('$.a (2nd)');
    expect(at(text.indexOf(',{'))).to.equal('$.user.ids[0]');
    expect(at(text.length - 1)).to.equal('$');
    expect(at(text.length + 5)).to.equal('$');
    expect(parseLossless(text).path).to.equal(undefined);
  });

  it('is known as far as a text is JSON', () => {
    expect(parseLossless('{"a":[1,oops', { pathAt: 6 })).to.deep.equal({
      kind: 'not json',
      at: 8,
      path: '$.a[0]',
    });
    expect(parseLossless('oops', { pathAt: 40 })).to.deep.equal({ kind: 'not json', at: 0 });
  });

  it('is bounded and safe to print', () => {
    const deep = parseLossless('[{"k":'.repeat(50_000), { pathAt: 1_000_000 }).path;
    expect(deep).to.equal('$[0].k[0].k[0].k[0].k…(99,984 levels)…[0].k[0].k[0].k[0].k');
    const hostile = parseLossless(`{"${'\u202e'.repeat(100_000)}":1}`, { pathAt: 100_004 }).path;
    expect(hostile?.length).to.be.lessThan(200);
    expect(hostile).not.to.include('\u202e');
  });
});

describe('sameKeyOrder', () => {
  it('sees an exchange at any depth', () => {
    const left = losslessOf('[{"a":{"b":1,"c":2},"d":3}]');
    expect(sameKeyOrder(left, losslessOf('[ {"a":{"b":1,"c":2},"d":3}]'))).to.equal(true);
    expect(sameKeyOrder(left, losslessOf('[{"a":{"c":2,"b":1},"d":3}]'))).to.equal(false);
  });
});
