import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { renderError } from '../../reference-vault/ingestion-api/error-rendering';
import { apiWith, limitingBodies, limitingSaidLengths, readingJson } from './api-with';
import type { Change } from './change';
import { breaking, type Defect } from './defect';
import { isBody } from './request-changes';

/** Bugs in what a vault refuses unread, in when it does, and in what it says then. */
export const refusalDefects: readonly Defect[] = [
  ...breaking('API-13', {
    'media-type-ignored: reads every body as JSON, whatever it is declared': readingJson(JSON.parse, [
      'application/json',
      '*',
    ]),
    'text-taken-for-json: reads what is declared as text, too': readingJson(JSON.parse, [
      'text/plain',
      'text/json',
    ]),
    'json-of-every-kind-read: reads whatever media type ends in +json': readingJson(JSON.parse, [
      'application/ld+json',
    ]),
    'wrong-media-type-answered-400: answers 400 to a media type that it does not read': rendering((status) =>
      status === 415 ? 400 : status,
    ),
    'body-limit-of-a-mebibyte: keeps the limit that its framework has, 1 MiB': limitingBodies(1024 * 1024),
    'body-limit-counts-characters: counts the characters of a body, not its bytes': apiWith((app) => {
      app.addHook('onRoute', (route) => {
        route.bodyLimit = 1024 * 1024;
      });
      app.removeContentTypeParser('application/json');
      app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
        const isTooLong = text.length > 64 * 1024;
        if (isTooLong) done(Object.assign(new Error('The body is too long.'), { statusCode: 413 }));
        else done(null, JSON.parse(text.toString()));
      });
    }),
    'body-limit-believes-the-header: believes the Content-Length of a body, and does not count':
      limitingSaidLengths(64 * 1024),
    'too-long-answered-400: answers 400 to a body that is too long': rendering((status) =>
      status === 413 ? 400 : status,
    ),
  }),
  ...breaking('API-14', {
    'media-type-checked-last: queues what looks like JSON, and only then finds how it was declared': apiWith(
      (app) => {
        app.removeContentTypeParser('text/plain');
        app.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, text, done) =>
          done(null, JSON.parse(text.toString())),
        );
        refusingAtLast(app, 415, ({ 'content-type': type }) => type?.startsWith('text/plain') === true);
      },
    ),
    'length-checked-last: queues a request while its bytes are still being counted': apiWith((app) => {
      app.addHook('onRoute', (route) => {
        route.bodyLimit = 1024 * 1024;
      });
      refusingAtLast(app, 413, ({ 'content-length': bytes }) => Number(bytes) > 64 * 1024);
    }),
    'request-queued-before-it-is-checked: queues a request, then checks it, and does not take a bad one back':
      {
        'requestValidation.ingest': ({ real, jobRepository }, body) => {
          try {
            return real.ingest(body);
          } catch (error) {
            const start = '2026-01-01T00:00:00Z';
            const range = { start, end: '2026-01-02T00:00:00Z' };
            const providerId = isBody(body) ? String(body.provider_id) : 'unknown';
            void jobRepository.submit({
              providerId,
              range,
              priority: 'normal',
              coalescingKey: `${providerId}\n${performance.now()}`,
            });
            throw error;
          }
        },
      },
  }),
  ...breaking('SEC-3', {
    'error-with-stack-trace: tells in its errors where in the code they were thrown': {
      errorRenderer: () => (error) => {
        const rendered = renderError(error);
        return {
          ...rendered,
          body: { ...rendered.body, detail: error instanceof Error ? `${error.stack}` : '' },
        };
      },
    },
    'error-without-text: answers an error as an object with a code and a message': {
      errorRenderer: () => (error) => {
        const rendered = renderError(error);
        const { error: message, ...body } = rendered.body;
        return { ...rendered, body: { ...body, error: { message } as unknown as string } };
      },
    },
  }),
];

function rendering(change: (status: number) => number): Change {
  return {
    errorRenderer: () => (error) => {
      const rendered = renderError(error);
      return { ...rendered, status: change(rendered.status) };
    },
  };
}

/** Refuses an ingestion when all was done that an accepted one takes. */
function refusingAtLast(
  app: FastifyInstance,
  statusCode: number,
  isRefused: (headers: IncomingHttpHeaders) => boolean,
): void {
  app.addHook('preSerialization', async ({ url, headers }, reply, payload) => {
    if (url === '/v1/ingest' && reply.statusCode === 202 && isRefused(headers))
      throw Object.assign(new Error('This request cannot be taken.'), { statusCode });
    return payload;
  });
}
