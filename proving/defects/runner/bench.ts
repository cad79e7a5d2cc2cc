import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Writable } from 'node:stream';
import {
  type IRunConfiguration,
  type ISupportCodeLibrary,
  loadConfiguration,
  loadSupport,
  runCucumber,
} from '@cucumber/cucumber/api';
import type { Envelope } from '@cucumber/messages';
import { readConfiguration } from '../../../support/environments/configuration';
import { publishRunContext } from '../../../support/process/run-context';
import { KnownFailures } from '../../../support/reporting/known-failures';
import { RunResult } from '../../../support/reporting/run-result';
import { exitCodeOf } from '../../../support/run/verdict';
import { takeReached } from '../applied';
import '../provide';
import { scenarioResultsOf } from './scenario-results';
import type { TrialOrder, TrialResult, TrialSurroundings } from './trial';

const VAULT_COMMAND = 'node -r ts-node/register proving/defects/faulty-vault.ts';
/** By it a vault that is a process says that it used a replaced part: it writes this file. */
const REACHED_FILE_VARIABLE = 'AUDIT_VAULT_DEFECT_REACHED';

/**
 * Where trials are made: one process, in which the scenarios and their steps are loaded once and run many
 * times, each time on a newly composed environment.
 */
export class Bench {
  private constructor(
    private readonly configuration: IRunConfiguration,
    private readonly support: ISupportCodeLibrary,
    private readonly surroundings: TrialSurroundings,
  ) {}

  static async open(surroundings: TrialSurroundings): Promise<Bench> {
    const { runConfiguration } = await loadConfiguration();
    return new Bench(runConfiguration, await loadSupport(runConfiguration), surroundings);
  }

  /** @param hear is told of every message of the run */
  async run(order: TrialOrder, hear: (envelope: Envelope) => void = () => undefined): Promise<TrialResult> {
    const { sources, runtime } = this.configuration;
    const reachedFile = path.join(
      this.surroundings.temporaryFolder,
      `reached-${randomBytes(6).toString('hex')}`,
    );
    this.#prepare(order, reachedFile);
    const result = new RunResult(new KnownFailures([]));
    const startedMs = performance.now();
    takeReached();
    await runCucumber(
      {
        sources: {
          ...sources,
          paths: [...order.paths],
          names: namesOf(order),
          tagExpression: withoutPrograms(order.tags),
        },
        support: this.support,
        runtime: { ...runtime, failFast: order.failFast, parallel: 0 },
        formats: { stdout: 'progress', files: {}, publish: false, options: {} },
      },
      { stdout: nowhere(), stderr: process.stderr },
      (envelope: Envelope) => {
        result.hear(envelope);
        hear(envelope);
      },
    );
    return {
      scenarios: scenarioResultsOf(result),
      exitCode: exitCodeOf(result.conclusion()),
      reached: order.alteration === undefined || takeReached() || exists(reachedFile),
      seconds: (performance.now() - startedMs) / 1000,
    };
  }

  /** Does what the coordinator plugin does for a run of its own. */
  #prepare({ alteration, mode }: TrialOrder, reachedFile: string): void {
    const { env } = process;
    for (const name of [
      'VAULT_COMMAND',
      'VAULT_BASE_URL',
      'AUDIT_VAULT_DEFECT',
      'VAULT_PROFILE',
      'FIDELITY_CORPUS',
    ])
      delete env[name];
    const { mongo, temporaryFolder, patienceMs, shape } = this.surroundings;
    if (mode === 'wire') {
      env.VAULT_COMMAND = VAULT_COMMAND;
      env[REACHED_FILE_VARIABLE] = reachedFile;
      if (alteration !== undefined) env.AUDIT_VAULT_DEFECT = alteration;
      if (shape !== undefined) env.VAULT_PROFILE = shape;
    }
    publishRunContext({
      mode,
      seed: 0,
      runId: randomBytes(3).toString('hex'),
      defect: alteration,
      shape,
      corpusFolder: readConfiguration(env, mode).corpusFolder,
      temporaryFolder,
      mongo,
      patienceMs,
    });
  }
}

/** Cucumber takes names for regular expressions. */
function namesOf({ scenario }: TrialOrder): string[] {
  return scenario === undefined ? [] : [`^${scenario.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`];
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

function exists(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}

/** What chance draws would make of a proof an accident. */
function withoutPrograms(tags: string): string {
  return tags === '' ? 'not @programs' : `(${tags}) and not @programs`;
}
