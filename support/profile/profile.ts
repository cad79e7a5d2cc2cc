import { type AnswerWords, CONTRACT_WORDS } from '../../services/answer-words';
import { CONTRACT_IDS, type LogIds, ManifestKeys, type ObjectKeys, TemplateKeys } from './log-shape';
import { type MetadataPaths, MetadataShape } from './metadata-shape';
import { CONTRACT_PROVIDER, type ProviderShape } from './provider-shape';

/** What a vault does where it cannot be told (contract, section 6); times in milliseconds. */
export interface FixedSettings {
  readonly retryBaseMs?: number;
  readonly retryMaxAttempts?: number;
  readonly leaseMs?: number;
  readonly queueLimit?: number;
  readonly concurrency?: number;
  readonly callTimeoutMs?: number;
}

/**
 * The shape of a vault: where things lie and what they are called (contract, section 8). The only place that
 * knows it; whoever needs to know asks here.
 */
export interface VaultProfile {
  /** The vault's name, where its profile gives it one. */
  readonly vault: string | undefined;
  /** Requirements that the vault does not claim, and why. */
  readonly unclaimed: ReadonlyMap<string, string>;
  readonly answers: AnswerWords;
  /** The contract's codes for which the vault has words of its own, with these. */
  readonly errorWords: readonly (readonly [string, string])[];
  readonly ids: LogIds;
  readonly keys: ObjectKeys;
  readonly manifests: ManifestKeys;
  readonly metadata: MetadataShape;
  readonly provider: ProviderShape;
  readonly settings: FixedSettings;
}

/** Where the contract has a record's members (section 3). */
export const CONTRACT_PATHS: MetadataPaths = {
  logId: '_id',
  providerId: 'provider_id',
  sourceId: 'source_id',
  jobId: 'job_id',
  timestamp: 'timestamp',
  checksum: 'checksum',
  bytes: 'bytes',
  object: { bucket: 'object.bucket', key: 'object.key' },
};

export const CONTRACT_COLLECTION = 'logs';
/** Where jobs lie, as far as the contract says. */
export const JOBS_COLLECTION = 'jobs';
/** Where the suite marks a database as its own. */
export const SUITE_COLLECTION = 'audit_vault_suite';
export const CONTRACT_KEY = '{yyyy}/{mm}/{dd}/{provider_id}/{log_id}.json';
export const CONTRACT_MANIFEST = '{yyyy}/{mm}/{dd}/{job_id}/logs.json';
/** Under the days of the contract nothing may lie but logs and manifests. */
export const CONTRACT_PLACES: RegExp = /^\d{4}\/\d{2}\/\d{2}\//;

/** The contract's own shape. */
export const CONTRACT_PROFILE: VaultProfile = {
  vault: undefined,
  unclaimed: new Map(),
  answers: CONTRACT_WORDS,
  errorWords: [],
  ids: CONTRACT_IDS,
  keys: new TemplateKeys(CONTRACT_KEY, CONTRACT_IDS, CONTRACT_PLACES),
  manifests: new ManifestKeys(CONTRACT_MANIFEST),
  metadata: new MetadataShape({
    collection: CONTRACT_COLLECTION,
    paths: CONTRACT_PATHS,
    ids: CONTRACT_IDS,
    checksumForm: 'prefixed',
  }),
  provider: CONTRACT_PROVIDER,
  settings: {},
};
