import { z } from 'zod';
import type { VaultAnswer, VaultClient } from './vault-client';

/** The vault answered, but not as its contract says. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';

  constructor(
    message: string,
    /** The status of the answer. */
    readonly status: number,
  ) {
    super(message);
  }
}

/** Every error body has a string `error` (contract, section 1). */
export const errorBody = z.looseObject({ error: z.string().min(1) });

export interface Asked {
  readonly client: VaultClient;
  readonly method: string;
  readonly path: string;
  readonly answer: VaultAnswer;
}

/**
 * The answer's body, when status and shape are those the contract names.
 * @throws AnswerError that quotes method, path, status and body.
 */
export function expectAnswer<T>(asked: Asked, status: number, shape: z.ZodType<T>): T {
  const { client, method, path, answer } = asked;
  if (answer.status !== status) {
    throw new AnswerError(`expected ${status}, but ${client.quote(method, path, answer)}`, answer.status);
  }
  return bodyOf(asked, shape);
}

/** The JSON body of an answer of any status. @throws AnswerError as `expectAnswer` does. */
export function bodyOf<T>({ client, method, path, answer }: Asked, shape: z.ZodType<T>): T {
  // Quoting redacts, which is dear: only for who reads it.
  const quoted = (): string => client.quote(method, path, answer);
  if (mediaTypeOf(answer) !== 'application/json') {
    throw new AnswerError(
      `the media type is "${answer.headers['content-type'] ?? 'none'}", not application/json: ${quoted()}`,
      answer.status,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(answer.body));
  } catch {
    throw new AnswerError(`the body is not JSON in UTF-8: ${quoted()}`, answer.status);
  }
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path: at, message }) => `${at.join('.') || 'body'}: ${inPlainWords(message)}`,
  );
  throw new AnswerError(
    `the body has not the contract's shape (${problems.join('; ')}): ${quoted()}`,
    answer.status,
  );
}

/** Zod says that a member is missing in the words of a programmer. */
function inPlainWords(message: string): string {
  return message.replace(/^Invalid input: (?:.*, received undefined$)?/, '') || 'missing';
}

/** Media types are compared without their parameters (contract, section 1). */
export function mediaTypeOf(answer: VaultAnswer): string {
  return (answer.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Matches a Retry-After that says when: seconds, or a date (RFC 9110, section 10.2.3). */
export const RETRY_AFTER = /^(?:\d+(?:\.\d+)?|[A-Z][a-z]{2}, \d.*)$/;

/**
 * Where the Location of an answer leads, as a path where it leads to the vault: servers and proxies write it
 * as a whole address, which means the same (RFC 9110, section 10.2.2).
 */
export function locationOf({ headers }: VaultAnswer, baseUrl: string): string | undefined {
  const { location } = headers;
  if (location === undefined || !URL.canParse(location, baseUrl)) return location;
  const { origin, pathname, search, hash } = new URL(location, baseUrl);
  return origin === new URL(baseUrl).origin ? `${pathname}${search}${hash}` : location;
}
