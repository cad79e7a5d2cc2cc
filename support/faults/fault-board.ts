import { hasHungUp } from './waiting';

/** A fault that a scenario armed: what it does, how often it may strike, and how often it has struck. */
export class ArmedFault<Fault> {
  /** Settles when the fault is released or healed; what the fault holds back goes on then. */
  readonly released: Promise<void>;
  #hits = 0;
  #release: () => void = () => undefined;

  constructor(
    /** The fault in words that follow "armed, but never met: …". */
    readonly what: string,
    readonly fault: Fault,
    /** The number of calls it strikes; `Infinity` strikes until it is healed. */
    readonly times: number,
  ) {
    this.released = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  get hits(): number {
    return this.#hits;
  }

  /** A fault for n calls has fired when all n met it; a lasting one when at least one did. */
  get fired(): boolean {
    return this.#hits >= (Number.isFinite(this.times) ? this.times : 1);
  }

  get spent(): boolean {
    return this.#hits >= this.times;
  }

  strike(): this {
    this.#hits += 1;
    return this;
  }

  /** Takes a strike back that nobody was left to meet: the fault waits for the next call. */
  takeBack(): void {
    this.#hits -= 1;
  }

  release(): void {
    this.#release();
  }
}

interface Entry<Call, Fault> {
  readonly armed: ArmedFault<Fault>;
  readonly matches: (call: Call) => boolean;
}

/**
 * The faults a scenario has armed against one dependency of the vault, and the calls that are under way
 * there. Faults are matched by what a call is about, never by its position, because vaults may work in any
 * order (contract, section 4).
 */
export class FaultBoard<Call, Fault> {
  #entries: Entry<Call, Fault>[] = [];
  #past: ArmedFault<Fault>[] = [];
  #underWay = new Set<object>();

  /**
   * @param isMetByHangingUp true for a fault that keeps a vault waiting: one that hangs up has met it just so
   */
  constructor(private readonly isMetByHangingUp: (fault: Fault) => boolean = () => false) {}

  /** Calls that have not been answered yet. */
  get inFlight(): number {
    return this.#underWay.size;
  }

  /** Arms `fault` for the next `times` calls that match; the fault armed first strikes first. */
  arm(what: string, matches: (call: Call) => boolean, fault: Fault, times: number): ArmedFault<Fault> {
    const armed = new ArmedFault(what, fault, times);
    this.#entries.push({ armed, matches });
    return armed;
  }

  /**
   * The fault that strikes this call, counted as a hit; `undefined` when the call is to be served as usual.
   */
  strike(call: Call): ArmedFault<Fault> | undefined {
    return this.#entries.find(({ armed, matches }) => !armed.spent && matches(call))?.armed.strike();
  }

  /** Serves one call, under way until `work` is done, which is told the fault that strikes the call. */
  async serve<Result>(
    call: Call,
    work: (struck: ArmedFault<Fault> | undefined) => Promise<Result>,
  ): Promise<Result> {
    const underWay = this.#underWay; // a call that outlasts its scenario is none of the next
    const own = {};
    underWay.add(own);
    try {
      return await work(this.strike(call));
    } finally {
      underWay.delete(own);
    }
  }

  /**
   * True when the caller hung up before the fault could meet it: then the fault strikes the next call
   * instead.
   */
  async missed(struck: ArmedFault<Fault> | undefined, gone: AbortSignal | undefined): Promise<boolean> {
    if (struck === undefined || this.isMetByHangingUp(struck.fault)) return false;
    if (!(await hasHungUp(gone))) return false;
    struck.takeBack();
    return true;
  }

  /** Every fault that was armed and has not fired as often as it should have, in words. */
  unfired(): string[] {
    return [...this.#past, ...this.#entries.map(({ armed }) => armed)]
      .filter(({ fired }) => !fired)
      .map(({ what, hits, times }) =>
        Number.isFinite(times) && times > 1 ? `${what} (met ${hits} of ${times} times)` : what,
      );
  }

  /** Ends every fault and lets go of what they hold back; `unfired` still remembers them. */
  heal(): void {
    for (const { armed } of this.#entries) {
      armed.release();
      this.#past.push(armed);
    }
    this.#entries = [];
  }

  /** Forgets everything: for the next scenario. */
  reset(): void {
    this.heal();
    this.#past = [];
    this.#underWay = new Set();
  }
}
