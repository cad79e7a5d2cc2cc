import { z } from 'zod';

/** How a vault is configured: contract section 6, validated. */
export interface VaultSettings {
  /** Where it listens; port 0 takes a free one. */
  readonly host: string;
  readonly port: number;
  /** Without a trailing slash. */
  readonly providerBaseUrl: string;
  readonly providerApiKey: string;
  /** The provider ids that ingestion knows. */
  readonly providers: readonly string[];
  readonly s3Endpoint: string;
  readonly s3Bucket: string;
  readonly awsRegion: string;
  readonly awsAccessKeyId: string;
  readonly awsSecretAccessKey: string;
  readonly mongodbUri: string;
  readonly mongodbDatabase: string;
  readonly retryBaseMs: number;
  readonly retryMaxAttempts: number;
  readonly leaseMs: number;
  readonly queueLimit: number;
  readonly concurrency: number;
  readonly callTimeoutMs: number;
}

/**
 * The environment does not configure a vault. The message is one sentence that names every variable at fault.
 */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const MAX_TIMER_MS = 2 ** 31 - 1;

const text = z.string({ error: 'is missing' });
const httpUrl = text.refine(
  (value) => /^https?:/.test(value) && URL.canParse(value),
  'is not an http(s) URL',
);
const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `is not a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `is not a whole number from ${least} to ${most}`);

const environmentSchema = z.object({
  // Not in the contract: a container must listen on 0.0.0.0.
  HOST: text.default('127.0.0.1'),
  PORT: whole(0, 65_535).default(8080),
  PROVIDER_BASE_URL: httpUrl.transform((url) => url.replace(/\/+$/, '')),
  PROVIDER_API_KEY: text,
  VAULT_PROVIDERS: text
    .transform((list) => list.split(',').map((id) => id.trim()))
    .refine((ids) => ids.every((id) => id !== ''), 'is not a comma-separated list of provider ids'),
  S3_ENDPOINT: httpUrl,
  S3_BUCKET: text,
  AWS_REGION: text,
  AWS_ACCESS_KEY_ID: text,
  AWS_SECRET_ACCESS_KEY: text,
  MONGODB_URI: text.regex(/^mongodb(\+srv)?:\/\//, 'is not a mongodb:// URI'),
  MONGODB_DB: text,
  VAULT_RETRY_BASE_MS: whole(1, MAX_TIMER_MS).default(100),
  VAULT_RETRY_MAX_ATTEMPTS: whole(1, 1000).default(5),
  VAULT_LEASE_MS: whole(100, MAX_TIMER_MS).default(5000),
  VAULT_QUEUE_LIMIT: whole(1, 1_000_000).default(1000),
  VAULT_CONCURRENCY: whole(1, 1000).default(4),
  VAULT_CALL_TIMEOUT_MS: whole(1, MAX_TIMER_MS).default(3000),
});

/**
 * Reads the settings from an environment (contract section 6). An empty variable is a missing one.
 *
 * @throws SettingsError
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): VaultSettings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const { success, data, error } = environmentSchema.safeParse(given);
  if (!success) {
    const complaints = error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    throw new SettingsError(`The vault cannot start: ${complaints.join('; ')}.`);
  }
  return {
    host: data.HOST,
    port: data.PORT,
    providerBaseUrl: data.PROVIDER_BASE_URL,
    providerApiKey: data.PROVIDER_API_KEY,
    providers: data.VAULT_PROVIDERS,
    s3Endpoint: data.S3_ENDPOINT,
    s3Bucket: data.S3_BUCKET,
    awsRegion: data.AWS_REGION,
    awsAccessKeyId: data.AWS_ACCESS_KEY_ID,
    awsSecretAccessKey: data.AWS_SECRET_ACCESS_KEY,
    mongodbUri: data.MONGODB_URI,
    mongodbDatabase: data.MONGODB_DB,
    retryBaseMs: data.VAULT_RETRY_BASE_MS,
    retryMaxAttempts: data.VAULT_RETRY_MAX_ATTEMPTS,
    leaseMs: data.VAULT_LEASE_MS,
    queueLimit: data.VAULT_QUEUE_LIMIT,
    concurrency: data.VAULT_CONCURRENCY,
    callTimeoutMs: data.VAULT_CALL_TIMEOUT_MS,
  };
}
