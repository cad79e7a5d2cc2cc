import { readFileSync } from 'node:fs';
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { AnswerWords } from '../../services/answer-words';
import { SuiteError } from '../bytes/errors';
import { AddressTemplate } from './address-template';
import { CODES } from './answer-rules';
import { checksumInHeader, describeForm, readChecksum } from './checksum-form';
import {
  CONTRACT_IDS,
  type LogIds,
  ManifestKeys,
  type ObjectKeys,
  OPAQUE_IDS,
  OPAQUE_KEYS,
  TemplateKeys,
} from './log-shape';
import { MetadataShape } from './metadata-shape';
import { nearest } from './nearest';
import {
  CONTRACT_COLLECTION,
  CONTRACT_KEY,
  CONTRACT_MANIFEST,
  CONTRACT_PATHS,
  CONTRACT_PLACES,
  CONTRACT_PROFILE,
  type VaultProfile,
} from './profile';
import { type ProfileDocument, profileDocument } from './profile-document';
import { brokenRules } from './profile-rules';
import { CONTRACT_PROVIDER, type ProviderShape } from './provider-shape';
import type { ProfileProblem } from './rule';
import { Template } from './template';

/** What a vault without manifests does not keep: that a completed job names its manifest. */
const MANIFESTS = 'API-17';

/**
 * Reads the profile of a vault.
 * @param requirementIds those that there are
 * @throws SuiteError with each problem on a line: where it is, what is wrong, and what would be right
 */
export function readProfile(file: string, requirementIds: readonly string[]): VaultProfile {
  return profileIn(textOf(file), file, requirementIds);
}

/** The same for a text. @param name what the text is called in a problem */
export function profileIn(text: string, name: string, requirementIds: readonly string[]): VaultProfile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const refuse = (problems: readonly ProfileProblem[]): never => {
    const told = problems.map(({ at, words }) => {
      const member = at.length === 0 ? '' : `${at.join('.')}: `;
      return `${name}:${lineOf(document, lines, at)}: ${member}${words}`;
    });
    throw new SuiteError(`VAULT_PROFILE is no profile of a vault:\n${told.join('\n')}`);
  };
  const [error] = document.errors;
  if (error !== undefined) {
    throw new SuiteError(
      `VAULT_PROFILE is no YAML: ${name}:${lines.linePos(error.pos[0]).line}: ${error.message}: correct it.`,
    );
  }
  if (!isMap(document.contents)) {
    return refuse([
      {
        at: [],
        words: 'a profile is a list of members such as "log_id: opaque": docs/profile.md names them',
      },
    ]);
  }
  const parsed = profileDocument.safeParse(document.toJS());
  if (!parsed.success) return refuse(parsed.error.issues.flatMap(problemsOf));
  const problems = brokenRules(parsed.data, requirementIds);
  if (problems.length > 0) return refuse(problems);
  return profileOf(parsed.data);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new SuiteError(
      `VAULT_PROFILE is "${file}", which cannot be read (${reason}): name a file such as profiles/okta.yaml.`,
      { cause: error },
    );
  }
}

function problemsOf(issue: z.core.$ZodIssue): readonly ProfileProblem[] {
  const at = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') return [{ at, words: issue.message }];
  const known = membersAt(at);
  return issue.keys.map((key) => ({
    at: [...at, key],
    words: `there is no such member${nearest(key, known)}: ${at.length === 0 ? 'a profile' : at.join('.')} can have ${known.join(', ')}`,
  }));
}

/** The members that a part of a profile can have. */
function membersAt(at: readonly string[]): readonly string[] {
  let schema: unknown = profileDocument;
  for (const name of at) {
    const shape = unwrapped(schema)?.shape;
    schema = shape?.[name];
  }
  return Object.keys(unwrapped(schema)?.shape ?? {});
}

function unwrapped(schema: unknown): { readonly shape: Readonly<Record<string, unknown>> } | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  // Of two forms, the one with members.
  if ('options' in schema && Array.isArray(schema.options))
    return schema.options.map(unwrapped).find(Boolean);
  if ('unwrap' in schema && typeof schema.unwrap === 'function') return unwrapped(schema.unwrap());
  return 'shape' in schema ? (schema as { readonly shape: Readonly<Record<string, unknown>> }) : undefined;
}

/** The line of a member: of its name, where it is there, else of what it would stand in. */
function lineOf(document: Document, lines: LineCounter, at: readonly string[]): number {
  for (let depth = at.length; depth > 0; depth -= 1) {
    const within = document.getIn(at.slice(0, depth - 1), true);
    const pair = isMap(within)
      ? within.items.find(({ key }) => isScalar(key) && String(key.value) === at[depth - 1])
      : undefined;
    if (pair !== undefined && isScalar(pair.key)) return lines.linePos(pair.key.range?.[0] ?? 0).line;
  }
  return 1;
}

