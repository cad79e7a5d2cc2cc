import { describe, it } from 'node:test';
import { expect } from 'chai';
import { Narrative } from './narrative';

describe('Narrative', () => {
  it('tells a program as a feature file would', () => {
    const narrative = new Narrative();
    const tell = narrative.teller(1);
    tell.given('a log');
    tell.given('a fault');
    tell.when('it is ingested');
    tell.given('every fault is healed');
    expect(narrative.lines()).to.deep.equal([
      'Given a log',
      'And a fault',
      'When it is ingested',
      'Given every fault is healed',
    ]);
    expect(narrative.steps).to.equal(4);
  });

  it('tells several auditors apart, each with its own keywords', () => {
    const narrative = new Narrative();
    const [one, other] = [narrative.teller(1), narrative.teller(2)];
    one.given('a log');
    other.given('another log');
    one.given('a fault');
    expect(narrative.lines()).to.deep.equal(['(1) Given a log', '(2) Given another log', '(1) And a fault']);
  });
});
