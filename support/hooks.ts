import {
  After,
  AfterAll,
  Before,
  BeforeAll,
  type IWorldOptions,
  Status,
  setDefaultTimeout,
  setDefinitionFunctionWrapper,
  setWorldConstructor,
  World,
} from '@cucumber/cucumber';
import { config, use } from 'chai';
import chaiAsPromised from 'chai-as-promised';
import { byteIdentical } from './assertions/byte-identical';
import { retryAssertions } from './assertions/retried-with-backoff';
import { SuiteError } from './bytes/errors';
import { composeEnvironment } from './environments/compose';
import { currentEnvironment, setCurrentEnvironment } from './environments/current-environment';
import { RunGuard } from './process/run-guard';
import { NotOfThisShape } from './profile/not-of-this-shape';
import { ScenarioReport } from './scenario/scenario-report';
import { VaultWorld } from './world';

// As early as can be: a worker may lose its coordinator while it is being loaded.
RunGuard.start();

use(byteIdentical);
use(retryAssertions);
use(chaiAsPromised);
/** An expectation on several members at once is cut too short to be read, by default. */
config.truncateThreshold = 600;

/** Every wait has a bound of its own, with words; this one only ends what none of them foresaw. */
setDefaultTimeout(600_000);
/**
 * A scenario's end waits for its jobs, for a new start of the vault and for the stores, one after the other.
 */
const END_LIMIT_MS = 900_000;
/** A vault that does not stop is killed long before; only what a step left open can take longer. */
const CLOSE_LIMIT_MS = 60_000;
// A dry run runs no hook, so there is no environment that a VaultWorld could be made of.
if (!process.argv.includes('--dry-run')) setWorldConstructor(ScenarioWorld);

/** Why there is no environment: then no scenario is run, and every report says why. */
let notComposed: string | undefined;

/** Makes the World of a scenario; one that will not be run needs nothing of it. */
function ScenarioWorld(options: IWorldOptions): World {
  return notComposed === undefined ? new VaultWorld(options) : new World(options);
}

BeforeAll({ name: 'compose the environment' }, async () => {
  notComposed = undefined;
  try {
    setCurrentEnvironment(await composeEnvironment());
  } catch (error) {
    if (error instanceof SuiteError) notComposed = error.message;
    else notComposed = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
});

AfterAll({ name: 'close the environment', timeout: CLOSE_LIMIT_MS }, async () => {
  if (notComposed !== undefined) return;
  await currentEnvironment().close();
  setCurrentEnvironment(undefined);
});

Before({ name: 'need a vault that can still be judged' }, function (this: VaultWorld) {
  const reason = notComposed ?? this.environment.health.givenUp;
  if (reason === undefined) return undefined;
  this.attach(`skipped: not judged: ${reason}`, 'text/plain');
  return 'skipped';
});

Before({ name: 'need what the vault claims' }, function (this: VaultWorld, { pickle }) {
  const reasons = pickle.tags.flatMap(({ name }) => {
    const id = name.slice(1);
    const reason = this.environment.profile.unclaimed.get(id);
    return reason === undefined ? [] : [`${id}: ${reason}`];
  });
  if (reasons.length === 0) return undefined;
  this.attach(`skipped: not claimed: ${reasons.join('; ')}`, 'text/plain');
  return 'skipped';
});

for (const capability of ['restart', 'embedded', 'mongod', 'settings'] as const) {
  Before({ name: `need the capability ${capability}`, tags: `@${capability}` }, function (this: VaultWorld) {
    const reason = this.environment.lacks(capability);
    if (reason === undefined) return undefined;
    this.attach(`skipped: ${reason}`, 'text/plain');
    return 'skipped';
  });
}

/** Scenarios that a step found not to be of this shape: what they have begun has to be ended. */
const leftOff = new WeakSet<World>();

setDefinitionFunctionWrapper(
  (code: (this: World, ...values: unknown[]) => unknown) =>
    async function (this: World, ...values: unknown[]): Promise<unknown> {
      try {
        return await code.apply(this, values);
      } catch (error) {
        if (!(error instanceof NotOfThisShape)) throw error;
        leftOff.add(this);
        this.attach(`skipped: ${error.message}`, 'text/plain');
        return 'skipped';
      }
    },
);

/** Ends of a step after which the rest of a scenario was never meant to be judged. */
const UNJUDGED: readonly string[] = [Status.UNDEFINED, Status.AMBIGUOUS, Status.PENDING, Status.UNKNOWN];

Before(
  { name: 'have the vault run with its usual settings', tags: 'not @settings' },
  async function (this: VaultWorld) {
    await this.environment.health.runWith({});
  },
);

After(
  { name: 'settle, judge the ledger, empty the stores', timeout: END_LIMIT_MS },
  async function (this: VaultWorld, { result, pickle }) {
    if (result?.status === Status.SKIPPED && !leftOff.has(this)) return;
    if (leftOff.has(this) || (result !== undefined && UNJUDGED.includes(result.status))) {
      await this.services.end.abandon();
      return;
    }
    const stopped = await this.environment.health.stopped();
    if (stopped !== undefined) {
      this.attach(`not judged: ${stopped}`, 'text/plain');
      await this.services.end.abandon();
      throw new SuiteError(`${stopped} at this scenario: see why in its own output, and start it again.`);
    }
    const report = new ScenarioReport({
      ...this.services,
      ...this.environment,
      scope: this.scope,
      attach: this.attach,
    });
    await this.services.end.run({
      stepsPassed: result?.status === Status.PASSED,
      attachEvidence: (problems) =>
        report.attachEvidence(
          // Programs tell their own story, and leave the stores empty.
          result?.status === Status.FAILED && !pickle.tags.some(({ name }) => name === '@programs')
            ? [result.message ?? '', ...problems]
            : problems,
        ),
      attachBroken: (problems) => report.attachBroken(problems),
    });
  },
);
