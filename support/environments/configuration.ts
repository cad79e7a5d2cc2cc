import { randomInt } from 'node:crypto';
import path from 'node:path';
import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { SuiteError } from '../bytes/errors';
import { CONTRACT_PROFILE, type VaultProfile } from '../profile/profile';
import { readProfile } from '../profile/read-profile';
import { requirementIds } from '../profile/requirement-ids';
import type { RunSettings } from './vault-under-test';

export type Mode = 'embedded' | 'wire';

/** Everything the suite is told by its environment, validated (contract, sections 6 and 7). */
export interface Configuration {
  readonly mode: Mode;
  /** The vault of a wire run: a command the suite starts, or the address of one that someone else runs. */
  readonly target: { readonly command: string } | { readonly baseUrl: string };
  /** The defect that the embedded reference vault is given, to prove that the suite sees it. */
  readonly defect: string | undefined;
  /** The folder whose files are replayed. */
  readonly corpusFolder: string;
  readonly bindHost: string;
  readonly providerPort: number;
  readonly s3Port: number;
  readonly s3Upstream: string | undefined;
  readonly mongodbUri: string | undefined;
  readonly mongodbDatabase: string;
  readonly credentials: Credentials;
  /** The vault's own values, where the environment gives them. */
  readonly vault: RunSettings;
  /** The shape of the vault: the contract's own where no profile says otherwise. */
  readonly profile: VaultProfile;
  /** From which it follows what chance draws. */
  readonly seed: number;
  /** Things worth a line of output that do not stop the run. */
  readonly remarks: readonly string[];
}

/** The key by which the vault proves itself; never shown. */
export interface Credentials {
  readonly providerApiKey: string;
  readonly awsRegion: string;
  readonly awsAccessKeyId: string;
  readonly awsSecretAccessKey: string;
  readonly bucket: string;
}

/** The providers that the scenarios ingest from. */
const NEEDED_PROVIDERS: readonly string[] = ['aws_cloudtrail', 'okta_system_log', 'github_audit'];

/** A whole number written in digits alone: `0x50` and `1e3` are more likely a mistake than meant. */
function wholeNumber(from: number, to: number, problem: string) {
  return z
    .string()
    .refine((text) => /^\d{1,15}$/.test(text) && Number(text) >= from && Number(text) <= to, problem)
    .transform(Number);
}

const port = wholeNumber(1, 65_535, 'is not a port, 1 to 65535');
const positive = wholeNumber(1, Number.MAX_SAFE_INTEGER, 'is not a whole number above 0');
const httpUrl = z
  .string()
  .refine(
    (text) => /^https?:\/\//.test(text) && URL.canParse(text),
    'is not a URL such as http://localhost:8080',
  )
  .transform((text) => text.replace(/\/+$/, ''));

const SEEDS = 2 ** 31;

const variables = {
  FIDELITY_CORPUS: z.string().default('features/payloads'),
  AUDIT_VAULT_DEFECT: z.string().optional(),
  AUDIT_VAULT_SEED: wholeNumber(0, SEEDS - 1, `is not a whole number from 0 to ${SEEDS - 1}`).optional(),
  VAULT_COMMAND: z.string().optional(),
  VAULT_BASE_URL: httpUrl.optional(),
  VAULT_PROFILE: z.string().optional(),
  PROVIDER_PORT: port.default(8081),
  S3_PORT: port.default(9000),
  BIND_HOST: z.string().default('127.0.0.1'),
  S3_UPSTREAM: httpUrl.optional(),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'is not a mongodb:// URI')
    .optional(),
  MONGODB_DB: z.string().default('audit_vault'),
  PROVIDER_API_KEY: z.string().default('suite-provider-key'),
  AWS_REGION: z.string().default('us-east-1'),
  AWS_ACCESS_KEY_ID: z.string().default('suite-access-key'),
  AWS_SECRET_ACCESS_KEY: z.string().default('suite-secret-key'),
  S3_BUCKET: z.string().default('vault'),
  VAULT_PROVIDERS: z
    .string()
    .default(NEEDED_PROVIDERS.join(','))
    .transform((list) => list.split(',').map((id) => id.trim())),
  VAULT_RETRY_BASE_MS: positive.default(100),
  VAULT_RETRY_MAX_ATTEMPTS: positive.default(5),
  VAULT_LEASE_MS: positive.default(5000),
  VAULT_QUEUE_LIMIT: positive.default(1000),
  VAULT_CONCURRENCY: positive.default(4),
  VAULT_CALL_TIMEOUT_MS: positive.default(3000),
} as const;

/** Variables of the suite's that are read elsewhere. */
const ELSEWHERE: readonly string[] = [
  'AUDIT_VAULT_QUIET',
  'AUDIT_VAULT_REPORTS',
  'CHROMIUM_PATH',
  'KNOWN_FAILURES',
];
const LONG_NAME = 12;
/** Words by which one of our names may be called as well; an empty one may be left out. */
const SAME_WORDS: Readonly<Record<string, string>> = {
  AUDIT: '',
  BASE: '',
  CMD: 'COMMAND',
  DATABASE: 'DB',
  MONGO: 'MONGODB',
  URL: 'URI',
};

