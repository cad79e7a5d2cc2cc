import type { FastifyInstance, FastifyReply } from 'fastify';
import { type ApiServer, FastifyApiServer } from '../../reference-vault/ingestion-api/api-server';
import { registerIngestionRoutes } from '../../reference-vault/ingestion-api/ingestion-routes';
import type { Made } from '../../reference-vault/parts';
import { registerLogRoutes } from '../../reference-vault/retrieval/log-routes';
import type { Change } from './change';

/** The API of the reference vault on a framework that was set up otherwise. */
export function apiWith(setUp: (app: FastifyInstance) => void): Change {
  return { apiServer: (made: Made) => apiServerWith(made, setUp) };
}

/** The same for a set-up that needs other parts of the vault. */
export function apiServerWith(made: Made, setUp: (app: FastifyInstance) => void): ApiServer {
  return new FastifyApiServer(made.errorRenderer, made.logger, (app) => {
    setUp(app);
    registerIngestionRoutes(app, { ...made, concurrency: made.settings.concurrency });
    registerLogRoutes(app, made);
  });
}

/** Answers an accepted ingestion in another way. */
export function acceptingWith(
  change: (accepted: Readonly<Record<string, unknown>>, reply: FastifyReply) => object,
): Change {
  return apiWith((app) => {
    app.addHook('preSerialization', async (request, reply, payload) =>
      request.url === '/v1/ingest' && reply.statusCode === 202
        ? change(payload as Readonly<Record<string, unknown>>, reply)
        : payload,
    );
  });
}

/**
 * Reads JSON bodies in another way.
 * @param mediaTypes which bodies are JSON; `*` for all that nothing else reads
 */
export function readingJson(
  read: (text: string) => unknown,
  mediaTypes: readonly string[] = ['application/json'],
): Change {
  return apiWith((app) => {
    for (const mediaType of mediaTypes) {
      if (app.hasContentTypeParser(mediaType)) app.removeContentTypeParser(mediaType);
      app.addContentTypeParser(mediaType, { parseAs: 'string' }, (_request, text, done) => {
        try {
          done(null, read(text.toString()));
        } catch (error) {
          done(Object.assign(error as Error, { statusCode: 400 }));
        }
      });
    }
  });
}

/** Takes bodies up to another length. */
export function limitingBodies(bytes: number): Change {
  return apiWith((app) => {
    app.addHook('onRoute', (route) => {
      route.bodyLimit = bytes;
    });
  });
}

/**
 * Takes bodies of any length that a framework takes, unless they say themselves that they are longer than
 * this.
 */
export function limitingSaidLengths(bytes: number): Change {
  return apiWith((app) => {
    app.addHook('onRoute', (route) => {
      route.bodyLimit = 1024 * 1024;
    });
    app.addHook('onRequest', async ({ headers }) => {
      if (Number(headers['content-length'] ?? 0) <= bytes) return;
      throw Object.assign(new Error('The body is too long.'), { statusCode: 413 });
    });
  });
}
