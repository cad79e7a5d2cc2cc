import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { expect } from 'chai';
import { removeUnfinishedReports } from './unfinished-reports';

describe('the reports of a run that is cut short', () => {
  let folder = '';
  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
  };
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'audit-vault-cut-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are removed where they are empty or without an end; what was told stays, and what is no report', () => {
    write({
      'index.html': '',
      'rerun.txt': '',
      'cucumber.html': '<html>',
      'messages.ndjson': '{}\n',
      notes: '',
    });
    removeUnfinishedReports(folder);
    expect(readdirSync(folder).sort()).to.deep.equal(['messages.ndjson', 'notes']);
  });

  it('leave those of the run before alone, where none was opened yet', () => {
    write({ 'index.html': '<html></html>', 'rerun.txt': '\n', 'cucumber.html': '<html></html>' });
    removeUnfinishedReports(folder);
    expect(readdirSync(folder)).to.have.length(3);
    expect(() => removeUnfinishedReports(path.join(folder, 'none'))).not.to.throw();
  });
});