/**
 * Reads the suite's configuration.
 * @throws SuiteError that names the variable and says what to do
 */
export function readConfiguration(
  environment: Readonly<Record<string, string | undefined>>,
  mode: Mode,
): Configuration {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const remarks = [...unknownVariables(Object.keys(given)), ...unheeded(given, mode)];
  const parsed = z.object(variables).safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    throw new SuiteError(`${problems.join('; ')}: correct it or leave it out.`);
  }
  const values = parsed.data;
  if (values.VAULT_COMMAND !== undefined && values.VAULT_BASE_URL !== undefined) {
    throw new SuiteError(
      'VAULT_COMMAND and VAULT_BASE_URL are both set: keep the one that says where your vault is, and unset the other.',
    );
  }
  if (mode === 'wire') requireProviders(values.VAULT_PROVIDERS);
  return {
    mode,
    target:
      values.VAULT_COMMAND === undefined
        ? { baseUrl: values.VAULT_BASE_URL ?? 'http://localhost:8080' }
        : { command: values.VAULT_COMMAND },
    defect: values.AUDIT_VAULT_DEFECT,
    corpusFolder: path.resolve(values.FIDELITY_CORPUS),
    bindHost: values.BIND_HOST,
    providerPort: values.PROVIDER_PORT,
    s3Port: values.S3_PORT,
    s3Upstream: values.S3_UPSTREAM,
    mongodbUri: values.MONGODB_URI,
    mongodbDatabase: values.MONGODB_DB,
    credentials: {
      providerApiKey: values.PROVIDER_API_KEY,
      awsRegion: values.AWS_REGION,
      awsAccessKeyId: values.AWS_ACCESS_KEY_ID,
      awsSecretAccessKey: values.AWS_SECRET_ACCESS_KEY,
      bucket: values.S3_BUCKET,
    },
    vault: {
      providers: values.VAULT_PROVIDERS,
      retryBaseMs: values.VAULT_RETRY_BASE_MS,
      retryMaxAttempts: values.VAULT_RETRY_MAX_ATTEMPTS,
      leaseMs: values.VAULT_LEASE_MS,
      queueLimit: values.VAULT_QUEUE_LIMIT,
      concurrency: values.VAULT_CONCURRENCY,
      callTimeoutMs: values.VAULT_CALL_TIMEOUT_MS,
    },
    seed: values.AUDIT_VAULT_SEED ?? seedOf(given.CI),
    profile: profileOf(values.VAULT_PROFILE, mode),
    remarks,
  };
}

/** In CI the day in UTC, `20260131`, so that whoever looks into a red run sees the same; else any. */
function seedOf(ci: string | undefined): number {
  return ci !== undefined && ci !== 'false'
    ? Number(new Date().toISOString().slice(0, 10).replaceAll('-', ''))
    : randomInt(SEEDS);
}

/** The reference vault stays in the contract's shape, whatever another vault's is. */
function profileOf(file: string | undefined, mode: Mode): VaultProfile {
  return file === undefined || mode === 'embedded' ? CONTRACT_PROFILE : readProfile(file, requirementIds());
}

/**
 * The environment's other names that a user should hear of. @throws SuiteError for a slip of the pen in one
 * of ours
 */
function unknownVariables(names: readonly string[]): string[] {
  const known = [...Object.keys(variables), ...ELSEWHERE];
  return names
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const meant = known.find(
        (candidate) => isSlip(name, candidate) || inOneWording(name) === inOneWording(candidate),
      );
      if (meant !== undefined)
        throw new SuiteError(`${name} is no variable of this suite: did you mean ${meant}?`);
      return /^(VAULT|S3|PROVIDER|MONGODB)_/.test(name)
        ? [`${name} means nothing to the suite; it is handed on to the vault as it is.`]
        : [];
    });
}

/**
 * A vault may have variables of its own, such as S3_HOST; a name almost like a long one of ours is none of
 * them.
 */
function isSlip(name: string, known: string): boolean {
  return distance(name, known) <= (known.length < LONG_NAME ? 1 : 2);
}

/** Makes one name of those that say the same, such as `VAULT_URL` and `VAULT_BASE_URL`. */
function inOneWording(name: string): string {
  return name
    .split('_')
    .map((word) => SAME_WORDS[word] ?? word)
    .filter((word) => word !== '')
    .join('_');
}

/** Returns warnings of variables that somebody set for another kind of run. */
function unheeded(given: NodeJS.ProcessEnv, mode: Mode): string[] {
  const name = ['VAULT_COMMAND', 'VAULT_BASE_URL', 'VAULT_PROFILE'].find(
    (known) => given[known] !== undefined,
  );
  if (mode === 'wire' || name === undefined) return [];
  return [`${name} is set, but this run judges the reference vault: "npm run bdd:wire" judges yours.`];
}

/** @throws SuiteError when a provider is missing that the scenarios ingest from */
function requireProviders(providers: readonly string[]): void {
  const missing = NEEDED_PROVIDERS.filter((id) => !providers.includes(id));
  if (missing.length === 0) return;
  throw new SuiteError(
    `VAULT_PROVIDERS lacks ${missing.join(' and ')}, from which the scenarios ingest: let your vault know ${NEEDED_PROVIDERS.join(', ')}.`,
  );
}
