import { describe, it } from 'node:test';
import { expect } from 'chai';
import { ArmedFault, FaultBoard } from './fault-board';
import { delayed, releasedOrGone } from './waiting';

describe('the faults a scenario has armed', () => {
  const about = (wanted: string) => (call: string) => call === wanted;

  it('strike the calls they are armed against, and no other', () => {
    const board = new FaultBoard<string, string>();
    board.arm('A trips', about('a'), 'trip', Number.POSITIVE_INFINITY);
    expect(board.strike('b')).to.equal(undefined);
    expect(board.strike('a')?.fault).to.equal('trip');
    expect(board.strike('a')?.hits).to.equal(2);
  });

  it('strike in the order of their arming, each as often as it is armed for', () => {
    const board = new FaultBoard<string, string>();
    board.arm('first', about('a'), 'first', 2);
    board.arm('second', about('a'), 'second', 1);
    const struck = ['a', 'a', 'a', 'a'].map((call) => board.strike(call)?.fault);
    expect(struck).to.deep.equal(['first', 'first', 'second', undefined]);
  });

  it('are told of when they were never met, or less often than they should have been', () => {
    const board = new FaultBoard<string, string>();
    board.arm('never', about('never'), 'x', 1);
    board.arm('twice', about('a'), 'x', 3);
    board.arm('lasting', about('b'), 'x', Number.POSITIVE_INFINITY);
    board.strike('a');
    board.strike('a');
    board.strike('b');
    expect(board.unfired()).to.deep.equal(['never', 'twice (met 2 of 3 times)']);
  });

  it('strike once more for a strike that was taken back', () => {
    const board = new FaultBoard<string, string>();
    board.arm('once', about('a'), 'x', 1);
    board.strike('a')?.takeBack();
    expect(board.unfired()).to.deep.equal(['once']);
    expect(board.strike('a')?.fault).to.equal('x');
    expect(board.strike('a')).to.equal(undefined);
  });

  it('end when they are healed, but are not forgotten before the next scenario', async () => {
    const board = new FaultBoard<string, string>();
    const armed = board.arm('never', about('a'), 'x', 1);
    board.heal();
    await armed.released;
    expect(board.strike('a')).to.equal(undefined);
    expect(board.unfired()).to.deep.equal(['never']);
    board.reset();
    expect(board.unfired()).to.deep.equal([]);
  });
});

describe('a call that a fault holds back', () => {
  const held = (): ArmedFault<string> => new ArmedFault('holds', 'hold', 1);

  it('goes on when the fault is released', async () => {
    const fault = held();
    const waiting = releasedOrGone(fault, new AbortController().signal);
    fault.release();
    expect(await waiting).to.equal('released');
  });

  it('is given up when its caller hangs up, before or while it waits', async () => {
    const caller = new AbortController();
    const waiting = releasedOrGone(held(), caller.signal);
    caller.abort();
    expect(await waiting).to.equal('gone');
    expect(await releasedOrGone(held(), caller.signal)).to.equal('gone');
  });

  it('waits for its delay, and no longer than its caller', async () => {
    const before = performance.now();
    await delayed(20, undefined);
    expect(performance.now() - before).to.be.at.least(18);
    const caller = new AbortController();
    const waiting = delayed(60_000, caller.signal);
    caller.abort();
    await waiting;
    await delayed(60_000, caller.signal);
  });
});
