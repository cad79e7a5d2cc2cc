import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { renderError } from '../../reference-vault/ingestion-api/error-rendering';
import { apiWith, limitingBodies, limitingSaidLengths, readingJson } from './api-with';
import type { Defect } from './defect';
import { replacing } from './part-changes';
import { isBody } from './request-changes';

/** Bugs in what a vault refuses unread, in when it does, and in what it says then. */
export const refusalDefects: readonly Defect[] = [
  {
    name: 'media-type-ignored',
    sentence: 'reads every body as JSON, whatever it is declared',
    requirement: 'API-13',
    replacements: readingJson(JSON.parse, ['application/json', '*']),
  },
  {
    name: 'text-taken-for-json',
    sentence: 'reads what is declared as text, too',
    requirement: 'API-13',
    replacements: readingJson(JSON.parse, ['text/plain', 'text/json']),
  },
  {
    name: 'json-of-every-kind-read',
    sentence: 'reads whatever media type ends in +json',
    requirement: 'API-13',
    replacements: readingJson(JSON.parse, ['application/ld+json']),
  },
  {
    name: 'wrong-media-type-answered-400',
    sentence: 'answers 400 to a media type that it does not read',
    requirement: 'API-13',
    replacements: rendering((status) => (status === 415 ? 400 : status)),
  },
  {
    name: 'body-limit-of-a-mebibyte',
    sentence: 'keeps the limit that its framework has, 1 MiB',
    requirement: 'API-13',
    replacements: limitingBodies(1024 * 1024),
  },
  {
    name: 'body-limit-counts-characters',
    sentence: 'counts the characters of a body, not its bytes',
    requirement: 'API-13',
    replacements: apiWith((app) => {
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
  },
  {
    name: 'body-limit-believes-the-header',
    sentence: 'looks at the Content-Length of a body, where there is one, and does not count',
    requirement: 'API-13',
    replacements: limitingSaidLengths(64 * 1024),
  },
  {
    name: 'too-long-answered-400',
    sentence: 'answers 400 to a body that is too long',
    requirement: 'API-13',
    replacements: rendering((status) => (status === 413 ? 400 : status)),
  },
  {
    name: 'media-type-checked-last',
    sentence: 'reads whatever looks like JSON, queues it, and only then finds that it was not declared so',
    requirement: 'API-14',
    replacements: apiWith((app) => {
      app.removeContentTypeParser('text/plain');
      app.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, text, done) =>
        done(null, JSON.parse(text.toString())),
      );
      refusingAtLast(app, 415, ({ 'content-type': type }) => type?.startsWith('text/plain') === true);
    }),
  },
  {
    name: 'length-checked-last',
    sentence: 'queues a request while its bytes are still being counted',
    requirement: 'API-14',
    replacements: apiWith((app) => {
      app.addHook('onRoute', (route) => {
        route.bodyLimit = 1024 * 1024;
      });
      refusingAtLast(app, 413, ({ 'content-length': bytes }) => Number(bytes) > 64 * 1024);
    }),
  },
  {
    name: 'request-queued-before-it-is-checked',
    sentence: 'queues a request, then checks it, and does not take a bad one back',
    requirement: 'API-14',
    smoke: true,
    replacements: replacing('requestValidation', (real, { jobRepository }) => ({
      ingest: (body) => {
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
    })),
  },
  {
    name: 'error-with-stack-trace',
    sentence: 'tells in its errors where in the code they were thrown',
    requirement: 'SEC-3',
    smoke: true,
    replacements: {
      errorRenderer: () => (error) => {
        const rendered = renderError(error);
        return {
          ...rendered,
          body: { ...rendered.body, detail: error instanceof Error ? `${error.stack}` : '' },
        };
      },
    },
  },
  {
    name: 'error-without-text',
    sentence: 'answers an error as an object with a code and a message',
    requirement: 'SEC-3',
    replacements: {
      errorRenderer: () => (error) => {
        const rendered = renderError(error);
        const { error: message, ...body } = rendered.body;
        return { ...rendered, body: { ...body, error: { message } as unknown as string } };
      },
    },
  },
];

function rendering(change: (status: number) => number): Defect['replacements'] {
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