function profileOf(document: ProfileDocument): VaultProfile {
  const { objects = {}, metadata = {}, settings = {} } = document;
  const checksumForm = document.checksum?.form ?? 'prefixed';
  const ids = document.log_id === 'opaque' ? OPAQUE_IDS : CONTRACT_IDS;
  const manifest = objects.manifest ?? 'contract';
  return {
    vault: document.vault,
    unclaimed: new Map([
      ...(manifest === 'none' ? [[MANIFESTS, 'it keeps no manifest (objects.manifest: none)'] as const] : []),
      ...Object.entries(document.not_claimed ?? {}),
    ]),
    answers: wordsOf(document),
    errorWords: Object.entries(document.job_errors ?? {}).map(([code, word]) => [code, word ?? code]),
    ids,
    keys: keysOf(objects.key ?? 'contract', ids),
    manifests: new ManifestKeys(
      manifest === 'none' ? undefined : manifest === 'contract' ? CONTRACT_MANIFEST : manifest,
      manifest !== 'none' && document.not_claimed?.[MANIFESTS] === undefined,
    ),
    metadata: new MetadataShape({
      collection: metadata.collection ?? CONTRACT_COLLECTION,
      paths: {
        logId: metadata.log_id ?? CONTRACT_PATHS.logId,
        providerId: metadata.provider_id ?? CONTRACT_PATHS.providerId,
        sourceId: metadata.source_id ?? CONTRACT_PATHS.sourceId,
        jobId: metadata.job_id ?? CONTRACT_PATHS.jobId,
        timestamp: metadata.timestamp ?? CONTRACT_PATHS.timestamp,
        checksum: metadata.checksum ?? CONTRACT_PATHS.checksum,
        bytes: metadata.bytes ?? CONTRACT_PATHS.bytes,
        object: metadata.object ?? CONTRACT_PATHS.object,
      },
      ids,
      checksumForm,
    }),
    provider: providerOf(document.provider),
    settings: {
      ...(settings.retry_base_ms === undefined ? {} : { retryBaseMs: settings.retry_base_ms }),
      ...(settings.retry_max_attempts === undefined ? {} : { retryMaxAttempts: settings.retry_max_attempts }),
      ...(settings.lease_ms === undefined ? {} : { leaseMs: settings.lease_ms }),
      ...(settings.queue_limit === undefined ? {} : { queueLimit: settings.queue_limit }),
      ...(settings.concurrency === undefined ? {} : { concurrency: settings.concurrency }),
      ...(settings.call_timeout_ms === undefined ? {} : { callTimeoutMs: settings.call_timeout_ms }),
    },
  };
}

function keysOf(key: string, ids: LogIds): ObjectKeys {
  if (key === 'opaque') return OPAQUE_KEYS;
  return key !== 'contract'
    ? new TemplateKeys(key, ids)
    : ids === CONTRACT_IDS
      ? new TemplateKeys(CONTRACT_KEY, ids, CONTRACT_PLACES)
      : new TemplateKeys(CONTRACT_KEY, ids);
}

function wordsOf({ checksum = {}, answers = {}, job_errors: words = {} }: ProfileDocument): AnswerWords {
  const { answers: usual } = CONTRACT_PROFILE;
  const form = checksum.form ?? 'prefixed';
  const codes = new Map(CODES.map((code) => [words[code] ?? code, code]));
  const renamed = new Map(CODES.map((code) => [code as string, words[code] ?? code]));
  const checksumHeader = checksum.header?.toLowerCase() ?? usual.checksumHeader;
  return {
    checksumHeader,
    missingObject: answers.missing_object ?? usual.missingObject,
    checksumForm: describeForm(form),
    readChecksum: (text) => readChecksum(form, text),
    readHeader: (value) => checksumInHeader(checksumHeader, value),
    readErrorCode: (word) =>
      codes.get(word) ??
      (renamed.has(word) ? `${word} (by its profile this vault says ${renamed.get(word)})` : word),
  };
}

function providerOf(provider: ProfileDocument['provider'] = {}): ProviderShape {
  const { authorization = {}, listing = {}, health = {}, payload } = provider;
  const { listing: usual } = CONTRACT_PROVIDER;
  const next = listing.next ?? 'next_cursor';
  return {
    authorization: {
      header: authorization.header?.toLowerCase() ?? CONTRACT_PROVIDER.authorization.header,
      value: new Template(authorization.value ?? CONTRACT_PROVIDER.authorization.value.text),
    },
    listing: {
      path: withCursor(listing.path ?? usual.path.text),
      logs: listing.logs === '.' ? undefined : (listing.logs ?? usual.logs),
      id: listing.id ?? usual.id,
      timestamp: listing.timestamp ?? usual.timestamp,
      next: typeof next === 'string' ? { member: next } : next,
    },
    payload:
      payload === 'inline'
        ? undefined
        : payload === undefined
          ? CONTRACT_PROVIDER.payload
          : new AddressTemplate(payload),
    health: {
      path: new AddressTemplate(health.path ?? CONTRACT_PROVIDER.health.path.text),
      ok: health.ok ?? CONTRACT_PROVIDER.health.ok,
    },
  };
}

/** A link is taken as it is: where the vault's own addresses have no cursor, the provider's have one. */
function withCursor(path: string): AddressTemplate {
  if (path.includes('{cursor}')) return new AddressTemplate(path);
  const name = /[?&]page=/.test(path) ? 'page_token' : 'page';
  return new AddressTemplate(`${path}${path.includes('?') ? '&' : '?'}${name}={cursor}`);
}
