import { describe, it } from 'node:test';
import { expect } from 'chai';
import { paletteFor, wantsColour } from './palette';

describe('wantsColour', () => {
  it('colours for a person at a terminal', () => {
    expect(wantsColour({}, true)).to.equal(true);
    expect(wantsColour({}, false)).to.equal(false);
    expect(wantsColour({ TERM: 'dumb' }, true)).to.equal(false);
  });

  it('respects NO_COLOR, unless it is empty, and lets FORCE_COLOR decide', () => {
    expect(wantsColour({ NO_COLOR: '1' }, true)).to.equal(false);
    expect(wantsColour({ NO_COLOR: '' }, true)).to.equal(true);
    expect(wantsColour({ NO_COLOR: '1', FORCE_COLOR: '1' }, false)).to.equal(true);
    expect(wantsColour({ FORCE_COLOR: '0' }, true)).to.equal(false);
  });
});

describe('paletteFor', () => {
  it('leaves text alone where colour is unwelcome', () => {
    expect(paletteFor(false).red('x')).to.equal('x');
    expect(paletteFor(true).red('x')).to.equal('\u001b[31mx\u001b[39m');
  });
});
