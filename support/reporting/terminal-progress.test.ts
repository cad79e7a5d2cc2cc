import { describe, it } from 'node:test';
import type { Envelope } from '@cucumber/messages';
import { expect } from 'chai';
import { runFinished, scenarioMessages } from './fixtures/messages';
import { KnownFailures } from './known-failures';
import { RunProgress } from './run-progress';
import { RunResult } from './run-result';
import { paceText } from './run-tally';
import { barText, LiveLine, wantsProgress, wantsQuiet } from './terminal-progress';

const ERASE = '\r\u001b[K';

class FakeTerminal {
  readonly isTTY = true;
  readonly columns = 60;
  readonly written: string[] = [];
  write(text: string): void {
    this.written.push(text);
  }
}

describe('LiveLine', () => {
  it('shows how far a run is, and is gone before anything else is written and when all is over', () => {
    const terminal = new FakeTerminal();
    const line = new LiveLine(terminal, true);
    const result = new RunResult(new KnownFailures([]));
    const progress = new RunProgress(line, result);
    const hear = (envelope: Envelope): void => {
      result.hear(envelope);
      progress.hear(envelope);
    };
    const [first = [], second = []] = ['1', '2'].map((id) =>
      scenarioMessages({ id, name: `scenario ${id} \u001b[31m` }),
    );
    for (const envelope of [...first.slice(0, 2), ...second.slice(0, 2)]) hear(envelope);
    for (const envelope of first.slice(2, -1)) hear(envelope);
    expect(terminal.written.at(-1)?.replace(ERASE, '')).to.match(
      /^░{16} 0 of 2 · [^·]+ · scenario 1 <ESC>\[31m$/,
    );
    for (const envelope of first.slice(-1)) hear(envelope);
    line.around(() => terminal.write('a line\n'));
    expect(terminal.written.slice(-3, -1)).to.deep.equal([ERASE, 'a line\n']);
    expect(terminal.written.at(-1)?.replace(ERASE, '')).to.match(/^█{8}░{8} 1 of 2/);
    hear(runFinished(true));
    expect(terminal.written.at(-1)).to.equal(ERASE);
  });

  it('never wraps', () => {
    const terminal = new FakeTerminal();
    const line = new LiveLine(terminal, true);
    line.start(() => 'x'.repeat(500));
    line.stop();
    for (const text of terminal.written) expect(text.replace(ERASE, '').length).to.be.below(terminal.columns);
  });

  it('writes nothing where nobody wants it', () => {
    const terminal = new FakeTerminal();
    const line = new LiveLine(terminal, false);
    line.start(() => 'text');
    line.detail('more');
    line.around(() => undefined);
    line.stop();
    expect(terminal.written).to.deep.equal([]);
  });
});

describe('wantsProgress', () => {
  it('is for a person at a terminal', () => {
    const terminal = new FakeTerminal();
    const pipe = { write: () => true };
    expect(wantsProgress({}, terminal, terminal)).to.equal(true);
    expect(wantsProgress({}, pipe, terminal)).to.equal(false);
    expect(wantsProgress({}, terminal, pipe)).to.equal(false);
    for (const name of ['CI', 'NO_COLOR', 'AUDIT_VAULT_QUIET', 'CUCUMBER_WORKER_ID']) {
      expect(wantsProgress({ [name]: '1' }, terminal), name).to.equal(false);
    }
    expect(wantsProgress({ TERM: 'dumb' }, terminal)).to.equal(false);
  });

  it('takes 0 and nothing for no', () => {
    expect([{}, { AUDIT_VAULT_QUIET: '0' }, { AUDIT_VAULT_QUIET: '' }].map(wantsQuiet)).to.deep.equal([
      false,
      false,
      false,
    ]);
  });
});

describe('barText and paceText', () => {
  it('say how far it is, and how long it will take', () => {
    expect(barText(1, 4)).to.equal(`${'█'.repeat(4)}${'░'.repeat(12)} 1 of 4`);
    expect(paceText(250, 1_000, 2_000)).to.equal('250 of 1,000, 125 a second, 6.0 s left');
    expect(paceText(0, 1_000, 0)).to.equal('0 of 1,000');
  });
});
