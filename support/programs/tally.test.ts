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
    const [head, refused] = tally.lines();
    const [ingest, search] = tally.latencyLines();
    expect(head).to.match(/^2 programs, 9 steps, 1 job, 3 logs in /);
    expect(ingest).to.match(
      /ingest ms: median [\d.]+, 95 % [\d.]+, 99 % [\d.]+, longest [\d.]+ \(4 answers\)/,
    );
    expect(search).to.equal('  search: never asked');
    expect(refused).to.equal('  refused for a full queue: 1 of 4 ingestions (25.0 %)');
  });

  it('adds what other processes counted', async () => {
    const [own, other] = [new Tally(), new Tally()];
    for (const tally of [own, other]) {
      tally.programs = 2;
      tally.kills = 1;
      await tally.timed('ingest', async () => undefined);
      tally.coverage.judged(['FID-1']);
      tally.coverage.met('offers', ['an empty payload']);
    }
    own.add(structuredClone(other.counts()));
    expect(own.counts()).to.deep.equal({
      programs: 4,
      steps: 0,
      jobs: 0,
      logs: 0,
      asked: 2,
      refused: 0,
      absences: 0,
      kills: 2,
      coverage: { judged: { 'FID-1': 2 }, met: { offers: { '': 2, 'an empty payload': 2 } } },
    });
  });

  it('counts the time of a question that failed', async () => {
    const tally = new Tally();
    const failure = await tally
      .timed('raw', async () => {
        throw new Error('no answer');
      })
      .catch((error: Error) => error.message);
    expect(failure).to.equal('no answer');
    expect(tally.latencyLines()[2]).to.match(/\(1 answer\)$/);
  });
});
