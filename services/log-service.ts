import { z } from 'zod';
import { AnswerError, expectAnswer } from './answer';
import { type AnswerWords, CONTRACT_WORDS } from './answer-words';
import type { OpenAnswer, VaultAnswer, VaultClient } from './vault-client';

/** A log as search shows it (contract, section 1). */
export interface FoundLog {
  readonly id: string;
  /** As the contract writes it, however the vault does. */
  readonly checksum: string;
  readonly timestamp: string;
}

export interface LogPage {
  readonly logs: readonly FoundLog[];
  readonly totalCount: number;
  readonly hasMore: boolean;
}

function pageBody({ readChecksum, checksumForm }: AnswerWords): z.ZodType<LogPage> {
  const checksumText = z.string().transform((text, context) => {
    const checksum = readChecksum(text);
    if (checksum === undefined) context.addIssue(`not ${checksumForm}`);
    return checksum ?? z.NEVER;
  });
  return z
    .looseObject({
      data: z.array(z.looseObject({ id: z.string(), checksum: checksumText, timestamp: z.string() })),
      meta: z.looseObject({ total_count: z.number().int().nonnegative(), has_more: z.boolean() }),
    })
    .transform(
      (body): LogPage => ({
        logs: body.data.map(({ id, checksum, timestamp }) => ({ id, checksum, timestamp })),
        totalCount: body.meta.total_count,
        hasMore: body.meta.has_more,
      }),
    );
}

/** The longest page a vault grants (contract, section 1). */
const MAX_PAGE_LOGS = 1000;

/** So many pages more than it says that there are logs: a vault that always has more has none. */
const SPARE_PAGES = 50;

/** `GET /v1/logs` and `GET /v1/logs/{log_id}/raw` (contract, section 1). */
export class LogService {
  readonly #client: VaultClient;
  readonly #words: AnswerWords;
  readonly #pageBody: z.ZodType<LogPage>;

  constructor(client: VaultClient, words: AnswerWords = CONTRACT_WORDS) {
    this.#client = client;
    this.#words = words;
    this.#pageBody = pageBody(words);
  }

  /** One page of the search. @throws AnswerError, NoAnswerError */
  async page(question: { readonly limit?: number; readonly offset?: number } = {}): Promise<LogPage> {
    const path = searchPath(question);
    return this.pageOf(await this.#client.send('GET', path), path);
  }

  /** The page that an answer is. @throws AnswerError when it is none */
  pageOf(answer: VaultAnswer, path = '/v1/logs'): LogPage {
    return expectAnswer({ client: this.#client, method: 'GET', path, answer }, 200, this.#pageBody);
  }

  /** Every log the search finds, page after page. @throws AnswerError, NoAnswerError */
  async all(): Promise<readonly FoundLog[]> {
    const found: FoundLog[] = [];
    let mostPages = SPARE_PAGES;
    for (let pages = 0; pages < mostPages; pages += 1) {
      const page = await this.page({ limit: MAX_PAGE_LOGS, offset: found.length });
      if (pages === 0) mostPages += Math.ceil(page.totalCount / MAX_PAGE_LOGS);
      found.push(...page.logs);
      if (!page.hasMore || page.logs.length === 0) return found;
    }
    throw new AnswerError(`GET /v1/logs says has_more after ${found.length} logs on ${mostPages} pages`, 200);
  }

  /** The search's answer as it came, for questions that have to be refused. @throws NoAnswerError */
  async askPage(question: Readonly<Record<string, string | number>>): Promise<VaultAnswer> {
    return await this.#client.send('GET', searchPath(question));
  }

  /** The raw answer as it came: bytes, status, headers. @throws NoAnswerError */
  async raw(logId: string): Promise<VaultAnswer> {
    return await this.#client.send('GET', rawPath(logId));
  }

  /** The status by which the vault says that the object of a log is gone. */
  get missingObject(): number {
    return this.#words.missingObject;
  }

  /** The header that carries a log's checksum, in lower case. */
  get checksumHeader(): string {
    return this.#words.checksumHeader;
  }

  /** The checksum that an answer carries, as the contract writes it; else what it carries, in words. */
  checksumIn({ headers }: Pick<VaultAnswer, 'headers'>): string {
    const value = headers[this.#words.checksumHeader];
    return this.checksumOf(value === undefined ? undefined : this.#words.readHeader(value));
  }

  /** The same for a checksum that the vault wrote elsewhere. */
  checksumOf(text: unknown): string {
    if (typeof text !== 'string') return text === undefined ? 'missing' : `no text, but ${typeof text}`;
    return this.#words.readChecksum(text) ?? `"${text}", which is not ${this.#words.checksumForm}`;
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

export function rawPath(logId: string): string {
  return `/v1/logs/${encodeURIComponent(logId)}/raw`;
}

function searchPath(question: Readonly<Record<string, string | number>>): string {
  const query = new URLSearchParams(
    Object.entries(question).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return query === '' ? '/v1/logs' : `/v1/logs?${query}`;
}
