import { SuiteError } from '../bytes/errors';
import type { RunSettings, VaultUnderTest } from './vault-under-test';

/** Vaults on the same stores, as behind a load balancer: each question goes to the next one that runs. */
export class VaultPool implements VaultUnderTest {
  readonly description: string;
  readonly #away = new Set<VaultUnderTest>();
  readonly #first: VaultUnderTest;
  #turn = 0;

  /** @param members one at least, the same in all but their address */
  constructor(readonly members: readonly VaultUnderTest[]) {
    const [first] = members;
    if (first === undefined) throw new SuiteError('a pool needs a vault');
    this.#first = first;
    this.description = first.description;
  }

  /** The address of the next one that can be asked; of any where none can. */
  get baseUrl(): string {
    const there = this.members.filter((member) => member.isRunning && !this.#away.has(member));
    const askable = there.length === 0 ? this.members : there;
    this.#turn += 1;
    return (askable[this.#turn % askable.length] ?? this.#first).baseUrl;
  }

  get settings(): RunSettings {
    return this.#first.settings;
  }

  /** Whether all of them are. */
  get isRunning(): boolean {
    return this.members.every((member) => member.isRunning);
  }

  /** Asks a member nothing for as long as something takes that it could not answer in. */
  async without<T>(member: VaultUnderTest, meanwhile: () => Promise<T>): Promise<T> {
    this.#away.add(member);
    try {
      return await meanwhile();
    } finally {
      this.#away.delete(member);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.members.map((member) => member.stop()));
  }

  async kill(): Promise<void> {
    await Promise.all(this.members.map((member) => member.kill()));
  }

  /** Starts those that do not run. */
  async start(overrides: Partial<RunSettings> = {}): Promise<void> {
    const down = this.members.filter((member) => !member.isRunning);
    await Promise.all(down.map((member) => member.start(overrides)));
  }

  async startPeer(): Promise<VaultUnderTest> {
    return await this.#first.startPeer();
  }

  output(): string {
    return [...new Set(this.members.map((member) => member.output()))].join('');
  }

  forgetOutput(): void {
    for (const member of this.members) member.forgetOutput();
  }

  crash(): string | undefined {
    return this.members.map((member) => member.crash()).find((words) => words !== undefined);
  }
}
