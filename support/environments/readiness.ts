import got, { RequestError } from 'got';

const ANSWER_WITHIN_MS = 3_000;

/** What is seen of a vault that is starting: `ready`, or in words why not yet (contract, section 7). */
export async function probeReadiness(baseUrl: string): Promise<string> {
  try {
    const { statusCode } = await got(`${baseUrl}/v1/logs?limit=1`, {
      retry: { limit: 0 },
      throwHttpErrors: false,
      followRedirect: false,
      timeout: { request: ANSWER_WITHIN_MS },
    });
    return statusCode === 200 ? 'ready' : `it answers ${statusCode}`;
  } catch (error) {
    if (error instanceof RequestError) return `it does not answer (${error.code})`;
    throw error;
  }
}
