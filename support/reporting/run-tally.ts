import { count } from '../bytes/safe-text';
import { type OutcomeStatus, retriedText, type ScenarioOutcome } from './scenario-outcome';

export type Tally = Readonly<Record<OutcomeStatus, number>> & {
  readonly total: number;
  /** Those that passed only when they were tried again. */
  readonly retried: number;
};

/** Worst first, as people want to read them. */
const STATUSES_IN_ORDER = [
  'failed',
  'error',
  'not-run',
  'known',
  'skipped',
  'passed',
] as const satisfies readonly OutcomeStatus[];

export function tallyOf(outcomes: Iterable<Pick<ScenarioOutcome, 'status' | 'attempt'>>): Tally {
  const tally = { failed: 0, error: 0, 'not-run': 0, known: 0, skipped: 0, passed: 0, total: 0, retried: 0 };
  for (const outcome of outcomes) {
    tally[outcome.status] += 1;
    if (retriedText(outcome) !== undefined) tally.retried += 1;
    tally.total += 1;
  }
  return tally;
}

/**
 * The worst of a tally: `failed` outweighs `error`, known failures weigh nothing, nothing judged is no
 * success.
 */
export function verdictOf(tally: Tally): OutcomeStatus {
  if (tally.failed > 0) return 'failed';
  if (tally.error > 0 || tally.total === 0) return 'error';
  if (tally['not-run'] > 0) return 'not-run';
  if (tally.passed > 0) return 'passed';
  return tally.known > 0 ? 'known' : 'skipped';
}

/**
 * One sentence: `2 of 41 scenarios failed; 3 were skipped, 36 passed.` What decides the verdict comes first.
 */
export function verdictSentence(tally: Tally): string {
  const { total } = tally;
  if (total === 0) return 'No scenario ran.';
  const verdict = verdictOf(tally);
  const others = STATUSES_IN_ORDER.filter((status) => status !== verdict && tally[status] > 0);
  const lead = `${tally[verdict] === total ? 'All' : `${tally[verdict]} of`} ${count(total, 'scenario')}`;
  if (verdict === 'not-run' && tally['not-run'] === total && total > 1) {
    return `None of the ${count(total, 'scenario')} ran.`;
  }
  const again = tally.retried === 0 ? '' : `, ${tally.retried} of them only when tried again`;
  if (total === 1) return `The one scenario ${words(verdict, 1)}${again.replace(/ \d+ of them/, '')}.`;
  const rest = others.map((status) => `${tally[status]} ${words(status, tally[status])}`).join(', ');
  // Of what passed, which comes last.
  const passed = verdict === 'passed' ? again : '';
  return `${lead} ${words(verdict, tally[verdict])}${passed}${rest === '' ? '' : `; ${rest}`}${passed === '' ? again : ''}.`;
}

function words(status: OutcomeStatus, number: number): string {
  if (status === 'skipped') return `${number === 1 ? 'was' : 'were'} skipped`;
  if (status === 'known') return 'failed as known';
  if (status === 'not-run') return 'did not run';
  return status === 'error' ? 'could not be judged' : status;
}

/** Says how long it goes on at this rate: `250 of 1,000, 125 a second, 6.0 s left`. */
export function paceText(done: number, total: number, elapsedMs: number): string {
  const share = `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`;
  if (done === 0 || elapsedMs === 0) return share;
  const rate = Math.round((done / elapsedMs) * 1_000).toLocaleString('en-US');
  return `${share}, ${rate} a second, ${durationText(((total - done) / done) * elapsedMs)} left`;
}

/** `< 1 ms`, `340 ms`, `2.4 s`, `3 min 5 s`. */
export function durationText(ms: number): string {
  if (ms < 1) return '< 1 ms';
  if (Math.round(ms) < 1_000) return `${Math.round(ms)} ms`;
  if (Math.round(ms / 100) < 600) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
