/** A stream that may be a terminal. */
interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const ERASE = '\r\u001b[K';
const USUAL_COLUMNS = 80;
/** Often enough that the seconds count evenly. */
const REFRESH_MS = 200;
const BAR_CELLS = 16;

/** Returns true where a run is to say no more than what went wrong and what it comes to. */
export function wantsQuiet(env: NodeJS.ProcessEnv): boolean {
  return env.AUDIT_VAULT_QUIET !== undefined && !['', '0', 'false'].includes(env.AUDIT_VAULT_QUIET);
}

/**
 * Returns true where somebody watches who wants to see a line move: a person at a terminal that can erase,
 * with all that is printed, not CI, not a worker.
 */
export function wantsProgress(env: NodeJS.ProcessEnv, ...outputs: readonly Terminal[]): boolean {
  const isUnwelcome = [env.NO_COLOR, env.CI, env.CUCUMBER_WORKER_ID].some((value) => (value ?? '') !== '');
  return (
    outputs.every(({ isTTY }) => isTTY === true) && !isUnwelcome && env.TERM !== 'dumb' && !wantsQuiet(env)
  );
}

/**
 * The last line of a terminal, written over again and again while a run goes on, and erased before anything
 * else is written.
 */
export class LiveLine {
  readonly #terminal: Terminal;
  readonly #isWanted: boolean;
  #text: (() => string) | undefined;
  #detail = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(terminal: Terminal, isWanted: boolean) {
    this.#terminal = terminal;
    this.#isWanted = isWanted;
  }

  /** Shows what `text` says, and goes on asking it. */
  start(text: () => string): void {
    if (!this.#isWanted) return;
    this.#text = text;
    this.#timer ??= setInterval(() => this.#draw(), REFRESH_MS).unref();
    this.#draw();
  }

  /** Adds how far a long step is; an empty text takes it away. */
  detail(text: string): void {
    this.#detail = text;
    this.#draw();
  }

  /** Takes the line away while `write` writes where it stood. */
  around(write: () => void): void {
    this.#erase();
    write();
    this.#draw();
  }

  /** Takes the line away for good. */
  stop(): void {
    clearInterval(this.#timer);
    this.#erase();
    this.#text = undefined;
  }

  #draw(): void {
    if (this.#text === undefined) return;
    const line = this.#detail === '' ? this.#text() : `${this.#text()} · ${this.#detail}`;
    // A line that wraps cannot be erased.
    const room = (this.#terminal.columns ?? USUAL_COLUMNS) - 1;
    this.#terminal.write(ERASE + (line.length > room ? `${line.slice(0, room - 1)}…` : line));
  }

  #erase(): void {
    if (this.#text !== undefined) this.#terminal.write(ERASE);
  }
}

/** The live line of this process; none where what is printed beside it is piped on. */
export const liveLine = new LiveLine(
  process.stderr,
  wantsProgress(process.env, process.stdout, process.stderr),
);

/** Shows how far a long step is, on the live line; where nobody watches it says nothing. */
export function terminalProgress(line: string): void {
  liveLine.detail(line);
}

/** `███░░░░░ 12 of 40`. */
export function barText(done: number, total: number): string {
  const full = total === 0 ? 0 : Math.min(BAR_CELLS, Math.floor((done / total) * BAR_CELLS));
  return `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)} ${done} of ${total}`;
}
