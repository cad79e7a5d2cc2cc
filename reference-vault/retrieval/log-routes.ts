import type { FastifyInstance } from 'fastify';
import type { RequestValidation } from '../ingestion-api/request-validation';
import type { RawRetrieval } from './raw-retrieval';
import type { Search } from './search';

/** The headers of a raw answer that are the vault's own. */
export interface HeaderNames {
  readonly checksum: string;
}

/** `GET /v1/logs` and `GET /v1/logs/{log_id}/raw` (contract section 1). */
export function registerLogRoutes(
  app: FastifyInstance,
  parts: {
    readonly requestValidation: RequestValidation;
    readonly search: Search;
    readonly rawRetrieval: RawRetrieval;
    readonly headers: HeaderNames;
  },
): void {
  app.get(
    '/v1/logs',
    async (request) => await parts.search.page(parts.requestValidation.page(request.query)),
  );

  app.get<{ Params: { logId: string } }>('/v1/logs/:logId/raw', async (request, reply) => {
    const hungUp = new AbortController();
    reply.raw.once('close', () => hungUp.abort(new Error('the client hung up')));
    const { checksum, bytes, body } = await parts.rawRetrieval.open(request.params.logId, hungUp.signal);
    reply.type('application/json').header(parts.headers.checksum, checksum);
    if (bytes !== undefined) reply.header('content-length', bytes);
    return reply.send(body);
  });
}
