import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { rounds } from './program';
import { readRound, roundText } from './round-file';

const folder = mkdtempSync(path.join(tmpdir(), 'audit-vault-round-'));
const file = path.join(folder, 'program.json');

/** As the file cannot tell a member that is `undefined` from none. */
const withoutUndefined = (value: unknown): unknown => {
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutUndefined(member)]));
};

describe('a kept round', () => {
  after(() => rmSync(folder, { recursive: true }));

  it('is read as it was drawn, whatever its steps are', () => {
    fc.assert(
      fc.property(
        rounds({ concurrency: 2, kill: true, vaults: undefined, only: undefined, hasMinutes: true }),
        (round) => {
          writeFileSync(file, roundText({ lines: [], findings: [], round }));
          expect(withoutUndefined(readRound(file).round)).to.deep.equal(withoutUndefined(round));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is refused in one sentence where the file is none', () => {
    const kept = (kind: string) =>
      JSON.stringify({ lines: [], findings: [], round: { programs: [[{ kind }]], settings: {} } });
    for (const [text, words] of [
      ['{', /JSON/],
      ['[]', /expected object/],
      [kept('toString'), /round\.programs\.0\.0\.kind: no kind of step is called "toString"/],
    ] as const) {
      writeFileSync(file, text);
      expect(() => readRound(file)).to.throw(words);
      expect(() => readRound(file)).to.throw(
        /^[^\n]*program\.json is not a program that can be run again [^\n]*$/,
      );
    }
    expect(() => readRound(path.join(folder, 'none.json'))).to.throw(/none\.json is not .*ENOENT/);
  });
});
