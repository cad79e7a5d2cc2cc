/** The values of contract section 6 that the suite's assertions depend on. */
export interface RunSettings {
  readonly providers: readonly string[];
  readonly retryBaseMs: number;
  readonly retryMaxAttempts: number;
  readonly leaseMs: number;
  readonly queueLimit: number;
  readonly concurrency: number;
  readonly callTimeoutMs: number;
  /**
   * Set when the vault is told none of the numbers: they are the contract's defaults then, and it has to know
   * them.
   */
  readonly unsaid?: true;
  /** A path at the end of the PROVIDER_BASE_URL that it is told, such as `/api/v2`; usually there is none. */
  readonly providerPath?: string;
  /** The time zone of its machine, such as `Pacific/Auckland`; that of the suite when absent. */
  readonly timeZone?: string;
}

/** The vault as the suite handles it; what it is, only its environment knows. */
export interface VaultUnderTest {
  /** In words, for the verdict: `reference vault, in-process`, `VAULT_COMMAND python3 vault.py`, … */
  readonly description: string;
  readonly baseUrl: string;
  readonly settings: RunSettings;
  /** Whether it was started, and neither stopped nor killed since; a crashed one still counts. */
  readonly isRunning: boolean;
  /** Stops the vault as an operator would, and waits for its end. */
  stop(): Promise<void>;
  /** Ends the vault without warning, and waits for its end. */
  kill(): Promise<void>;
  /** Starts a stopped vault, with other settings where given, and waits until it is ready. */
  start(overrides?: Partial<RunSettings>): Promise<void>;
  /** Starts one more vault with the same settings on the same stores; whoever asked for it stops it. */
  startPeer(): Promise<VaultUnderTest>;
  /** Has its processes stand still, as if they were given no time, until `goOn`; absent where the suite cannot. */
  standStill?(): void;
  goOn?(): void;
  /** Returns what the vault wrote since the scenario began; empty where the suite cannot know. */
  output(): string;
  /** Forgets its output: for the next scenario. */
  forgetOutput(): void;
  /** In words, how the vault ended though nobody asked it to; `undefined` while it runs. */
  crash(): string | undefined;
  /**
   * Whether a vault that the suite cannot start again can be reached; where it cannot, it is given a while to
   * be back. Absent where the suite knows by itself.
   */
  stillThere?(): Promise<boolean>;
}
