import { z } from 'zod';

const text = z
  .string('has to be a text, in quotes where it begins with a brace or looks like a number')
  .min(1, 'is empty');
/** `content.sha256`; array members by their number. */
const path = text.regex(/^[^.\s$]+(?:\.[^.\s$]+)*$/, 'is no path of members such as content.sha256');
const positive = z
  .number('has to be a whole number above 0')
  .int('has to be a whole number above 0')
  .positive('has to be a whole number above 0');
const httpHeader = text.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'is no name of an HTTP header');

/** A profile as it is written (contract, section 8); what it leaves out is as in sections 1 to 6. */
export const profileDocument = z.strictObject({
  vault: text.optional(),
  not_claimed: z.record(z.string(), text).optional(),
  log_id: z.enum(['contract', 'opaque'], 'is neither contract nor opaque').optional(),
  objects: z.strictObject({ key: text.optional(), manifest: text.optional() }).optional(),
  metadata: z
    .strictObject({
      collection: text.regex(/^(?!system\.)[^$\0]+$/, 'is no name of a MongoDB collection').optional(),
      log_id: path.optional(),
      provider_id: path.optional(),
      source_id: path.optional(),
      job_id: path.optional(),
      timestamp: path.optional(),
      checksum: path.optional(),
      bytes: path.optional(),
      object: z
        .union([path, z.strictObject({ bucket: path, key: path })], {
          error: 'has to be the path of an "s3://bucket/key", or {bucket: path, key: path}',
        })
        .optional(),
    })
    .optional(),
  checksum: z
    .strictObject({
      header: httpHeader.optional(),
      form: z.enum(['prefixed', 'hex', 'base64'], 'is not prefixed, hex or base64').optional(),
    })
    .optional(),
  answers: z
    .strictObject({
      missing_object: z
        .number('has to be an HTTP status')
        .int('has to be an HTTP status')
        .min(400, 'has to be an error: 400 to 599')
        .max(599, 'has to be an error: 400 to 599')
        .optional(),
    })
    .optional(),
  job_errors: z
    .strictObject({
      provider_unauthorized: text.optional(),
      provider_rejected: text.optional(),
      provider_unavailable: text.optional(),
      storage_unavailable: text.optional(),
      storage_rejected: text.optional(),
      metadata_unavailable: text.optional(),
    })
    .optional(),
  settings: z
    .strictObject({
      retry_base_ms: positive.optional(),
      retry_max_attempts: positive.optional(),
      lease_ms: positive.optional(),
      queue_limit: positive.optional(),
      concurrency: positive.optional(),
      call_timeout_ms: positive.optional(),
    })
    .optional(),
  provider: z
    .strictObject({
      authorization: z.strictObject({ header: httpHeader.optional(), value: text.optional() }).optional(),
      listing: z
        .strictObject({
          path: text.optional(),
          logs: z.union([z.literal('.'), path], { error: 'has to be a path of members, or "."' }).optional(),
          id: path.optional(),
          timestamp: path.optional(),
          next: z
            .union([path, z.strictObject({ link: text })], {
              error: 'has to be the path of the cursor, or {link: next}',
            })
            .optional(),
        })
        .optional(),
      payload: text.optional(),
      health: z
        .strictObject({
          path: text.optional(),
          ok: z
            .number('has to be an HTTP status')
            .int('has to be an HTTP status')
            .min(200, 'has to be a success: 200 to 299')
            .max(299, 'has to be a success: 200 to 299')
            .optional(),
        })
        .optional(),
    })
    .optional(),
});

export type ProfileDocument = z.infer<typeof profileDocument>;
