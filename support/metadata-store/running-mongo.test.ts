import { describe, it } from 'node:test';
import { expect } from 'chai';
import { productOf } from './running-mongo';

describe('a MongoDB that runs already', () => {
  for (const [build, name, standIn] of [
    [{ version: '8.0.12', gitVersion: '80ea3e4' }, 'MongoDB 8.0.12', false],
    [{ version: '7.0.0', gitVersion: 'jongodb' }, 'jongodb, the offline stand-in', true],
    [{ version: '7.0.42', gitVersion: 'unknown', ferretdbVersion: 'v1.24.2' }, 'FerretDB v1.24.2', true],
    [{ version: '7.0.77', ferretdb: { version: 'v2.5.0' } }, 'FerretDB v2.5.0', false],
    [undefined, 'MongoDB unknown version', false],
  ] as const) {
    it(`that is ${name} is called so, and is ${standIn ? 'a' : 'no'} stand-in`, () => {
      expect(productOf(build)).to.deep.equal({ name, standIn });
    });
  }
});
