import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Narrative } from './narrative';

test('one auditor tells a program as a feature file would', () => {
  const narrative = new Narrative();
  const tell = narrative.teller(1);
  tell.given('a log');
  tell.given('a fault');
  tell.when('it is ingested');
  tell.given('every fault is healed');
  assert.deepEqual(narrative.lines(), [
    'Given a log',
    'And a fault',
    'When it is ingested',
    'Given every fault is healed',
  ]);
  assert.equal(narrative.steps, 4);
});

test('several auditors are told apart, each with a keyword of its own', () => {
  const narrative = new Narrative();
  const [one, other] = [narrative.teller(1), narrative.teller(2)];
  one.given('a log');
  other.given('another log');
  one.given('a fault');
  assert.deepEqual(narrative.lines(), ['(1) Given a log', '(2) Given another log', '(1) And a fault']);
});
