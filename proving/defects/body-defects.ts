import { parse as parseLeniently, parseTree } from 'jsonc-parser';
import { renderError } from '../../reference-vault/ingestion-api/error-rendering';
import { BadRequest } from '../../reference-vault/ingestion-api/request-validation';
import { readingJson } from './api-with';
import type { Change } from './change';
import { breaking, type Defect } from './defect';
import { isBody, parsing } from './request-changes';

/** Bugs in how a vault reads the body of a request. */
export const bodyDefects: readonly Defect[] = [
  ...breaking('API-12', {
    'first-document-read: reads the first JSON document of a body from a stream and ignores what follows':
      parsing((text) => {
        const { offset = 0, length = text.length } = parseTree(text) ?? {};
        return JSON.parse(text.slice(offset, offset + length));
      }),
    'json-with-comments-read: reads requests as it reads its configuration: comments and gaps will do':
      parsing((text) => parseLeniently(text, undefined, { allowTrailingComma: true })),
    'nan-read: reads NaN as a number, as some JSON parsers do': parsing((text) =>
      JSON.parse(text.replaceAll('NaN', '0')),
    ),
    'single-quotes-read: reads requests as literals of its own language, single quotes included': parsing(
      (text) => JSON.parse(text.replaceAll("'", '"')),
    ),
    'json-in-json-read: reads a text that it finds in place of a request': parsing((text) => {
      const value: unknown = JSON.parse(text);
      return typeof value === 'string' ? JSON.parse(value) : value;
    }),
    'list-unwrapped: takes a list of one request for the request': parsing((text) => {
      const value: unknown = JSON.parse(text);
      return Array.isArray(value) && value.length === 1 ? value[0] : value;
    }),
    'malformed-json-answered-500: takes an exception of its JSON parser for a failure of its own': {
      errorRenderer: () => (error) =>
        error instanceof SyntaxError || /JSON/.test(String(error))
          ? { status: 500, headers: {}, body: { error: 'The vault itself failed.' } }
          : renderError(error),
    },
    'body-not-checked: fills up whatever it reads with defaults': {
      'requestValidation.ingest': ({ real }, body) =>
        real.ingest({
          provider_id: 'okta_system_log',
          range: { start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z' },
          ...(isBody(body) ? body : {}),
        }),
    },
    'null-body-answered-500: reads the members of a body that is null': {
      'requestValidation.ingest': ({ real }, body) => {
        const { provider_id: _ } = body as { readonly provider_id?: unknown };
        return real.ingest(body);
      },
    },
  }),
  ...breaking('SEC-4', {
    'defaults-remember-requests: merges each request into its defaults, which keep what they were given':
      mergingInto(() => shared),
    'prototype-polluted: merges requests into an object made from its defaults, through __proto__ into these':
      mergingInto(() => Object.create(inherited) as Mergeable),
  }),
];

type Mergeable = Record<string, unknown>;

const shared: Mergeable = Object.create(null) as Mergeable;

/**
 * The one that a polluted request reaches: the prototype of the vault's own objects, not that of everybody's.
 */
const inherited: Mergeable = {};

function mergingInto(target: () => Mergeable): Change {
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
