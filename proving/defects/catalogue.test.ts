import { describe, it } from 'node:test';
import { expect } from 'chai';
import { defaultParts } from '../../reference-vault/parts';
import { readRequirements } from '../../support/reporting/requirements';
import { catalogue } from './catalogue';
import { variations } from './variations';

describe('the catalogue of defects', () => {
  it('gives every defect and every variation a name of its own', () => {
    const names = [...catalogue, ...variations].map(({ name }) => name);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).to.deep.equal([]);
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).to.deep.equal([]);
  });

  it('has every defect replace exactly one part of the vault', () => {
    const others = catalogue.filter(({ replacements }) => Object.keys(replacements).length !== 1);
    expect(others.map(({ name }) => name)).to.deep.equal([]);
    const parts = new Set(catalogue.flatMap(({ replacements }) => Object.keys(replacements)));
    expect([...parts].filter((part) => !(part in defaultParts))).to.deep.equal([]);
  });

  it('has a defect for every requirement, and none for another', () => {
    const known = readRequirements().map(({ id }) => id);
    const broken = new Set(catalogue.map(({ requirement }) => requirement));
    expect([...broken].filter((id) => !known.includes(id))).to.deep.equal([]);
    expect(known.filter((id) => !broken.has(id))).to.deep.equal([]);
  });
});
