import { readFileSync } from 'node:fs';
import path from 'node:path';
import { safeText } from '../../../support/bytes/safe-text';
import { placeOf } from './judgement';
import type { ScenarioResult } from './trial';

const STYLE = path.join(__dirname, '../../../support/reporting/templates/style.css');
const WORDS_SHOWN = 4000;

/** A page of the matrix, in words that are not escaped yet. */
export interface MatrixPage {
  readonly title: string;
  /** Say what the page is for, and what was found. */
  readonly sentences: readonly string[];
  readonly rows: readonly MatrixRow[];
}

export interface MatrixRow {
  readonly name: string;
  readonly sentence: string;
  /** Empty where there is none. */
  readonly requirement: string;
  readonly verdict: string;
  readonly isGood: boolean;
  readonly why: string;
  readonly by: readonly ScenarioResult[];
  /** The requirements that it is charged with beside its own, where that can be. */
  readonly beside?: readonly string[];
  readonly seconds: number;
}

/**
 * `reports/defects.html` or `reports/variations.html`: one file, works offline, runs no script, escapes
 * everything.
 */
export function matrixPage({ title, sentences, rows }: MatrixPage): string {
  // The rows that are amiss come first.
  const sorted = [...rows.filter(({ isGood }) => !isGood), ...rows.filter(({ isGood }) => isGood)];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>
${readFileSync(STYLE, 'utf8')}
table { border-collapse: collapse; width: 100%; background: var(--card); }
caption { text-align: left; padding: 0.5rem 0; color: var(--soft); }
th, td { text-align: left; vertical-align: top; padding: 0.5rem 0.75rem; border: 1px solid var(--line); }
td p { margin: 0; color: var(--soft); }
td.number { text-align: right; white-space: nowrap; }
td.good { color: var(--passed); font-weight: 600; }
td.bad { color: var(--failed); font-weight: 600; background: var(--failed-card); }
summary { cursor: pointer; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--code); padding: 0.5rem; margin: 0.25rem 0; }
</style>
</head>
<body>
<header class="page"><h1>${escaped(title)}</h1>
${sentences.map((sentence) => `<p>${escaped(sentence)}</p>`).join('\n')}
</header>
<main>
<table>
<caption>${rows.length} in all; whatever is amiss comes first</caption>
<thead><tr><th scope="col">Name</th><th scope="col">Requirement</th><th scope="col">Verdict</th><th scope="col">Scenarios, and what they said</th><th scope="col">Seconds</th></tr></thead>
<tbody>
${sorted.map(row).join('\n')}
</tbody>
</table>
</main>
</body>
</html>
`;
}

function row({
  name,
  sentence,
  requirement,
  verdict,
  isGood,
  why,
  by,
  beside = [],
  seconds,
}: MatrixRow): string {
  const reason =
    why === '' ? '' : `<p>${escaped(safeText(why, { limit: WORDS_SHOWN, multiLine: true }))}</p>`;
  const charged = beside.length === 0 ? '' : `<p>and ${beside.length}: ${escaped(beside.join(', '))}</p>`;
  return `<tr id="${escaped(name)}"><th scope="row">${escaped(name)}<p>${escaped(sentence)}</p></th>
<td>${escaped(requirement)}${charged}</td><td class="${isGood ? 'good' : 'bad'}">${escaped(verdict)}</td>
<td>${reason}${by.map(scenario).join('')}</td><td class="number">${seconds.toFixed(1)}</td></tr>`;
}

function scenario(result: ScenarioResult): string {
  const words = safeText(result.words, { limit: WORDS_SHOWN, multiLine: true });
  return `<details><summary>${escaped(result.name)} <small>${escaped(placeOf(result))}</small></summary><pre>${escaped(words)}</pre></details>`;
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
