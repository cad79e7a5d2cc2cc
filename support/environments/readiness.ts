import { Agent } from 'node:http';
import got, { RequestError } from 'got';

const NEW_CONNECTIONS = new Agent({ keepAlive: false });
const ANSWER_WITHIN_MS = 3_000;

/** Returns `ready` of a vault that is starting, or in words why not yet (contract, section 7). */
export async function probeReadiness(baseUrl: string): Promise<string> {
  try {
    const { statusCode } = await got(`${baseUrl}/v1/logs?limit=1`, {
      retry: { limit: 0 },
      throwHttpErrors: false,
      followRedirect: false,
      timeout: { request: ANSWER_WITHIN_MS },
      // A connection kept from before would tell of the vault that was, not of the one that is.
      agent: { http: NEW_CONNECTIONS },
    });
    return statusCode === 200 ? 'ready' : `it answers ${statusCode}`;
  } catch (error) {
    if (error instanceof RequestError) return `it does not answer (${error.code})`;
    throw error;
  }
}
