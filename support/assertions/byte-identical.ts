import { explainDifference } from '../bytes/byte-difference';
import { checksumOf } from '../bytes/checksum';
import { renderDifference, SERVED_AND_RETURNED, type Wording } from '../bytes/render-difference';
import { count, safeJson } from '../bytes/safe-text';
import { noteDifference } from './noted-differences';

declare global {
  namespace Chai {
    interface Assertion {
      /**
       * Asserts that two payloads are the same, byte by byte. The failure message explains the difference;
       * its first line is a sentence, in which `wording` names the two sides (by default the provider and the
       * vault).
       */
      byteIdenticalTo(expected: Uint8Array, wording?: Wording): Assertion;
    }
    interface PromisedAssertion {
      byteIdenticalTo(expected: Uint8Array, wording?: Wording): PromisedAssertion;
    }
  }
}

/**
 * The chai plugin: `use(byteIdentical)`. Where chai-as-promised is used too, use that one last, or
 * `expect(promise).to.eventually.be.byteIdenticalTo(…)` is not known to it.
 */
export const byteIdentical: Chai.ChaiPlugin = (chai, utils) => {
  chai.Assertion.addMethod('byteIdenticalTo', function byteIdenticalTo(...args: unknown[]): void {
    const [expected, wording] = args as [unknown, Wording | undefined];
    const actual: unknown = utils.flag(this, 'object');
    // Thrown by hand: `this.assert` would have chai inspect megabytes for a message that does not quote them.
    const fail: (message: string) => never = (message) => {
      const prefix: unknown = utils.flag(this, 'message');
      const sides = {
        actual: inShort(actual),
        expected: inShort(expected),
        operator: 'byteIdenticalTo',
        showDiff: false,
      };
      const text = typeof prefix === 'string' && prefix !== '' ? `${prefix}: ${message}` : message;
      throw new chai.AssertionError(text, sides, utils.flag(this, 'ssfi') as (...args: unknown[]) => unknown);
    };
    if (!(expected instanceof Uint8Array)) fail(`there is nothing to compare with but ${inShort(expected)}`);
    if (!(actual instanceof Uint8Array)) fail(`expected bytes, but there is only ${inShort(actual)}`);
    const difference = explainDifference(expected, actual);
    if (utils.flag(this, 'negate') === true) {
      if (difference === undefined) fail(`expected other bytes, but both are the same ${inShort(actual)}`);
    } else if (difference !== undefined) {
      const message: unknown = utils.flag(this, 'message');
      const subject = typeof message === 'string' ? message : '';
      noteDifference({ expected, actual, wording: wording ?? SERVED_AND_RETURNED, subject, difference });
      fail(renderDifference(difference, wording));
    }
  });
};

function inShort(value: unknown): string {
  return value instanceof Uint8Array
    ? `${count(value.length, 'byte')}, ${checksumOf(value)}`
    : safeJson(value);
}
