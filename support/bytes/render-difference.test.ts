import { describe, it } from 'node:test';
import { expect } from 'chai';
import { explainDifference } from './byte-difference';
import { PAYLOAD_KINDS, payload } from './payloads';
import { renderDifference, type Wording } from './render-difference';

const LONGEST = 8_000;

/** One line each, nothing that a terminal would obey or that a reader could not see. */
const SAFE = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u;

function rendered(expected: string | Uint8Array, actual: string | Uint8Array, wording?: Wording): string {
  const difference = explainDifference(Buffer.from(expected as string), Buffer.from(actual as string));
  return difference === undefined ? '' : renderDifference(difference, wording);
}

function expectSafe(text: string, what: string): void {
  for (const line of text.split('\n'))
    expect(SAFE.test(line), `${what}: ${JSON.stringify(line)}`).to.equal(true);
  expect(text.length, what).to.be.within(1, LONGEST);
}

describe('renderDifference', () => {
  it('begins with a sentence that can stand alone', () => {
    expect(rendered('{"user":{"name":"Zoe\u0308"}}', '{"user":{"name":"Zoë"}}').split('\n')[0]).to.equal(
      'the vault returned 24 bytes, the provider served 25: first difference at byte 19 ($.user.name)',
    );
    expect(rendered('a,b', '').split('\n')[0]).to.equal(
      'the vault returned 0 bytes, the provider served 3: first difference at byte 0',
    );
  });

  it('takes other words for the two sides', () => {
    expect(rendered('1', '2', { expected: 'the ledger has', actual: 'storage holds' })).to.match(
      /^storage holds 1 byte, the ledger has 1: first difference at byte 0 \(\$\)\n/,
    );
  });

  it('explains in words an auditor understands', () => {
    expect(rendered('{"amount":1.0,"note":null}\n', '{"amount":1,"note":null}')).to.equal(
      [
        'the vault returned 24 bytes, the provider served 27: first difference at byte 11 ($.amount)',
        '  same structure, different bytes: number format (1 number: 1.0 became 1); trailing newline (removed)',
        '  this is exactly what comes of JSON.parse followed by JSON.stringify',
        '  the provider served  27 bytes, sha256:ab09b7fc81ba137699318e7fb47c3b61b527a7d79c9f03cd6db2222b1964dff3',
        '  the vault returned   24 bytes, sha256:32a80ce973765e2030031b5bbf787ff1eebd9e49054ca0bd4a844ba49644eb2a',
        '  bytes 11 to 26 (16 bytes) became 13 bytes; all before and after is the same',
        '  the provider served  … 6d 6f 75 6e 74 22 3a 31 [2e] 30 2c 22 6e 6f 74 65 22 3a 6e 75 …',
        '  the vault returned   … 6d 6f 75 6e 74 22 3a 31 [2c] 22 6e 6f 74 65 22 3a 6e 75 6c 6c …',
        '  the provider served  | {"amount":1.0,"note":null}<LF>',
        '  the vault returned   | {"amount":1,"note":null}',
      ].join('\n'),
    );
  });

  it('says of the stretch that differs what became of it', () => {
    const stretch = (expected: string, actual: string): string | undefined =>
      /^ {2}(.*); all before and after is the same$/m.exec(rendered(expected, actual))?.[1];
    expect(stretch('abcd', 'abXd')).to.equal('byte 2 differs');
    expect(stretch('abcd', 'aXXd')).to.equal('bytes 1 to 2 (2 bytes) differ');
    expect(stretch('abcd', 'abd')).to.equal('byte 2 is missing');
    expect(stretch('abcd', 'a')).to.equal('bytes 1 to 3 (3 bytes) are missing');
    expect(stretch('abcd', 'abcd\n')).to.equal('1 byte was added at byte 4');
    expect(stretch('abcd', 'aXYZd')).to.equal('bytes 1 to 2 (2 bytes) became 3 bytes');
  });

  it('lists what differs in what the payloads say', () => {
    const text = rendered('{"a":null,"b":1,"list":[1,2]}', '{"b":"1","list":[1,2,3]}');
    expect(text).to.include(
      '  what it says differs:\n    $.a: null is missing\n    $.b: number 1 became "1"\n',
    );
    expect(text).to.match(/\$\.list\[2\]: number 3 was added$/);
  });

  it('is safe and bounded for every pair of payloads', () => {
    const small = PAYLOAD_KINDS.filter((kind) => !/[KM]iB/.test(kind));
    for (const left of small) {
      for (const right of small) {
        if (left !== right) expectSafe(rendered(payload(left), payload(right)), `${left}, ${right}`);
      }
    }
  });

  it('is safe for random bytes', () => {
    let state = 7;
    const next = (): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state;
    };
    for (let round = 0; round < 500; round += 1) {
      const bytes = Buffer.from(Array.from({ length: 1 + (next() % 200) }, () => next() % 256));
      const other = Buffer.from(bytes);
      other[next() % other.length] = next() % 256;
      if (!bytes.equals(other)) expectSafe(rendered(bytes, other), bytes.toString('hex'));
    }
  });
});

describe('an explanation is quick and bounded', () => {
  /** In CPU time, which a busy machine does not stretch; several times what is measured. */
  function expectQuick(
    what: string,
    expected: string | Buffer,
    actual: string | Buffer,
    withinMs = 2_500,
  ): void {
    it(what, () => {
      const [left, right] = [Buffer.from(expected as string), Buffer.from(actual as string)];
      const before = process.cpuUsage();
      const difference = explainDifference(left, right);
      const text = difference === undefined ? '' : renderDifference(difference);
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1_000).to.be.lessThan(withinMs);
      expectSafe(text, what);
    });
  }
  const large = payload('5 MiB');
  const late = Buffer.from(large);
  late[large.length - 10] = 0x59;
  const early = Buffer.from(large);
  early[60] = 0x59;
  const nested = (inner: string): string => '['.repeat(100_000) + inner + ']'.repeat(100_000);

  expectQuick('5 MiB that differ near the end', large, late);
  expectQuick('5 MiB that differ near the beginning', large, early);
  expectQuick('5 MiB that were cut', large, large.subarray(0, large.length - 70_000));
  expectQuick('5 MiB that were serialised again', large, JSON.stringify(JSON.parse(large.toString())));
  expectQuick('100,000 levels', nested('1'), nested('2'));
  expectQuick('100,000 levels that never close', '['.repeat(100_000), '['.repeat(99_999));
  expectQuick('2 million numbers', `[${'1,'.repeat(2_000_000)}1]`, `[2${',1'.repeat(2_000_000)}]`);
  expectQuick('a number of a million digits', `1${'0'.repeat(1_000_000)}`, `2${'0'.repeat(1_000_000)}`);
  expectQuick(
    'a key of a million characters',
    `{"${'\u202e'.repeat(1e6)}":1}`,
    `{"${'\u202e'.repeat(1e6)}":2}`,
  );
  expectQuick(
    '800,000 members of one name',
    `{${'"k":1,'.repeat(800_000)}"k":1}`,
    `{${'"k":1,'.repeat(800_000)}"k":2}`,
  );
  expectQuick(
    'a million combining marks',
    `["${'\u0301\u0323'.repeat(5e5)}"]`,
    `["${'\u0301\u0323'.repeat(5e5)}a"]`,
  );
  expectQuick('nothing but white space', `${' '.repeat(3e6)}1`, `${'\n'.repeat(3e6)}1`, 5_000);
  expectQuick('5 MB that are no text', Buffer.alloc(5e6, 0xff), Buffer.alloc(5e6, 0xfe));
});
