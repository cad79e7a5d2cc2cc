import type { Job } from '../../services/job-service';
import type { LogFinder } from '../ledger/log-finder';
import type { ScenarioScope } from './scenario-scope';

/** The paths that the contract names and nobody may delete (section 1), by the words of a feature file. */
const paths: Readonly<Record<string, (scope: ScenarioScope, job: Job) => string>> = {
  'the list of logs': () => '/v1/logs',
  'the job': (_, { jobId }) => `/v1/jobs/${encodeURIComponent(jobId)}`,
  'all ingestions': () => '/v1/ingest',
  'the connection test': () => '/v1/providers/validate',
};

/** @param what one of the above, or `the raw log "login"` @throws Error for other words */
export async function deletablePath(
  what: string,
  { scope, finder, job }: { readonly scope: ScenarioScope; readonly finder: LogFinder; readonly job: Job },
): Promise<string> {
  const name = /^the raw log "([^"]+)"$/.exec(what)?.[1];
  if (name !== undefined) {
    const { logId } = await finder.locate(scope.log(name));
    return `/v1/logs/${encodeURIComponent(logId)}/raw`;
  }
  const path = paths[what];
  if (path === undefined) {
    throw new Error(
      `nothing is called "${what}"; there are: the raw log "…", ${Object.keys(paths).join(', ')}`,
    );
  }
  return path(scope, job);
}
