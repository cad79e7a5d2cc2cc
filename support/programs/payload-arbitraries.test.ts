import { isUtf8 } from 'node:buffer';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { payloads, payloadsOf } from './payload-arbitraries';

const SAMPLES = 1_000;

describe('payloads', () => {
  const samples = payloadsOf(7, SAMPLES);
  const share = (is: (payload: Buffer) => boolean): number => samples.filter(is).length / SAMPLES;

  it('are of every kind that is known to break vaults', () => {
    const isJson = (payload: Buffer): boolean => {
      try {
        JSON.parse(payload.toString());
        return isUtf8(payload);
      } catch {
        return false;
      }
    };
    expect(share(isJson), 'JSON').to.be.within(0.3, 0.9);
    expect(
      share((payload) => !isUtf8(payload)),
      'not UTF-8',
    ).to.be.above(0.05);
    expect(
      share((payload) => payload.byteLength === 0),
      'empty',
    ).to.be.above(0.0005);
    expect(
      share((payload) => payload.includes(0)),
      'with NUL',
    ).to.be.above(0.01);
    expect(
      share((payload) => payload.subarray(0, 3).toString('hex') === 'efbbbf'),
      'with a BOM',
    ).to.be.above(0.01);
    expect(
      share((payload) => payload.subarray(0, 2).toString('hex') === '1f8b'),
      'compressed',
    ).to.be.above(0.005);
    expect(
      share((payload) => Math.abs(payload.byteLength - 65_536) <= 2),
      'of 64 KiB',
    ).to.be.above(0.005);
    expect(
      share((payload) => isJson(payload) && changesWhenParsed(payload)),
      'JSON that parsing changes',
    ).to.be.above(0.2);
    expect(
      share((payload) => payload.toString().startsWith('['.repeat(100))),
      'deeply nested',
    ).to.be.above(0.002);
  });

  it('look like what a vault might take for something else', () => {
    const shares = {
      'a web page': /^\s*(<!--.*?-->)?\s*<(!doctype\s+)?html/i,
      'an error': /^\{\s*"(?:error|errors|message|code|status)"\s*:/,
      'lines of JSON': /[}\]\d]\r?\n+[{\d]/,
      XML: /^\s*<\?xml/,
      'a listing': /^\{\s*"logs":/,
      'a mask': /\*\*\*/,
    };
    for (const [what, pattern] of Object.entries(shares)) {
      expect(
        share((payload) => payload.byteLength < 1_000 && pattern.test(payload.toString())),
        what,
      ).to.be.above(0.0005);
    }
  });

  it('are mostly small', () => {
    expect(share((payload) => payload.byteLength < 1_024)).to.be.above(0.9);
  });

  it('are found again by seed and place, as a failure names them', async () => {
    for (const place of [0, 17, 249]) {
      const seen: Buffer[] = [];
      const property = fc.asyncProperty(payloads, async (payload: Buffer) => {
        seen.push(payload);
      });
      await fc.check(property, { seed: 7, path: String(place), numRuns: 1 });
      expect(seen.map((payload) => payload.toString('hex'))).to.deep.equal([samples[place]?.toString('hex')]);
    }
  });
});

function changesWhenParsed(payload: Buffer): boolean {
  try {
    return JSON.stringify(JSON.parse(payload.toString())) !== payload.toString();
  } catch {
    // What nests too deep for JSON.stringify is not what is counted here.
    return false;
  }
}
