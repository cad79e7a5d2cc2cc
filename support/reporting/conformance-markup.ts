import { readFileSync } from 'node:fs';
import path from 'node:path';
import { brokenBy, concerns } from './broken-requirements';
import type { Conformance, RequirementResult } from './conformance';
import { contentSecurityPolicy } from './content-security-policy';
import { type Markup, markup, trusted } from './markup';
import type { PageLink } from './page-links';
import { factsOf, name, prose, type ScenarioView, type StepView, scenarioView } from './report-view';
import type { Requirement } from './requirements';
import type { RunDescription } from './run-description';
import type { OutcomeStatus, ScenarioOutcome } from './scenario-outcome';

type Result = RequirementResult['result'];

/** Everything that the page shows. */
export interface ConformanceContent {
  readonly run: RunDescription;
  readonly durationMs: number;
  readonly conformance: Conformance;
  readonly outcomes: readonly ScenarioOutcome[];
  readonly links: readonly PageLink[];
}

/** So many fit into a heading. */
const NAMED_IDS = 6;
const TEMPLATES = path.join(__dirname, 'templates');
/** Worst first, as people want to read them. */
const RESULTS = [
  'broken',
  'known failure',
  'not claimed',
  'not tested',
  'held',
] as const satisfies readonly Result[];
/** Results look like the outcomes they come of. */
const LOOKS: Readonly<Record<Result, OutcomeStatus>> = {
  held: 'passed',
  broken: 'failed',
  'known failure': 'known',
  'not claimed': 'skipped',
  'not tested': 'skipped',
};
const ICONS: Readonly<Record<OutcomeStatus, string>> = {
  passed: '✓',
  failed: '✗',
  skipped: '–',
  error: '?',
  'not-run': '?',
  known: '!',
};
const WORDS: Readonly<Record<OutcomeStatus, string>> = {
  passed: 'passed',
  failed: 'failed',
  skipped: 'skipped',
  error: 'not judged',
  'not-run': 'not run',
  known: 'known failure',
};

/**
 * The page of requirements: what a vault promises, in which words each promise is tried, and what came of it.
 * One file; works offline, runs no script but its filter, and escapes everything.
 */
