import { z } from 'zod';
import type { IngestRequest } from '../persistence/documents';
import type { PageRequest } from '../retrieval/search';
import { type Instant, parseUtcInstant } from '../timestamps';

/** A request says something the vault does not understand: a 400 with this sentence. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

/** Turns what clients send into what the vault works with (contract section 1). Each throws BadRequest. */
export interface RequestValidation {
  ingest(body: unknown): IngestRequest;
  page(query: unknown): PageRequest;
  /** @returns the API key to try */
  credentials(body: unknown): { readonly apiKey: string };
}

const utcInstant = z.string().transform((text, context): Instant & { readonly text: string } => {
  const instant = parseUtcInstant(text);
  if (instant !== undefined) return { ...instant, text };
  context.addIssue({ code: 'custom', message: 'must be an RFC 3339 timestamp in UTC' });
  return z.NEVER;
});

const ingestSchema = z.object({
  provider_id: z.string(),
  range: z
    .object({ start: utcInstant, end: utcInstant })
    .refine(({ start, end }) => start.utc < end.utc, { error: 'must end after it starts' }),
  priority: z.enum(['high', 'normal', 'low']).default('normal'),
});

const wholeNumber = (least: number, most: number) =>
  z
    .string({ error: 'must be given once' })
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be from ${least} to ${most}`);

const pageSchema = z.object({
  limit: wholeNumber(1, 1000).default(50),
  offset: wholeNumber(0, Number.MAX_SAFE_INTEGER).default(0),
});

const credentialsSchema = z.object({
  provider_type: z.literal('rest'),
  api_key: z
    .string()
    .refine((key) => key.trim() !== '', 'must not be empty')
    // It travels in a header.
    .regex(/^[\x20-\x7e\x80-\xff]*$/, 'must not contain control characters or characters beyond Latin-1'),
});

export class ZodRequestValidation implements RequestValidation {
  constructor(private readonly providers: readonly string[]) {}

  ingest(body: unknown): IngestRequest {
    const { provider_id: providerId, range, priority } = parse(ingestSchema, body, 'The body');
    if (!this.providers.includes(providerId)) throw new BadRequest('provider_id is not a known provider.');
    return {
      providerId,
      range: { start: range.start.text, end: range.end.text },
      priority,
      coalescingKey: [providerId, range.start.utc, range.end.utc].join('\n'),
    };
  }

  page(query: unknown): PageRequest {
    return parse(pageSchema, query, 'The query');
  }

  credentials(body: unknown): { readonly apiKey: string } {
    return { apiKey: parse(credentialsSchema, body, 'The body').api_key };
  }
}

/** The sentence names members, never values: one of them may be a key. */
function parse<T>(schema: z.ZodType<T>, input: unknown, whole: string): T {
  const { success, data, error } = schema.safeParse(input);
  if (success) return data;
  const [issue] = error.issues;
  const member = issue?.path.join('.') || whole;
  throw new BadRequest(`${member}: ${issue?.message ?? 'not understood'}.`);
}
