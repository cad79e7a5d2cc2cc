import { describe, it } from 'node:test';
import { type Envelope, TestStepResultStatus } from '@cucumber/messages';
import { expect } from 'chai';
import { type FixtureStep, runFinished, scenarioMessages } from './fixtures/messages';
import { junitXml } from './junit-xml';
import { KnownFailures } from './known-failures';
import { RunResult } from './run-result';
import { tallyOf, verdictSentence } from './run-tally';
import { retriedText } from './scenario-outcome';

const { FAILED, PASSED, SKIPPED } = TestStepResultStatus;
const NOT_STARTED = 'the vault ended before it was ready';

function resultOf(...messages: readonly (readonly Envelope[])[]): RunResult {
  const result = new RunResult(new KnownFailures([]), false);
  for (const envelope of messages.flat()) result.hear(envelope);
  return result;
}

const scenario = (id: string, ...steps: readonly FixtureStep[]): readonly Envelope[] =>
  scenarioMessages({ id, steps });
const passed = (id: string): readonly Envelope[] => scenario(id, { status: PASSED });
/** A scenario whose worker died in its last step. */
const cutShort = (id: string, ...steps: readonly FixtureStep[]): readonly Envelope[] =>
  scenario(id, ...steps, { status: PASSED }).slice(0, -2);
const statusesOf = (result: RunResult): readonly string[] => result.scenarios().map(({ status }) => status);

describe('the result of a run', () => {
  it('is that everything held', () => {
    const result = resultOf(passed('a'), scenario('b', { status: SKIPPED }), [runFinished(true)]);
    expect(statusesOf(result)).to.deep.equal(['passed', 'skipped']);
    expect(result.conclusion()).to.deep.equal({ end: 'held' });
    expect(junitXml(result)).to.contain('tests="2" skipped="1" failures="0" errors="0"');
  });

  it('is that the vault could not be judged, with the reason once, where it never started', () => {
    const skipped = { status: SKIPPED, attaches: `skipped: not judged: ${NOT_STARTED}` };
    const result = resultOf(scenario('a', skipped), scenario('b', skipped), [runFinished(true)]);
    expect(statusesOf(result)).to.deep.equal(['not-run', 'not-run']);
    expect(result.conclusion()).to.deep.equal({ end: 'not judged', reason: NOT_STARTED });
    expect(junitXml(result)).to.contain('tests="1" skipped="0" failures="0" errors="1"');
    expect(junitXml(result)).to.contain(`<error message="The vault could not be judged: ${NOT_STARTED}">`);
  });

  it('is that it could not be judged where nothing was to run', () => {
    const [pickle = {}] = passed('a');
    const result = resultOf([pickle, runFinished(true)]);
    expect(result.conclusion())
      .to.include({ end: 'not judged' })
      .and.have.property('reason')
      .that.matches(/^no scenario fits/);
    expect(junitXml(result)).to.contain('errors="1"');
  });

  it('is an error for the scenario in which a worker died, and not run for those that never began', () => {
    const result = resultOf(passed('a'), cutShort('b', { status: PASSED }), passed('c').slice(0, 2), [
      runFinished(false),
    ]);
    expect(statusesOf(result)).to.deep.equal(['passed', 'error', 'not-run']);
    expect(result.scenarios()[1]?.steps.map(({ status, failure }) => [status, failure?.words])).to.deep.equal(
      [
        ['passed', undefined],
        ['error', 'The run ended in the middle of it.'],
      ],
    );
    expect(result.conclusion().end).to.equal('not judged');
    expect(junitXml(result)).to.contain('tests="3" skipped="1" failures="0" errors="1"');
  });

  it('is broken where a scenario had failed before a worker died', () => {
    const result = resultOf(scenario('a', { status: FAILED }), cutShort('b'), [runFinished(false)]);
    expect(statusesOf(result)).to.deep.equal(['failed', 'error']);
    expect(result.conclusion()).to.deep.equal({ end: 'broken' });
  });

  it('is not judged where the vault stopped answering: only what was seen broken before is charged', () => {
    const stopped = 'the vault stopped answering';
    const end = { status: FAILED, type: 'SuiteError', attaches: `not judged: ${stopped}` };
    const rest = scenario('c', { status: SKIPPED, attaches: `skipped: not judged: ${stopped}` });
    const silent = { status: FAILED, type: 'NoAnswerError' };
    const result = resultOf(passed('a'), scenario('b', silent, end), rest, [runFinished(false)]);
    expect(statusesOf(result)).to.deep.equal(['passed', 'error', 'not-run']);
    expect(result.conclusion())
      .to.have.property('reason')
      .that.matches(
        /^1 scenario could not be judged: \S+; 1 scenario did not run: the vault stopped answering$/,
      );
    const seen = resultOf(scenario('b', { status: FAILED }, end), rest, [runFinished(false)]);
    expect(statusesOf(seen)).to.deep.equal(['failed', 'not-run']);
    expect(statusesOf(resultOf(scenario('b', silent), [runFinished(false)]))).to.deep.equal(['failed']);
  });

  it('is not judged while the run has no end, whatever it has told so far', () => {
    const messages = [...passed('a'), ...cutShort('b', { status: PASSED }), ...passed('c')];
    for (let length = 0; length <= messages.length; length += 1) {
      const result = resultOf(messages.slice(0, length));
      expect(result.conclusion().end, `${length} messages`).to.equal('not judged');
      expect(junitXml(result)).to.match(/errors="[1-9]/);
    }
  });

  it('is what its last message says, where that gives a reason', () => {
    const result = resultOf(passed('a'), [runFinished(false, 'a shard is missing')]);
    expect(result.conclusion()).to.deep.equal({ end: 'not judged', reason: 'a shard is missing' });
  });

  it('can be told in the order of the features while it goes on', () => {
    const result = resultOf(passed('a').slice(0, 3), passed('b').slice(0, 3), passed('c'));
    const toldFrom = (first: number): readonly string[] => result.overFrom(first).map(({ name }) => name);
    expect(toldFrom(0)).to.deep.equal([]);
    for (const envelope of passed('a').slice(3)) result.hear(envelope);
    expect(toldFrom(0)).to.deep.equal(['a']);
    for (const envelope of passed('b').slice(3)) result.hear(envelope);
    expect(toldFrom(1)).to.deep.equal(['b', 'c']);
  });

  it('marks a scenario that passed only when it was tried again', () => {
    const [last, ...first] = scenario('a', { status: FAILED }).toReversed();
    const retried = { testCaseFinished: { ...last?.testCaseFinished, willBeRetried: true } } as Envelope;
    const again = JSON.parse(
      JSON.stringify(passed('a').slice(2))
        .replaceAll('a attempt', 'second')
        .replace('"attempt":0', '"attempt":1'),
    );
    const result = resultOf(first.toReversed(), [retried], again, passed('b'), [runFinished(true)]);
    const [a, b] = result.scenarios();
    expect([a, b].map((outcome) => outcome && retriedText(outcome))).to.deep.equal([
      'passed only at attempt 2',
      undefined,
    ]);
    expect(verdictSentence(tallyOf(result.scenarios()))).to.equal(
      'All 2 scenarios passed, 1 of them only when tried again.',
    );
    expect(junitXml(result)).to.match(/name="a"[^>]*>\s*<system-out>passed only at attempt 2</);
    expect(result.conclusion()).to.deep.equal({ end: 'held' });
  });
});