export function conformanceMarkup(content: ConformanceContent): string {
  const { requirements, verdict, reason, knownThatHold } = content.conformance;
  const script = template('script.js');
  const styles = ['style.css', 'scenarios.css', 'conformance.css'].map(template).join('');
  const worst = RESULTS.find((result) => requirements.some((requirement) => requirement.result === result));
  const ofRequirements =
    reason === undefined
      ? LOOKS[worst === 'not tested' || worst === 'not claimed' ? 'held' : (worst ?? 'not tested')]
      : 'error';
  const look = knownThatHold === undefined ? ofRequirements : 'failed';
  const areas = [...new Set(requirements.map(({ area }) => area))];
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${ICONS[look]} Conformance of an audit vault</title>
<link rel="icon" href="data:,">
<style>${trusted(styles)}</style>
</head>
<body>
<a class="skip" href="#scenarios">Skip to the requirements</a>
<header class="page">
<h1>What an audit vault promises, and what became of it</h1>
<p class="verdict ${look}">${icon(look)} <span>${reason === undefined ? verdictText(verdict) : `Could not judge: ${prose(reason)}`}</span></p>
${bar(requirements)}
${links(content.links)}
</header>
<main>
<section aria-labelledby="ran">
<h2 id="ran">What ran</h2>
<table class="facts"><tbody>${factsOf(content.run, content.durationMs).map((fact) => markup`<tr><th scope="row">${fact.name}</th><td>${fact.value}</td></tr>`)}</tbody></table>
</section>
<section id="scenarios" tabindex="-1" aria-labelledby="scenarios-title">
<h2 id="scenarios-title">Requirements</h2>
${filter(requirements)}
${areas.map((area, index) => section(area, `area-${index + 1}`, content))}
<p id="nothing" hidden>No requirement matches.</p>
</section>
</main>
<footer class="page"><p>Each requirement completes the sentence “a vault …”; <b>core</b> is what every vault must do, <b>extended</b> what the contract decides beyond it. The scenarios are those of this run, in the words of the feature files. This page is one file, fetches nothing and runs no script but its own filter.</p></footer>
<script>${trusted(script)}</script>
</body>
</html>
`.source;
}

function template(file: string): string {
  return readFileSync(path.join(TEMPLATES, file), 'utf8');
}

/** The verdict as a heading: the first of the ids it names, for all of them stand below. */
function verdictText(verdict: string): Markup {
  const [lead = '', list] = verdict.split(': ');
  const sentence = `${lead.charAt(0).toUpperCase()}${lead.slice(1)}`;
  if (list === undefined) return markup`${sentence}.`;
  const [, named = list, unnamed = 0] = /^(.*) and (\d+) more$/.exec(list) ?? [];
  const ids = named.split(', ');
  const more = ids.length - NAMED_IDS + Number(unnamed);
  const shown = ids
    .slice(0, NAMED_IDS)
    .map((id, at) => [
      at === 0 ? '' : ', ',
      /^[A-Z]+-\d+$/.test(id) ? markup`<span class="whole">${id}</span>` : id,
    ]);
  return markup`${sentence}: ${shown}${more > 0 ? ` and ${more} more` : ''}.`;
}

function bar(requirements: readonly RequirementResult[]): Markup {
  const parts = [...RESULTS].reverse().map((result) => ({ result, number: numberOf(requirements, result) }));
  return markup`<div class="bar" aria-hidden="true">${parts.filter(({ number }) => number > 0).map(({ result, number }) => markup`<span class="${LOOKS[result]}" style="flex-grow: ${number}"></span>`)}</div>`;
}

function links(beside: readonly PageLink[]): Markup | undefined {
  if (beside.length === 0) return undefined;
  return markup`<nav class="links" aria-label="Other reports of this run"><ul>${beside.map(({ file, words }) => markup`<li><a href="${file}">${words}</a></li>`)}</ul></nav>`;
}

function filter(requirements: readonly RequirementResult[]): Markup {
  const results = RESULTS.map((result) => ({ result, number: numberOf(requirements, result) }));
  const choice = (group: string, value: string, words: Markup, isChecked = false): Markup =>
    markup`<label><input type="radio" name="${group}" value="${value}"${trusted(isChecked ? ' checked' : '')}>${words}</label>`;
  return markup`<form class="filter" role="search" aria-label="Requirements" data-noun="requirements" hidden>
<label class="search"><span>Search ids, sentences, scenarios, steps</span><input type="search" id="search" autocomplete="off" spellcheck="false" placeholder="FID-1, checksum, Retry-After"></label>
<fieldset><legend>Result</legend>${choice('status', 'all', markup`<span>all <b>${requirements.length}</b></span>`, true)}${results.filter(({ number }) => number > 0).map(({ result, number }) => choice('status', result, markup`<span class="${LOOKS[result]}">${result} <b>${number}</b></span>`))}</fieldset>
<fieldset><legend>Level</legend>${choice('level', 'all', markup`<span>both</span>`, true)}${['core', 'extended'].map((level) => choice('level', level, markup`<span>${level}</span>`))}</fieldset>
<div class="actions"><button type="button" id="open-all">Open all</button><button type="button" id="close-all">Close all</button></div>
<p id="shown" role="status"></p>
</form>`;
}

function section(
  area: string,
  id: string,
  { conformance, outcomes, links: beside }: ConformanceContent,
): Markup {
  const shown = conformance.requirements.filter((requirement) => requirement.area === area);
  const held = numberOf(shown, 'held');
  const hasReport = beside.some(({ file }) => file === 'index.html');
  return markup`<section class="feature" aria-labelledby="${id}"><h3 id="${id}">${area}</h3><p class="meta">${held} of ${shown.length} held</p>${shown.map((requirement) => requirementBlock(requirement, outcomes, hasReport))}</section>`;
}

function requirementBlock(
  requirement: RequirementResult,
  outcomes: readonly ScenarioOutcome[],
  hasReport: boolean,
): Markup {
  const { id, level, sentence, result, reason } = requirement;
  const look = LOOKS[result];
  const why = reason !== undefined && result === 'known failure' ? `known: ${reason}` : reason;
  const own = outcomes.filter((outcome) => concerns(outcome, id));
  const number = own.length === 1 ? '1 scenario' : `${own.length} scenarios`;
  return markup`<details class="scenario ${look}" id="${id}" data-status="${result}" data-level="${level}"${trusted(result === 'broken' ? ' open' : '')}>
<summary>${icon(look)} <h4><span class="tag requirement">${id}</span> <span class="sentence">A vault ${sentenceMarkup(sentence)}.</span>${reasonBlock(why)}</h4><span class="tags"><span class="tag">${level}</span></span><span class="duration"><span class="badge ${look}">${result}</span> ${number}</span></summary>
<div class="body">${own.length === 0 ? markup`<p class="meta">No scenario of it was part of this run.</p>` : witnesses(own, requirement, hasReport)}</div>
</details>
`;
}

/** The list of requirements is Markdown: words between backticks are code. */
function sentenceMarkup(sentence: string): readonly (Markup | string)[] {
  return sentence.split('`').map((part, index) => (index % 2 === 1 ? markup`<code>${part}</code>` : part));
}

