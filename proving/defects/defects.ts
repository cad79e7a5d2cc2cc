import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { VaultGroups } from '../../support/environments/vault-groups';
import { RunGuard } from '../../support/process/run-guard';
import { paletteFor, wantsColour } from '../../support/reporting/palette';
import { openOwnGround } from '../../support/run/own-ground';
import { featureFiles } from '../checks/feature-files';
import { catalogue, oneNamed, smoke } from './catalogue';
import type { Alteration, Defect } from './defect';
import { BenchPool } from './runner/bench-pool';
import { tryDefects, tryVariations } from './runner/campaign';
import { ConsoleTable } from './runner/console-table';
import {
  chargedBeside,
  chargesText,
  type DefectJudgement,
  isAmiss,
  type VariationJudgement,
} from './runner/judgement';
import { type Killer, readKillers, writeKillers } from './runner/killers';
import { matrixPage } from './runner/page';
import { featuresCarrying } from './runner/requirement-features';
import { type RunnerOptions, readOptions } from './runner/runner-options';
import { readShape } from './shape/shape';
import { variations } from './variations';

/**
 * Right vaults take far less for any job of a scenario, in-process; a job of a defect that hangs is not
 * waited for longer.
 */
const PATIENCE_MS = 6_000;

/** A trial that takes longer hangs, on a busy machine too: of one requirement's scenarios, and of all. */
const TRIAL_MS = 600_000;
const LONG_TRIAL_MS = 3_600_000;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/**
 * `npm run bdd:defects` and `npm run bdd:variations`: is the suite red on every defect, by a scenario of its
 * requirement, and green on everything that a right vault may do otherwise? Exit code 1 where it is not, 2
 * where it cannot be said.
 */
async function main(): Promise<void> {
  const guard = RunGuard.start();
  try {
    const options = readOptions(process.argv.slice(2));
    if (options.shape !== undefined) readShape(options.shape);
    const ground = await openOwnGround(guard, 'defects');
    guard.onEnd(async () => new VaultGroups(ground.temporaryFolder).killAll());
    const surroundings = {
      ...ground,
      ...(options.shape === undefined ? {} : { shape: options.shape }),
      ...(options.variations ? {} : { patienceMs: PATIENCE_MS }),
    };
    const benches = new BenchPool(surroundings, {
      size: options.workers,
      trialLimitMs: options.variations || options.full ? LONG_TRIAL_MS : TRIAL_MS,
    });
    guard.onEnd(() => benches.close());
    const good = options.variations
      ? await runVariations(options, benches)
      : await runDefects(options, benches);
    process.exitCode = good ? 0 : 1;
    await guard.end();
  } catch (error) {
    await guard.cannotJudge(error);
  }
}

async function runDefects(options: RunnerOptions, benches: BenchPool): Promise<boolean> {
  const chosen: readonly Defect[] = options.smoke ? smoke : named(catalogue, options.only);
  const table = new ConsoleTable(paletteFor(wantsColour(process.env, process.stdout.isTTY)));
  const killers = options.learn ? new Map<string, Killer>() : readKillers();
  const startedMs = performance.now();
  const judgements = await tryDefects(chosen, benches, {
    full: options.full,
    features: featuresOf(options),
    featuresOf: (requirement) => featuresCarrying(requirement, featuresOf(options)),
    killerOf: (name) => killers.get(name),
    tell: (judgement) => say(table.defect(judgement)),
  });
  const seconds = (performance.now() - startedMs) / 1000;
  if (options.learn)
    writeKillers(
      judgements,
      catalogue.map(({ name }) => name),
    );
  const amiss = judgements.filter(isAmiss);
  const untried = judgements.filter(({ verdict }) => verdict === 'not tried');
  for (const { defect, why } of untried) say(`\n${defect.name} not tried: ${why}`);
  for (const { defect, why, by, verdict } of amiss) {
    say(
      table.amiss({
        title: `${defect.name} (${defect.requirement}) ${verdict}`,
        sentence: defect.sentence,
        why,
        by,
      }),
    );
  }
  const killed = judgements.length - amiss.length - untried.length;
  const summary = `${killed} of ${judgements.length} defects killed by a scenario of their requirement, in ${seconds.toFixed(1)} s; ${untried.length} not tried.`;
  const charges = chargesText(judgements);
  const report = writeReport('defects', {
    title: 'Defects: is the suite red where a vault is wrong?',
    sentences: [
      'Each row is a bug put into the reference vault; a scenario that carries its requirement has to fail.',
      summary,
      charges,
    ],
    judgements,
    rows: judgements.map((judgement: DefectJudgement) => ({
      ...judgement,
      ...judgement.defect,
      beside: chargedBeside(judgement),
      isGood: !isAmiss(judgement),
    })),
  });
  say(`\n${summary}\n${charges}\nReport: ${report}`);
  return amiss.length === 0;
}

async function runVariations(options: RunnerOptions, benches: BenchPool): Promise<boolean> {
  const table = new ConsoleTable(paletteFor(wantsColour(process.env, process.stdout.isTTY)));
  const startedMs = performance.now();
  const judgements = await tryVariations(named(variations, options.only), benches, {
    features: featuresOf(options),
    tell: (judgement) => say(table.variation(judgement)),
  });
  const seconds = (performance.now() - startedMs) / 1000;
  const amiss = judgements.filter(({ verdict }) => verdict !== 'held');
  for (const one of amiss) say(table.amiss({ ...one, title: `${one.name} ${one.verdict}` }));
  const summary = `${judgements.length - amiss.length} of ${judgements.length} variations held, in ${seconds.toFixed(1)} s.`;
  const report = writeReport('variations', {
    title: 'Variations: is the suite green where a vault is right?',
    sentences: [
      'Each row is something that a right vault may do otherwise than the reference vault; every scenario has to hold.',
      summary,
    ],
    judgements,
    rows: judgements.map((judgement: VariationJudgement) => ({
      ...judgement,
      requirement: '',
      isGood: judgement.verdict === 'held',
    })),
  });
  say(`\n${summary}\nReport: ${report}`);
  return amiss.length === 0;
}

function featuresOf({ features }: RunnerOptions): readonly string[] {
  return features.length === 0 ? featureFiles() : features;
}

/** @throws SuiteError for a name that there is not */
function named<Kind extends Alteration>(all: readonly Kind[], names: readonly string[]): readonly Kind[] {
  return names.length === 0 ? all : names.map((name) => oneNamed(all, name));
}

function writeReport(
  name: string,
  { judgements, ...page }: Parameters<typeof matrixPage>[0] & { readonly judgements: readonly unknown[] },
): string {
  const folder = process.env.AUDIT_VAULT_REPORTS ?? 'reports';
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(judgements, null, 2)}\n`);
  const html = path.join(folder, `${name}.html`);
  writeFileSync(html, matrixPage(page));
  return html;
}

void main();
