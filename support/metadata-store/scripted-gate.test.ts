import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { ScriptedMetadataGate } from './scripted-gate';

describe('the gate in front of MongoDB', () => {
  it('tells of each time that MongoDB was taken away and nobody felt it', async () => {
    const gate = await ScriptedMetadataGate.open({ uri: 'mongodb://127.0.0.1:9', kind: 'mongod' });
    await gate.cut();
    const unfelt = ['MongoDB was taken away, and nobody asked for it meanwhile'];
    expect(gate.unfired()).to.deep.equal(unfelt);
    await gate.heal();
    await gate.cut();
    await new Promise((resolve) => connect(gate.port, '127.0.0.1').once('error', resolve));
    expect([gate.unfired(), gate.wasCut]).to.deep.equal([unfelt, true]);
    await gate.heal();
    expect(gate.unfired()).to.deep.equal(unfelt);
    gate.reset();
    expect([gate.unfired(), gate.wasCut]).to.deep.equal([[], false]);
    await gate.close();
  });
});
