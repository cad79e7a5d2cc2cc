import { SuiteError } from '../bytes/errors';
import { ConsoleReport } from '../reporting/console';
import { KNOWN_FAILURES_VARIABLE } from '../reporting/known-failures';
import { ReportFiles } from '../reporting/report-files';
import { runResult } from '../reporting/run-result';
import { exitCodeOf } from './verdict';

/**
 * Ends a run that an error stops, or that could not begin: every report says why, so that none of the run
 * before is taken for its own, and so does the exit code.
 */
export function tellUnjudged(error: unknown): void {
  const reason = reasonOf(error);
  // What is wrong may be this very list.
  delete process.env[KNOWN_FAILURES_VARIABLE];
  const result = runResult();
  const console = ConsoleReport.open();
  let complaint = '';
  try {
    ReportFiles.open();
  } catch (unwritable) {
    complaint = reasonOf(unwritable);
  }
  if (complaint !== '' && complaint !== reason) process.stderr.write(`${complaint}\n`);
  result.cutShort(reason);
  console.finish();
  process.exitCode = exitCodeOf(result.conclusion());
}

/** Cucumber wraps what plugins throw; of an error that nobody foresaw the trace helps. */
function reasonOf(error: unknown): string {
  if (error instanceof SuiteError) return error.message;
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return reasonOf(error.cause);
  process.stderr.write(`${error.stack}\n`);
  return error.message.split('\n', 1)[0] ?? '';
}
