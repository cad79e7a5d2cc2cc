import type { Agent } from 'node:http';
import type { MetadataProbe } from '../metadata-store/metadata-probe';
import type { MetadataGate } from '../metadata-store/scripted-gate';
import type { BucketScript } from '../object-store/bucket-script';
import type { ObjectContents } from '../object-store/object-contents';
import type { VaultProfile } from '../profile/profile';
import type { ProviderScript } from '../provider/provider-script';
import type { Patience } from './patience';
import type { VaultHealth } from './vault-health';
import type { VaultUnderTest } from './vault-under-test';

/** Tags of scenarios that need more than the contract's API. */
export type Capability = 'restart' | 'embedded' | 'mongod' | 'settings';

/** Everything a run wires together once per worker: the ports that a World is made of. */
export interface Environment {
  readonly vault: VaultUnderTest;
  /** The shape of the vault. */
  readonly profile: VaultProfile;
  readonly provider: ProviderScript;
  readonly bucket: BucketScript;
  readonly objects: ObjectContents;
  readonly metadata: MetadataProbe;
  readonly metadataGate: MetadataGate;
  /** Random per run, lower-case hex. */
  readonly runId: string;
  /** What chance draws in this run follows from it. */
  readonly seed: number;
  readonly health: VaultHealth;
  readonly bucketName: string;
  readonly patience: Patience;
  /** Whose connections questions to the vault take. */
  readonly agent: Agent;
  /** Texts that must never be seen in output, reports or errors. */
  readonly secrets: readonly string[];
  /** Unique among the scenarios of a run, over all workers. */
  nextScenarioNumber(): number;
  /** Why scenarios that need a capability cannot be judged here; `undefined` when they can. */
  lacks(capability: Capability): string | undefined;
  /** The folder whose files are replayed. */
  readonly corpusFolder: string;
  /** Calls to the provider and to S3 that have not ended yet. */
  callsUnderWay(): number;
  /** Before a scenario: scripts forget, stores are empty. */
  reset(): Promise<void>;
  /**
   * Returns in sentences what went wrong around the vault: calls to strangers, mocks that were never used.
   */
  findings(): string[];
  close(): Promise<void>;
}
