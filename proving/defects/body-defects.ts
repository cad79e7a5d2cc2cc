import { parse as parseLeniently, parseTree } from 'jsonc-parser';
import { renderError } from '../../reference-vault/ingestion-api/error-rendering';
import { BadRequest } from '../../reference-vault/ingestion-api/request-validation';
import { readingJson } from './api-with';
import type { Defect } from './defect';
import { replacing } from './part-changes';
import { isBody, parsing } from './request-changes';

/** Bugs in how a vault reads the body of a request. */
export const bodyDefects: readonly Defect[] = [
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

/**
 * The one that a polluted request reaches: the prototype of the vault's own objects, not that of everybody's.
 */
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
    // Everybody's prototype is spared: this process is also that of the suite, and of the defects after this
    // one.
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
