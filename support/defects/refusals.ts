import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { parse as parseLeniently, parseTree } from 'jsonc-parser';
import { renderError } from '../../reference-vault/ingestion-api/error-rendering';
import { BadRequest } from '../../reference-vault/ingestion-api/request-validation';
import { apiWith, limitingBodies, limitingSaidLengths, readingJson } from './api-with';
import type { Defect } from './defect';
import { replacing } from './part-defects';
import { isBody, parsing } from './request-defect';

/** Bugs in how a vault reads bodies, and in how it refuses what it does not understand. */
export const refusalDefects: readonly Defect[] = [
  parsing(
    {
      name: 'first-document-read',
      sentence: 'reads the first JSON document of a body from a stream and ignores what follows',
      requirement: 'API-12',
    },
    (text) => {
      const { offset = 0, length = text.length } = parseTree(text) ?? {};
      return JSON.parse(text.slice(offset, offset + length));
    },
  ),
  parsing(
    {
      name: 'json-with-comments-read',
      sentence: 'reads requests with the parser of its configuration: comments, commas and gaps will do',
      requirement: 'API-12',
    },
    (text) => parseLeniently(text, undefined, { allowTrailingComma: true }),
  ),
  parsing(
    { name: 'nan-read', sentence: 'reads NaN as a number, as some JSON parsers do', requirement: 'API-12' },
    (text) => JSON.parse(text.replaceAll('NaN', '0')),
  ),
  parsing(
    {
      name: 'single-quotes-read',
      sentence: 'reads requests as literals of its own language, single quotes included',
      requirement: 'API-12',
    },
    (text) => JSON.parse(text.replaceAll("'", '"')),
  ),
  parsing(
    {
      name: 'json-in-json-read',
      sentence: 'reads a text that it finds in place of a request',
      requirement: 'API-12',
    },
    (text) => {
      const value: unknown = JSON.parse(text);
      return typeof value === 'string' ? JSON.parse(value) : value;
    },
  ),
  parsing(
    {
      name: 'list-unwrapped',
      sentence: 'takes a list of one request for the request',
      requirement: 'API-12',
    },
    (text) => {
      const value: unknown = JSON.parse(text);
      return Array.isArray(value) && value.length === 1 ? value[0] : value;
    },
  ),
  {
    name: 'malformed-json-answered-500',
    sentence: 'takes an exception of its JSON parser for a failure of its own',
    requirement: 'API-12',
    replacements: {
      errorRenderer: () => (error) =>
        error instanceof SyntaxError || /JSON/.test(String(error))
          ? { status: 500, headers: {}, body: { error: 'The vault itself failed.' } }
          : renderError(error),
    },
  },
  {
    name: 'body-not-checked',
    sentence: 'fills up whatever it reads with defaults',
    requirement: 'API-12',
    replacements: replacing('requestValidation', (real) => ({
      ingest: (body) =>
        real.ingest({
          provider_id: 'okta_system_log',
          range: { start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z' },
          ...(isBody(body) ? body : {}),
        }),
    })),
  },
  {
    name: 'null-body-answered-500',
    sentence: 'reads the members of a body that is null',
    requirement: 'API-12',
    replacements: replacing('requestValidation', (real) => ({
      ingest: (body) => {
        const { provider_id: _ } = body as { readonly provider_id?: unknown };
        return real.ingest(body);
      },
    })),
  },
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
  {
    name: 'defaults-remember-requests',
    sentence: 'merges each request into its defaults, which keep what they were given',
    requirement: 'SEC-4',
    replacements: mergingInto(() => shared),
  },
  {
    name: 'prototype-polluted',
    sentence:
      'merges each request deeply into an object made from its defaults, through __proto__ into these',
    requirement: 'SEC-4',
    smoke: true,
    replacements: mergingInto(() => Object.create(inherited) as Mergeable),
  },
];

type Mergeable = Record<string, unknown>;

const shared: Mergeable = Object.create(null) as Mergeable;
/** What a polluted request reaches: the prototype of the vault's own objects, not that of everybody's. */
const inherited: Mergeable = {};

function mergingInto(target: () => Mergeable): Defect['replacements'] {
  return readingJson((text) => {
    const value: unknown = JSON.parse(text);
    if (!isBody(value)) throw new BadRequest('The body is no object.');
    return plain(merged(target(), value));
  });
}

function merged(target: Mergeable, source: Readonly<Record<string, unknown>>): Mergeable {
  for (const name of Object.keys(source)) {
    const value = source[name];
    const present = target[name];
    // Everybody's prototype is spared: this process is also that of the suite, and of the defects after this one.
    const isSpared = present === Object.prototype;
    if (isBody(value) && isBody(present) && !isSpared) merged(present as Mergeable, value);
    else if (name !== '__proto__') target[name] = value;
  }
  return target;
}

/** With what it inherits as its own. */
function plain(value: Mergeable): Mergeable {
  const members: Mergeable = {};
  for (const name in value) members[name] = value[name];
  return members;
}

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
