import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { expect } from 'chai';
import { SuiteError } from '../bytes/errors';
import { readCorpus } from './corpus';

const PAYLOAD = Buffer.from('{}');

describe('a corpus of payloads', () => {
  let folder = '';
  const write = (file: string, text: string): void => writeFileSync(path.join(folder, file), text);
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'audit-vault-corpus-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is every file below a folder, byte for byte, but for what tells of it', () => {
    mkdirSync(path.join(folder, 'sub'));
    const hostile = Buffer.from([0xff, 0x00, 0x0d, 0x0a]);
    for (const [name, bytes] of Object.entries({
      'sub/b.bin': hostile,
      'a.json': PAYLOAD,
      'README.md': PAYLOAD,
      LICENSE: PAYLOAD,
    })) {
      writeFileSync(path.join(folder, name), bytes);
    }
    expect(readCorpus(folder).payloads).to.deep.equal([
      { name: 'a.json', payload: PAYLOAD },
      { name: path.join('sub', 'b.bin'), payload: hostile },
    ]);
  });

  it('takes a list of texts apart as well', () => {
    writeFileSync(path.join(folder, 'list.json'), '["a","\\u00e9"]');
    writeFileSync(path.join(folder, 'other.json'), '[1,"a"]');
    expect(
      readCorpus(folder).payloads.map(({ name, payload }) => `${name} ${payload.toString()}`),
    ).to.deep.equal([
      'list.json ["a","\\u00e9"]',
      'list.json[0] "a"',
      'list.json[1] "é"',
      'other.json [1,"a"]',
    ]);
  });

  it('says how much it is, and what was left out and why', () => {
    mkdirSync(path.join(folder, 'okta'));
    write('okta/event.json', '{"a":1}');
    write('strings.json', '["x","y"]');
    write('README.md', 'about them');
    symlinkSync('event.json', path.join(folder, 'okta', 'latest.json'));
    expect(readCorpus(folder).summary.split('\n')).to.deep.equal([
      '2 files with 16 bytes went through the vault, and 2 strings of them one by one',
      'left out: README.md (no payload by its name), okta/latest.json (a link)',
    ]);
  });

  it('has to be a folder, and to hold a payload', () => {
    expect(() => readCorpus(path.join(folder, 'none'))).to.throw(SuiteError, /is no folder/);
    expect(() => readCorpus(folder)).to.throw(SuiteError, /holds no payload: /);
    write('LICENSE', '');
    expect(() => readCorpus(folder)).to.throw(
      /holds no payload; left out LICENSE \(no payload by its name\): /,
    );
  });
});
