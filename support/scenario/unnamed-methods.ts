import type { Job } from '../../services/job-service';
import type { VaultAnswer, VaultClient } from '../../services/vault-client';
import type { LogFinder } from '../ledger/log-finder';
import type { ScenarioScope } from './scenario-scope';

const METHODS = ['DELETE', 'PUT', 'PATCH', 'POST', 'GET'] as const;
type Method = (typeof METHODS)[number];

interface About {
  readonly scope: ScenarioScope;
  readonly finder: LogFinder;
  readonly job: Job;
}

interface NamedPath {
  readonly path: (about: About) => string | Promise<string>;
  /** The one method that the contract names for it. */
  readonly method: Method;
}

/** The paths that the contract names (section 1), by the words of a feature file. */
const paths: Readonly<Record<string, NamedPath>> = {
  'the raw log': { path: rawPath, method: 'GET' },
  'the list of logs': { path: () => '/v1/logs', method: 'GET' },
  'the job': { path: ({ job }) => `/v1/jobs/${encodeURIComponent(job.jobId)}`, method: 'GET' },
  ingestions: { path: () => '/v1/ingest', method: 'POST' },
  'the connection test': { path: () => '/v1/providers/validate', method: 'POST' },
};

/**
 * Sends each method that the contract does not name for a path, with a body where the method takes one, until one is
 * not refused, and returns the last answer.
 * @param words of the path, one of the above @throws Error for other words
 */
export async function tryUnnamedMethods(
  client: VaultClient,
  words: string,
  about: About,
): Promise<VaultAnswer> {
  const named = paths[words];
  if (named === undefined)
    throw new Error(`nothing is called "${words}"; there are: ${Object.keys(paths).join(', ')}`);
  const path = await named.path(about);
  let answer: VaultAnswer | undefined;
  for (const method of METHODS.filter((each) => each !== named.method)) {
    const headers = { 'content-type': 'application/json' };
    const request = method === 'GET' ? {} : { body: '{"changed":true}', headers };
    answer = await client.send(method, path, request);
    if (answer.status < 400 || answer.status > 499) return answer;
  }
  if (answer === undefined) throw new Error(`${words} has no method that the contract does not name`);
  return answer;
}

async function rawPath({ scope, finder }: About): Promise<string> {
  const [log] = scope.logs;
  if (log === undefined) throw new Error('the scenario has no log yet');
  const { logId } = await finder.locate(log);
  return `/v1/logs/${encodeURIComponent(logId)}/raw`;
}
