import { redactor } from '../bytes/redaction';
import { safeText } from '../bytes/safe-text';
import type { Environment } from '../environments/environment';
import { VaultPool } from '../environments/vault-pool';
import type { Finding } from '../ledger/finding';
import { PROMISES } from '../ledger/promises';
import { NotOfThisShape } from '../profile/not-of-this-shape';
import type { BrokenRequirements } from '../reporting/broken-requirements';
import { ScenarioScope } from '../scenario/scenario-scope';
import { Services } from '../scenario/services';
import { judgeAftermath, judgeOverwriting } from './aftermath';
import { Checker } from './checker';
import { closingPromises } from './closing-promises';
import { Disturbances } from './disturbances';
import { listAs } from './listing-arbitraries';
import type { Program, Round } from './program';
import { ProgramRun, type SharedByPrograms } from './program-run';
import { RoundFindings } from './round-findings';
import { SLOT_MS, SLOTS } from './slots';
import { Stalls } from './stalls';
import { STEP_KINDS } from './step-kinds';
import type { Tally } from './tally';
import { Transcript } from './transcript';
import { Turns } from './turns';

const QUOTED_LINES = 6;

/** The end of a round. */
export interface Outcome {
  /** Its steps in the words of a feature file. */
  readonly lines: readonly string[];
  /** In words, each thing that no vault may do; empty when all held. */
  readonly findings: readonly string[];
  /** The requirements that are broken by them. */
  readonly broken: BrokenRequirements;
  /** The last that the vault wrote to its output; empty when all held. */
  readonly lastWords: readonly string[];
}

interface RunningProgram {
  readonly run: ProgramRun;
  readonly checker: Checker;
  readonly program: Program;
}

/**
 * Runs the programs of a round at once, then heals everything, has everything ingested once more, and has the ledger judge what
 * the vault holds.
 * @throws SuiteError when the suite itself could not go on
 */
export async function runRound(round: Round, around: Environment, tally: Tally): Promise<Outcome> {
  const canBeTold = around.lacks('settings') === undefined;
  const settings = canBeTold ? round.settings : {};
  const vault = new VaultPool(await around.health.runWith(settings, canBeTold ? round.vaults : 1));
  const environment = { ...around, vault };
  const { provider } = environment;
  const shared = {
    environment,
    tally,
    settings,
    canBeTold,
    isAlone: round.programs.length === 1,
    vaults: vault.members.length,
    mayRestart: canBeTold && round.programs.length === 1,
    stalls: new Stalls(),
    services: new Services(environment),
    disturbances: new Disturbances(),
    keyTests: new Turns(),
  };
  const transcript = new Transcript();
  if (vault.members.length > 1) {
    transcript.writer(1).given(`${vault.members.length} vaults on the same stores, which are asked by turns`);
  }
  const running = round.programs.map((program, index): RunningProgram => {
    const scope = new ScenarioScope(provider, environment.runId, environment.nextScenarioNumber());
    const run = new ProgramRun(shared, scope, transcript.writer(index + 1));
    return { run, checker: new Checker(run), program };
  });
  vault.forgetOutput();
  listAs(provider, round.listing);
  const findings = new RoundFindings(environment.profile.unclaimed);
  const foundAtEnd: Finding[] = [];
  await together(running, findings, play);
  if (findings.isEmpty) {
    healAll(environment);
    await together(running, findings, close);
  }
  let lastWords: readonly string[] = [];
  tally.coverage.judged(Object.values(PROMISES));
  try {
    await shared.services.end.run({
      stepsPassed: false,
      attachEvidence: async (found) => {
        if (found.length > 0 || !findings.isEmpty) lastWords = lastLinesOf(vault.output(), shared);
      },
      attachBroken: (found) => foundAtEnd.push(...found),
    });
  } catch (error) {
    findings.noteEnd(error, foundAtEnd);
  }
  shared.stalls.stop();
  tally.programs += running.length;
  tally.steps += transcript.steps;
  tally.absences += shared.disturbances.times('MongoDB is away');
  tally.kills += shared.disturbances.times('the vault is down');
  tally.jobs += shared.services.ledger.jobs.length;
  tally.logs += running.reduce((sum, { run }) => sum + run.logs.length, 0);
  return {
    lines: transcript.lines(),
    findings: findings.texts.map((finding) => named(finding, running)),
    broken: findings.broken,
    lastWords,
  };
}

/** Has every program go through its steps, whatever the others meet. */
async function together(
  running: readonly RunningProgram[],
  findings: RoundFindings,
  act: (running: RunningProgram) => Promise<void>,
): Promise<void> {
  const ended = await Promise.allSettled(running.map(act));
  for (const end of ended) {
    if (end.status === 'rejected') findings.note(end.reason);
  }
}

async function play({ run, checker, program }: RunningProgram): Promise<void> {
  for (const step of program) {
    const { disturbances, tally } = run.shared;
    await disturbances.untilOver();
    const kind = STEP_KINDS[step.kind]?.steps;
    const written = run.transcript.steps;
    try {
      await kind?.take(step.drawn, run, checker);
      // One that did nothing has met nothing.
      if (run.transcript.steps > written)
        tally.coverage.met(step.kind, kind?.interestingIn(step.drawn) ?? []);
    } catch (error) {
      if (!(error instanceof NotOfThisShape)) throw error;
      // Without a log there is nothing that the other steps could be about.
      if (run.logs.length === 0) return;
    }
  }
}

/** With nothing in its way any more, a vault has to have everything by the end of one more ingestion. */
async function close({ run, checker }: RunningProgram): Promise<void> {
  await checker.untilAllEnded();
  run.transcript.given('every fault is healed, and every job has ended');
  for (const job of run.jobs) await judgeAftermath(run, job);
  for (const provider of run.providers) {
    const range = { start: run.scope.at(0), end: run.scope.at(SLOTS * SLOT_MS) };
    run.transcript.when(`"${provider}" is ingested as a whole, and the job has ended`);
    // A full queue, or a disturbance of somebody else's, is a reason to ask again.
    const job = await run.shared.environment.patience.eventually(
      () => checker.ingest({ provider_id: provider, range }),
      (accepted) => accepted !== undefined,
      {
        what: `the vault to take on an ingestion from ${provider}`,
        isFinal: () => true,
      },
    );
    if (job !== undefined) await checker.untilEnded(job, false);
  }
  await judgeOverwriting(run);
  for (const job of run.jobs) {
    await checker.lookUp(job);
    // What a job wrote stays its own, whoever lists it afterwards.
    if (job.ended !== undefined) {
      const { job: ended } = job.ended;
      await run.judging(['API-15'], () => run.shared.services.manifests.expectExactCounts(ended));
    }
  }
  run.judge(closingPromises(run));
}

function lastLinesOf(output: string, { environment }: SharedByPrograms): readonly string[] {
  return redactor(environment.secrets)(output)
    .trim()
    .split('\n')
    .slice(-QUOTED_LINES)
    .map((line) => safeText(line));
}

/** Whoever reads the program knows its logs by the names it gives them. */
function named(finding: string, running: readonly RunningProgram[]): string {
  return running
    .flatMap(({ run }) => run.logs.map((log) => ({ run, ...log })))
    .reduce((text, { run, name, now }) => {
      const mark = run.shared.environment.profile.ids.mark(now);
      return text.replaceAll(`: ${mark}:`, `: "${name}" (${mark}):`);
    }, finding);
}

function healAll({ provider, bucket }: Environment): void {
  provider.heal();
  bucket.heal();
}
