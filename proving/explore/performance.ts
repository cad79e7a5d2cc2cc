import { isSuiteFailure, SuiteError } from '../../support/bytes/errors';
import { redactor } from '../../support/bytes/redaction';
import { safeText } from '../../support/bytes/safe-text';
import type { Environment } from '../../support/environments/environment';
import { ScenarioScope } from '../../support/scenario/scenario-scope';
import { Services } from '../../support/scenario/services';
import { Auditor } from './auditor';
import { Narrative } from './narrative';
import type { Program, Round } from './program';
import { SLOT_MS, SLOTS } from './provider-steps';
import { type Stage, Story } from './story';
import type { Tally } from './tally';
import { Weather } from './weather';

const QUOTED_LINES = 6;

/** What came of a round. */
export interface Outcome {
  /** Its steps in the words of a feature file. */
  readonly lines: readonly string[];
  /** What the vault did that no vault may do; empty when all held. */
  readonly problems: readonly string[];
  /** The last that the vault wrote to its output; empty when all held. */
  readonly lastWords: readonly string[];
}

interface Role {
  readonly story: Story;
  readonly auditor: Auditor;
  readonly program: Program;
}

/**
 * Runs the programs of a round at once, then heals everything, has everything ingested once more, and has the ledger judge what
 * the vault holds.
 * @throws SuiteError when the suite itself could not go on
 */
export async function perform(round: Round, environment: Environment, tally: Tally): Promise<Outcome> {
  const { provider, vault } = environment;
  const stage = { environment, tally, instruments: new Services(environment), weather: new Weather() };
  const narrative = new Narrative();
  const roles = round.programs.map((program, index): Role => {
    const scope = new ScenarioScope(provider, environment.runId, environment.nextScenarioNumber());
    const story = new Story(stage, scope, narrative.teller(index + 1));
    return { story, auditor: new Auditor(story), program };
  });
  vault.forgetOutput();
  provider.pageLogs = round.pageLogs;
  provider.emptyPages = round.emptyPages ? 1 : 0;
  const problems = new Set<string>();
  await together(roles, problems, play);
  if (problems.size === 0) {
    healAll(environment);
    await together(roles, problems, close);
  }
  let lastWords: readonly string[] = [];
  try {
    await stage.instruments.end.run({
      stepsPassed: false,
      attachEvidence: async (found) => {
        if (found.length + problems.size > 0) lastWords = lastLinesOf(vault.output(), stage);
      },
    });
  } catch (error) {
    note(error, problems);
  }
  tally.programs += roles.length;
  tally.steps += narrative.steps;
  tally.absences += stage.weather.times('MongoDB is away');
  tally.kills += stage.weather.times('the vault is down');
  tally.jobs += stage.instruments.ledger.jobs.length;
  tally.logs += roles.reduce((sum, { story }) => sum + story.logs.length, 0);
  return {
    lines: narrative.lines(),
    problems: [...problems].map((problem) => named(problem, roles)),
    lastWords,
  };
}

/** Each auditor goes through its steps, whatever the others meet. */
async function together(
  roles: readonly Role[],
  problems: Set<string>,
  act: (role: Role) => Promise<void>,
): Promise<void> {
  const ended = await Promise.allSettled(roles.map(act));
  for (const end of ended) {
    if (end.status === 'rejected') note(end.reason, problems);
  }
}

async function play({ story, auditor, program }: Role): Promise<void> {
  for (const step of program) {
    await story.stage.weather.calm();
    await step(story, auditor);
  }
}

/** With nothing in its way any more, a vault has to have everything by the end of one more ingestion. */
async function close({ story, auditor }: Role): Promise<void> {
  await auditor.untilAllEnded();
  story.tell.given('every fault is healed, and every job has ended');
  for (const provider of story.providers) {
    const range = { start: story.scope.at(0), end: story.scope.at(SLOTS * SLOT_MS) };
    story.tell.when(`"${provider}" is ingested as a whole, and the job has ended`);
    // A full queue, or a disturbance of somebody else's, is a reason to ask again.
    const job = await story.stage.environment.patience.eventually(
      () => auditor.ingest({ provider_id: provider, range }),
      (accepted) => accepted !== undefined,
      {
        what: `the vault to take on an ingestion from ${provider}`,
        isFinal: () => true,
      },
    );
    if (job !== undefined) await auditor.untilEnded(job, false);
  }
  for (const job of story.jobs) {
    await auditor.lookUp(job);
    // What a job wrote stays its own, whoever lists it afterwards.
    if (job.ended !== undefined) await story.stage.instruments.manifests.expectExactCounts(job.ended.job);
  }
}

function lastLinesOf(output: string, { environment }: Stage): readonly string[] {
  return redactor(environment.secrets)(output)
    .trim()
    .split('\n')
    .slice(-QUOTED_LINES)
    .map((line) => safeText(line));
}

/** Whoever reads the program knows its logs by the names it gives them. */
function named(problem: string, roles: readonly Role[]): string {
  return roles
    .flatMap(({ story }) => story.logs)
    .reduce(
      (text, { name, now }) => text.replaceAll(`: ${now.logId}:`, `: "${name}" (${now.logId}):`),
      problem,
    );
}

function healAll({ provider, bucket }: Environment): void {
  provider.heal();
  bucket.heal();
}

/** @throws SuiteError for what the suite itself failed at */
function note(error: unknown, problems: Set<string>): void {
  if (error instanceof SuiteError) throw error;
  if (!(error instanceof Error)) throw new SuiteError(String(error));
  if (isSuiteFailure(error.name)) throw new SuiteError(error.message, { cause: error });
  problems.add(error.message);
}