function reasonBlock(reason: string | undefined): Markup | undefined {
  return reason === undefined ? undefined : markup` <span class="reason">${name(reason)}</span>`;
}

/** The scenarios of a requirement, under the rule each of them stands for. */
function witnesses(
  outcomes: readonly ScenarioOutcome[],
  requirement: Requirement,
  hasReport: boolean,
): readonly Markup[] {
  let rule: string | undefined;
  return outcomes.map((outcome) => {
    const view = scenarioView(outcome, [requirement]);
    const broke = brokenBy(outcome);
    const others = broke.includes(requirement.id) ? [] : broke;
    const place = `${outcome.feature.name}: ${outcome.rule?.name ?? ''}`;
    const heading =
      place === rule
        ? undefined
        : markup`<p class="place">${name(outcome.feature.name)}${outcome.rule === undefined ? undefined : markup` · ${name(outcome.rule.name)}`}</p>`;
    rule = place;
    return markup`${heading}${witness(view, others, hasReport)}`;
  });
}

/** @param others the requirements that are broken in it, where the one it stands under is not */
function witness(view: ScenarioView, others: readonly string[], hasReport: boolean): Markup {
  const { status, example, problem, skippedBecause, knownBecause } = view;
  const known = knownBecause === undefined ? undefined : `known: ${knownBecause}`;
  const besides = others.length === 0 ? undefined : `broke ${others.join(', ')}, not this`;
  const reason =
    skippedBecause ?? [view.retried, besides, known].filter((why) => why !== undefined).join('; ');
  const steps = view.steps.filter(({ location }) => location !== undefined);
  return markup`<details class="witness"${trusted(status === 'failed' && others.length === 0 ? ' open' : '')}><summary>${icon(status)} <h5><span class="visually-hidden">${WORDS[status]}: </span>${view.name}${example === undefined ? undefined : markup` <span class="example">[${example}]</span>`}${reasonBlock(reason === '' ? undefined : reason)}</h5></summary>
<ol class="steps">${steps.map((step) => stepLine(step, status !== 'passed'))}</ol>
${problem === '' ? undefined : markup`<pre class="error">${problem}</pre>`}
<p class="meta"><span class="path">${view.location}</span>${hasReport ? markup` · <a href="index.html#${view.id}">what was seen<span class="visually-hidden"> in ${view.name}</span></a>` : undefined}</p>
</details>`;
}

/** Where all went well, an icon each would only be noise. */
function stepLine({ keyword, text, status, table, docString }: StepView, hasIcons: boolean): Markup {
  return markup`<li class="${status}"><p class="step">${!hasIcons ? undefined : markup`${icon(status)} <span class="visually-hidden">${WORDS[status]}:</span> `}<span class="text"><b>${keyword}</b> ${text}</span></p>${table === undefined ? undefined : markup`<div class="scroll" tabindex="0" role="group" aria-label="Table of the step"><table class="data">${table.map((row) => markup`<tr>${row.map((cell) => markup`<td>${cell}</td>`)}</tr>`)}</table></div>`}${docString === undefined ? undefined : markup`<pre>${docString}</pre>`}</li>`;
}

function icon(look: OutcomeStatus): Markup {
  return markup`<span class="icon ${look}" aria-hidden="true">${ICONS[look]}</span>`;
}

function numberOf(requirements: readonly RequirementResult[], result: Result): number {
  return requirements.filter((requirement) => requirement.result === result).length;
}
