import { z } from 'zod';
import { AnswerError, expectAnswer } from './answer';
import type { OpenAnswer, VaultAnswer, VaultClient } from './vault-client';

/** A log as search shows it (contract, section 1). */
export interface FoundLog {
  readonly id: string;
  readonly checksum: string;
  readonly timestamp: string;
}

export interface LogPage {
  readonly logs: readonly FoundLog[];
  readonly totalCount: number;
  readonly hasMore: boolean;
}

const pageBody = z
  .looseObject({
    data: z.array(
      z.looseObject({
        id: z.string(),
        checksum: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'not sha256: and 64 lower-case hex digits'),
        timestamp: z.string(),
      }),
    ),
    meta: z.looseObject({ total_count: z.number().int().nonnegative(), has_more: z.boolean() }),
  })
  .transform(
    (body): LogPage => ({
      logs: body.data.map(({ id, checksum, timestamp }) => ({ id, checksum, timestamp })),
      totalCount: body.meta.total_count,
      hasMore: body.meta.has_more,
    }),
  );

/** The longest page a vault grants (contract, section 1). */
const MAX_PAGE_LOGS = 1000;

/** More than a scenario ever stores: a vault that always has more has none. */
const MOST_PAGES = 50;

/** `GET /v1/logs` and `GET /v1/logs/{log_id}/raw` (contract, section 1). */
export class LogService {
  readonly #client: VaultClient;

  constructor(client: VaultClient) {
    this.#client = client;
  }

  /** One page of the search. @throws AnswerError, NoAnswerError */
  async page(question: { readonly limit?: number; readonly offset?: number } = {}): Promise<LogPage> {
    const path = searchPath(question);
    return this.pageOf(await this.#client.send('GET', path), path);
  }

  /** The page that an answer is. @throws AnswerError when it is none */
  pageOf(answer: VaultAnswer, path = '/v1/logs'): LogPage {
    return expectAnswer({ client: this.#client, method: 'GET', path, answer }, 200, pageBody);
  }

  /** Every log the search finds, page after page. @throws AnswerError, NoAnswerError */
  async all(): Promise<readonly FoundLog[]> {
    const found: FoundLog[] = [];
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const page = await this.page({ limit: MAX_PAGE_LOGS, offset: found.length });
      found.push(...page.logs);
      if (!page.hasMore || page.logs.length === 0) return found;
    }
    throw new AnswerError(
      `GET /v1/logs says has_more after ${found.length} logs on ${MOST_PAGES} pages`,
      200,
    );
  }

  /** The search's answer as it came, for questions that have to be refused. @throws NoAnswerError */
  async askPage(question: Readonly<Record<string, string | number>>): Promise<VaultAnswer> {
    return await this.#client.send('GET', searchPath(question));
  }

  /** The raw answer as it came: bytes, status, headers. @throws NoAnswerError */
  async raw(logId: string): Promise<VaultAnswer> {
    return await this.#client.send('GET', rawPath(logId));
  }

  /**
   * Asks for the raw log as a client does that holds an earlier answer: conditionally, by whatever validators
   * that answer had. A vault that gives none is asked without a condition.
   * @throws NoAnswerError
   */
  async rawUnlessAsIn({ headers: held }: VaultAnswer, logId: string): Promise<VaultAnswer> {
    const { etag, 'last-modified': lastModified } = held;
    const headers = {
      ...(etag === undefined ? {} : { 'if-none-match': etag }),
      ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
    };
    return await this.#client.send('GET', rawPath(logId), { headers });
  }

  /**
   * The raw answer with its body still to come, for readers with a pace of their own. @throws NoAnswerError
   */
  async openRaw(logId: string): Promise<OpenAnswer> {
    return await this.#client.open(rawPath(logId));
  }
}

function rawPath(logId: string): string {
  return `/v1/logs/${encodeURIComponent(logId)}/raw`;
}

function searchPath(question: Readonly<Record<string, string | number>>): string {
  const query = new URLSearchParams(
    Object.entries(question).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return query === '' ? '/v1/logs' : `/v1/logs?${query}`;
}
