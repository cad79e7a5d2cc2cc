import { auditEvent } from '../bytes/audit-event';
import type { Environment } from '../environments/environment';
import type { ScenarioScope } from '../scenario/scenario-scope';
import type { Services } from '../scenario/services';
import { TestedKey } from '../scenario/tested-key';
import { rangeOf, type Seen, TRIED_PROVIDER } from './trial';

/** Has a vault go from one page of a listing to the next. */
export async function pagesSeen(
  { provider }: Environment,
  { ingestion, watcher }: Services,
  scope: ScenarioScope,
): Promise<Seen> {
  provider.pageLogs = 1;
  const [first, second] = ['first', 'second'].map(
    (name) =>
      scope.offer(`page ${name}`, { providerId: TRIED_PROVIDER, payload: auditEvent(name) }).timestamp,
  ) as [string, string];
  const { jobId } = await ingestion.ingest({ provider_id: TRIED_PROVIDER, range: rangeOf(first, second) });
  const { state, recordsSynced } = await watcher.untilEnded(jobId);
  return {
    isRight: state === 'completed' && recordsSynced === 2,
    words: `provider.listing.next: of two pages, each with one log, the vault brought ${recordsSynced} of 2 logs`,
  };
}

/** Has a vault try a key that its provider knows. */
export async function healthSeen(environment: Environment, services: Services): Promise<Seen> {
  const key = new TestedKey({ ...environment, ...services, environment });
  key.makeKey();
  key.accept();
  const { status } = await key.run();
  const calls = key.questions.length;
  const { health } = environment.profile.provider;
  return {
    isRight: status === 200 && calls > 0,
    words: `provider.health: POST /v1/providers/validate with a good key is answered with ${status}; ${calls === 0 ? `${health.path.text} was not called with it` : `${health.path.text} said ${health.ok}`}`,
  };
}
