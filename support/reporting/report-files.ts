import { closeSync, mkdirSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Envelope } from '@cucumber/messages';
import { SuiteError } from '../bytes/errors';
import { conformanceJson } from './conformance-json';
import { conformancePage } from './conformance-page';
import { cucumberHtml } from './cucumber-html';
import { cucumberJson } from './cucumber-json';
import { indexPage } from './index-page';
import { junitXml } from './junit-xml';
import { reportsFolder } from './page-links';
import { rerunList } from './rerun-list';
import { describeRun } from './run-description';
import { type RunResult, runResult } from './run-result';

const VIEWS: Readonly<Record<string, (result: RunResult) => string>> = {
  'conformance.html': conformancePage,
  'conformance.json': conformanceJson,
  'rerun.txt': rerunList,
  'junit.xml': junitXml,
  'cucumber.json': (result) => cucumberJson(result.envelopes()),
  'index.html': indexPage,
};
const CUCUMBERS_PAGE = 'cucumber.html';
const NO_PAGE_YET = `<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>Not judged</title>
<p>Cucumber's own page is made when a run comes to its end, and this one has not.
<a href="index.html">The report of the run</a> says how far it came.</p></html>
`;

let opened: ReportFiles | undefined;

/**
 * The files that show the result of a run. From the run's beginning each is there and whole, and says that
 * the run has not come to its end; however the process ends, it leaves nothing greener than what ran.
 */
export class ReportFiles {
  readonly #folder: string;
  readonly #result: RunResult;
  readonly #messages: number;
  #isShown = false;

  /** The files of this process's run, opened on first use. @throws SuiteError when they cannot be written */
  static open(): ReportFiles {
    opened ??= new ReportFiles(runResult(), reportsFolder());
    return opened;
  }

  private constructor(result: RunResult, folder: string) {
    this.#folder = folder;
    this.#result = result;
    this.#messages = this.#attempt(() => {
      mkdirSync(folder, { recursive: true });
      return openSync(path.join(folder, 'messages.ndjson'), 'w');
    });
    describeRun({ report: path.join(folder, 'index.html') });
    this.#write(CUCUMBERS_PAGE, NO_PAGE_YET);
    this.#show();
    result.follow((envelope) => this.#hear(envelope));
    process.on('exit', () => this.#settle());
  }

  /** Writes what takes its time, once the run has ended. @throws SuiteError when that cannot be written */
  async end(): Promise<void> {
    if (!this.#isShown) this.#show();
    this.#isShown = true;
    this.#write(CUCUMBERS_PAGE, await cucumberHtml(this.#result.envelopes()));
  }

  #hear(envelope: Envelope): void {
    this.#attempt(() => writeSync(this.#messages, `${JSON.stringify(envelope)}\n`));
    if (envelope.testRunFinished === undefined) return;
    this.#isShown = true;
    this.#show();
  }

  #settle(): void {
    if (!this.#isShown) this.#result.cutShort('something ended the process in the middle of the run');
    closeSync(this.#messages);
  }

  #show(): void {
    for (const [file, view] of Object.entries(VIEWS)) this.#write(file, view(this.#result));
  }

  /** Writes a file whole or not at all, whenever the process may be killed. */
  #write(file: string, text: string): void {
    const place = path.join(this.#folder, file);
    this.#attempt(() => {
      writeFileSync(`${place}.part`, text);
      renameSync(`${place}.part`, place);
    });
  }

  #attempt<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      throw new SuiteError(
        `The reports cannot be written to ${this.#folder} (${code}): let AUDIT_VAULT_REPORTS name a folder of yours with room in it.`,
      );
    }
  }
}
