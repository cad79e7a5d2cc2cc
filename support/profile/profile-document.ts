import { z } from 'zod';

const text = z
  .string('has to be a text, in quotes where it begins with a brace or looks like a number')
  .min(1, { error: 'is empty', abort: true });
/** For people: on one line, however it is written. */
const sentence = text
  .regex(/[^\s\p{Cc}]/u, 'is empty')
  .transform((words) => words.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim());
/** `content.sha256`; array members by their number. */
const path = text.regex(
  /^(?!(?:.*\.)?__proto__(?:\.|$))[^.\s$]+(?:\.[^.\s$]+)*$/,
  'is no path of members such as content.sha256',
);
const positive = z
  .number('has to be a whole number above 0')
  .int('has to be a whole number above 0')
  .positive('has to be a whole number above 0');
/** An object of members, none of them unknown. */
function members<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, `has to hold members: ${Object.keys(shape).join(', ')}`);
}

const headerValue = text.regex(/^[\t\x20-\x7e]+$/, 'is no value of an HTTP header');
const relation = text.regex(/^[^\s",;<>]+$/, 'is no relation of a link such as next');
const httpHeader = text.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'is no name of an HTTP header');

/** A profile as it is written (contract, section 8); what it leaves out is as in sections 1 to 6. */
export const profileDocument = members({
  vault: sentence.optional(),
  not_claimed: z
    .record(
      z.string(),
      sentence,
      'has to hold requirements, each with its reason, such as API-17: keeps no manifest',
    )
    .optional(),
  log_id: z.enum(['contract', 'opaque'], 'is neither contract nor opaque').optional(),
  objects: members({ key: text.optional(), manifest: text.optional() }).optional(),
  metadata: members({
    collection: text
      .regex(/^(?!system\.|\.)[^$\0]*[^$\0.]$/, 'is no name of a MongoDB collection')
      .optional(),
    log_id: path.optional(),
    provider_id: path.optional(),
    source_id: path.optional(),
    job_id: path.optional(),
    timestamp: path.optional(),
    checksum: path.optional(),
    bytes: path.optional(),
    object: z
      .union([path, members({ bucket: path, key: path })], {
        error: 'has to be the path of an "s3://bucket/key", or {bucket: path, key: path}',
      })
      .optional(),
  }).optional(),
  checksum: members({
    header: httpHeader.optional(),
    form: z.enum(['prefixed', 'hex', 'base64'], 'is not prefixed, hex or base64').optional(),
  }).optional(),
  answers: members({
    missing_object: z
      .number('has to be an HTTP status')
      .int('has to be an HTTP status')
      .min(400, 'has to be an error: 400 to 599')
      .max(599, 'has to be an error: 400 to 599')
      .optional(),
  }).optional(),
  job_errors: members({
    provider_unauthorized: text.optional(),
    provider_rejected: text.optional(),
    provider_unavailable: text.optional(),
    storage_unavailable: text.optional(),
    storage_rejected: text.optional(),
    metadata_unavailable: text.optional(),
  }).optional(),
  settings: members({
    retry_base_ms: positive.optional(),
    retry_max_attempts: positive.optional(),
    lease_ms: positive.optional(),
    queue_limit: positive.optional(),
    concurrency: positive.optional(),
    call_timeout_ms: positive.optional(),
  }).optional(),
  provider: members({
    authorization: members({ header: httpHeader.optional(), value: headerValue.optional() }).optional(),
    listing: members({
      path: text.optional(),
      logs: z.union([z.literal('.'), path], { error: 'has to be a path of members, or "."' }).optional(),
      id: path.optional(),
      timestamp: path.optional(),
      next: z
        .union([path, members({ link: relation })], {
          error: 'has to be the path of the cursor, or {link: next}',
        })
        .optional(),
    }).optional(),
    payload: text.optional(),
    health: members({
      path: text.optional(),
      ok: z
        .number('has to be an HTTP status')
        .int('has to be an HTTP status')
        .min(200, 'has to be a success: 200 to 299')
        .max(299, 'has to be a success: 200 to 299')
        .optional(),
    }).optional(),
  }).optional(),
});

export type ProfileDocument = z.infer<typeof profileDocument>;
