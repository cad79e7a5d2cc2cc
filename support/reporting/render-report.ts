import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { contentSecurityPolicy } from './content-security-policy';

const TEMPLATES = path.join(__dirname, 'templates');

interface Reporter {
  generate(options: Readonly<Record<string, unknown>>): boolean;
}

/**
 * Lets cucumber-html-reporter make the page from our templates. It only knows files, and says so on stdout:
 * both are kept away from the run here.
 *
 * @param features Cucumber's JSON, with what else the templates show as members of its own
 * @param head what the page says before the features; the reporter hands it to the templates as
 * `suite.metadata`
 */
export function renderReport(features: readonly object[], head: object): string {
  // The library takes some 70 ms to load, which belong to the end of a run.
  const reporter: Reporter = require('cucumber-html-reporter');
  const folder = mkdtempSync(path.join(tmpdir(), 'audit-vault-report-'));
  const jsonFile = path.join(folder, 'cucumber.json');
  const output = path.join(folder, 'index.html');
  try {
    writeFileSync(jsonFile, JSON.stringify(features));
    // The reporter has room for one style sheet; the second comes along with the head.
    const scenarioStyles = readFileSync(path.join(TEMPLATES, 'scenarios.css'), 'utf8');
    const script = readFileSync(path.join(TEMPLATES, 'script.js'), 'utf8');
    const metadata = { ...head, scenarioStyles, contentSecurityPolicy: contentSecurityPolicy(script) };
    quietly(() => reporter.generate({ theme: 'simple', templateDir: TEMPLATES, jsonFile, output, metadata }));
    return readFileSync(output, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The reporter announces its file with `console.log`, synchronously; stdout is the console formatter's. */
function quietly(work: () => void): void {
  const { log } = console;
  console.log = () => undefined;
  try {
    work();
  } finally {
    console.log = log;
  }
}
