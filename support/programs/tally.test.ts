import { describe, it } from 'node:test';
import { expect } from 'chai';
import { Tally } from './tally';

describe('Tally', () => {
  it('sums up what was done and how long answers took', async () => {
    const tally = new Tally();
    tally.programs = 2;
    tally.steps = 9;
    tally.jobs = 1;
    tally.logs = 3;
    tally.refused = 1;
    for (let question = 0; question < 4; question += 1) await tally.timed('ingest', async () => undefined);
    const [head, ingest, search, , refused] = tally.lines();
    expect(head).to.match(/^2 programs, 9 steps, 1 job, 3 logs in /);
    expect(ingest).to.match(
      /ingest ms: median [\d.]+, 95 % [\d.]+, 99 % [\d.]+, longest [\d.]+ \(4 answers\)/,
    );
    expect(search).to.equal('  search: never asked');
    expect(refused).to.equal('  refused for a full queue: 1 of 4 ingestions (25.0 %)');
  });

  it('counts the time of a question that failed', async () => {
    const tally = new Tally();
    const failure = await tally
      .timed('raw', async () => {
        throw new Error('no answer');
      })
      .catch((error: Error) => error.message);
    expect(failure).to.equal('no answer');
    expect(tally.lines()[3]).to.match(/\(1 answer\)$/);
  });
});
