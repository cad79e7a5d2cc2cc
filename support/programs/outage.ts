import { randomBytes } from 'node:crypto';
import { rawPath } from '../../services/log-service';
import { NoAnswerError, type VaultRequest } from '../../services/vault-client';
import { CONTRACT_IDS } from '../profile/log-shape';
import { WAITED_FOR_MS, wrongWithoutMetadata } from './outage-verdict';
import type { ProgramRun } from './program-run';

/** A provider of which no program has a log: an ingestion that may or may not have been taken on disturbs nobody there. */
const OTHER_PROVIDER = 2;
const NOON_MS = 12 * 3_600_000;
const LIMITS: readonly number[] = [1, 50, 1_000];
const UNKNOWN_LOG = `log_${'0123456789ab'.repeat(2)}`;

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly request?: VaultRequest;
}

/**
 * Asks everything that needs MongoDB, all at once, while there is none.
 * @param which any whole number
 * @throws FindingError where anything but a 503 comes, or nothing in time
 */
export async function askWithoutMetadata(run: ProgramRun, which: number): Promise<void> {
  const { services } = run.shared;
  const calls = await callsThatNeedMetadata(run, which);
  const wrong = await Promise.all(
    calls.map(async ({ method, path, request }) => {
      try {
        const options = { ...request, withinMs: WAITED_FOR_MS };
        const words = wrongWithoutMetadata(await services.client.send(method, path, options));
        return words === undefined ? undefined : `MongoDB is away, and ${method} ${path}: ${words}`;
      } catch (error) {
        if (error instanceof NoAnswerError) return `MongoDB is away, and within 16 s ${error.message}`;
        throw error;
      }
    }),
  );
  run.judge(['RES-31', 'RES-32'], ...wrong);
  await expectKeyTest(run);
}

/** A key is tested without MongoDB; what comes of it is the provider's to say. */
async function expectKeyTest(run: ProgramRun): Promise<void> {
  const { services, environment, keyTests } = run.shared;
  const key = `key-${randomBytes(12).toString('hex')}`;
  services.secrets.push(key);
  environment.metadataGate.watchFor(key);
  const { status } = await keyTests.take(() =>
    services.providers.ask({ provider_type: 'rest', api_key: key }),
  );
  run.judge(
    ['API-45'],
    status === 503
      ? 'MongoDB is away, and a test of a key, which does not need it, is answered with 503'
      : undefined,
  );
}

async function callsThatNeedMetadata(run: ProgramRun, which: number): Promise<readonly Call[]> {
  const { services, environment } = run.shared;
  const start = run.scope.at(NOON_MS + which);
  const ingestion = {
    provider_id: run.provider(OTHER_PROVIDER),
    range: { start, end: run.scope.at(NOON_MS + which + 1) },
  };
  // Whether an ingestion that is not answered with 202 is carried out later is the vault's affair.
  services.ledger.unanswered(ingestion);
  const stored = await run.pickStored(which);
  const job = run.jobs[which % Math.max(1, run.jobs.length)];
  const limit = LIMITS[which % LIMITS.length];
  const get = (path: string): Call => ({ method: 'GET', path });
  return [
    {
      method: 'POST',
      path: '/v1/ingest',
      request: { body: JSON.stringify(ingestion), headers: { 'content-type': 'application/json' } },
    },
    get(`/v1/logs?limit=${limit}&offset=${which}`),
    ...(job === undefined ? [] : [get(`/v1/jobs/${encodeURIComponent(job.jobId)}`)]),
    ...(stored === undefined ? [] : [get(rawPath((await services.finder.locate(stored.now)).logId))]),
    // Of an opaque id a vault may see by its looks that there is no such log.
    ...(environment.profile.ids === CONTRACT_IDS ? [get(rawPath(UNKNOWN_LOG))] : []),
  ];
}
