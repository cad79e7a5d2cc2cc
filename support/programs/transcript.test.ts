import { describe, it } from 'node:test';
import { expect } from 'chai';
import { Transcript } from './transcript';

describe('Transcript', () => {
  it('writes a program as a feature file would', () => {
    const transcript = new Transcript();
    const write = transcript.writer(1);
    write.given('a log');
    write.given('a fault');
    write.when('it is ingested');
    write.given('every fault is healed');
    expect(transcript.lines()).to.deep.equal([
      'Given a log',
      'And a fault',
      'When it is ingested',
      'Given every fault is healed',
    ]);
    expect(transcript.steps).to.equal(4);
  });

  it('tells several programs apart, each with its own keywords', () => {
    const transcript = new Transcript();
    const [one, other] = [transcript.writer(1), transcript.writer(2)];
    one.given('a log');
    other.given('another log');
    one.given('a fault');
    expect(transcript.lines()).to.deep.equal(['(1) Given a log', '(2) Given another log', '(1) And a fault']);
  });
});
