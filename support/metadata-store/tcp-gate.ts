import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { SuiteError } from '../bytes/errors';
import { resetSocket } from '../faults/reset-socket';
import { AnswerStream } from './answer-stream';
import type { HostAndPort } from './mongo-uri';
import { commandOf, type Write } from './op-msg';

/** Passes on what a connection says, in both directions, until either side has ended. */
export interface Relay {
  /** @param answers takes what is to be said to the client */
  connect(client: Socket, upstream: Socket, answers: Writable): void;
}

const PLAIN_RELAY: Relay = {
  connect: (client, upstream, answers) => {
    client.pipe(upstream);
    upstream.pipe(answers);
  },
};

/**
 * How MongoDB is away: `cut off`, every connection reset and every new one refused, or `silent`, nothing refused and
 * nothing answered, as behind a firewall that drops what it is sent.
 */
export type Absence = 'cut off' | 'silent';

/** A connection that is passed on. */
interface Passage {
  readonly upstream: Socket;
  readonly answers: AnswerStream;
}

/**
 * A TCP proxy in front of MongoDB that can take it away and give it back, have it answer late, and lose its answers. What
 * it passes on it passes on whole.
 */
export class TcpGate {
  readonly #server: Server;
  readonly #target: HostAndPort;
  readonly #port: number;
  readonly #relay: Relay;
  readonly #passages = new Map<Socket, Passage>();
  readonly #watched: Buffer[] = [];
  /** Connections made while it was silent. */
  readonly #unanswered = new Set<Socket>();
  #absence: Absence | undefined;
  #delayMs = 0;
  #toLose: { readonly writes: readonly Write[]; times: number } | undefined;
  #lost = 0;
  #hits = 0;
  #sawWatched = false;

  private constructor(server: Server, port: number, target: HostAndPort, relay: Relay) {
    this.#server = server;
    this.#port = port;
    this.#target = target;
    this.#relay = relay;
    server.on('connection', (socket) => this.#admit(socket));
    // Failing to accept one connection (too many open files, say) must not end the process.
    server.on('error', () => undefined);
  }

  /**
   * Opens a gate that leads to `target`.
   * @param options.port a fixed port; a free one by default
   * @param options.bindHost the address to listen on, 127.0.0.1 by default (BIND_HOST, contract section 7)
   * @param options.relay passes on what connections say; unchanged by default
   * @throws SuiteError if the port cannot be had
   */
  static async open(
    target: HostAndPort,
    options: { readonly port?: number; readonly bindHost?: string; readonly relay?: Relay } = {},
  ): Promise<TcpGate> {
    const { port = 0, bindHost = '127.0.0.1', relay = PLAIN_RELAY } = options;
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    try {
      server.listen(port, bindHost);
      await once(server, 'listening');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new SuiteError(
        `The gate in front of MongoDB cannot listen on ${bindHost}:${port} (${reason}): stop what uses that port or choose another.`,
        { cause: error },
      );
    }
    const address = server.address();
    const actualPort = address !== null && typeof address === 'object' ? address.port : port;
    return new TcpGate(server, actualPort, target, relay);
  }

  /** The port it listens on, the same for its whole life. */
  get port(): number {
    return this.#port;
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#passages.size;
  }

  /** The times the latest absence was felt: connections that it met, and those made since. */
  get hits(): number {
    return this.#hits;
  }

  /** Answers that were lost so far. */
  get lost(): number {
    return this.#lost;
  }

  /** Has each answer come so much later from now on; 0 for at once. */
  answerAfter(delayMs: number): void {
    this.#delayMs = delayMs;
  }

  /** Lets the next writes of some kinds take effect, and resets their connections in place of their answers. */
  loseAnswers(writes: readonly Write[], times: number): void {
    this.#toLose = { writes, times };
  }

  /** Looks from now on for a text in all that is said to MongoDB, where it is said in plain words. */
  watchFor(text: string): void {
    this.#watched.push(Buffer.from(text));
  }

  /** Whether a text that it looks for was said since it began to look for any. */
  get sawWatched(): boolean {
    return this.#sawWatched;
  }

  /** Looks for nothing any more. */
  watchNothing(): void {
    this.#watched.length = 0;
    this.#sawWatched = false;
  }

  /**
   * Takes MongoDB away. Not by closing the listener: that could not count what it refuses, and another process could
   * take the port meanwhile.
   */
  async cut(absence: Absence = 'cut off'): Promise<void> {
    if (this.#absence !== undefined) return;
    this.#absence = absence;
    this.#hits = this.#passages.size;
    if (absence === 'cut off') await this.#resetAll();
    else this.#passages.forEach(silence);
  }

  /** Gives MongoDB back, at once, and has it answer as usual. What was sent while it was silent is lost, and its connections with it. */
  async heal(): Promise<void> {
    const wasSilent = this.#absence === 'silent';
    this.#absence = undefined;
    this.#delayMs = 0;
    this.#toLose = undefined;
    if (wasSilent) await this.#resetAll();
  }

  /** Ends it for good: nothing stays open. May be called twice. */
  async close(): Promise<void> {
    const closed = this.#server.listening ? once(this.#server, 'close') : undefined;
    this.#server.close();
    await this.#resetAll();
    await closed;
  }

  #admit(client: Socket): void {
    client.on('error', () => undefined); // "close" follows, and tells of it
    if (this.#absence !== undefined) this.#hits += 1;
    if (this.#absence === 'cut off' || !this.#server.listening) {
      resetSocket(client);
      return;
    }
    if (this.#absence === 'silent') {
      this.#unanswered.add(client);
      client.once('close', () => this.#unanswered.delete(client));
      swallow(client);
      return;
    }
    const upstream = connect({ ...this.#target, allowHalfOpen: true, noDelay: true });
    upstream.on('error', () => undefined);
    const answers = new AnswerStream(
      () => this.#delayMs,
      () => {
        this.#lost += 1;
        resetSocket(client);
        resetSocket(upstream);
      },
    );
    this.#passages.set(client, { upstream, answers });
    client.once('close', (hadError) => {
      answers.destroy();
      this.#follow(client, upstream, hadError);
    });
    upstream.once('close', (hadError) => this.#follow(client, upstream, hadError));
    answers.on('error', () => undefined).pipe(client);
    this.#relay.connect(client, upstream, answers);
    this.#listenTo(client, answers);
  }

  /** A text may come in two parts: the end of what was said before is looked at again. */
  #listenTo(client: Socket, answers: AnswerStream): void {
    let before = Buffer.alloc(0);
    client.on('data', (chunk: Buffer) => {
      if (this.#isToLose(chunk)) answers.loseNext();
      if (this.#watched.length === 0) return;
      const said = Buffer.concat([before, chunk]);
      this.#sawWatched ||= this.#watched.some((text) => said.includes(text));
      before = said.subarray(-Math.max(...this.#watched.map(({ byteLength }) => byteLength)));
    });
  }

  /** Drivers send one command at a time on a connection, so that each begins a chunk. */
  #isToLose(chunk: Buffer): boolean {
    const toLose = this.#toLose;
    if (toLose === undefined || toLose.times === 0) return false;
    const command = commandOf(chunk);
    if (!toLose.writes.some((write) => write === command)) return false;
    toLose.times -= 1;
    return true;
  }

  /**
   * One side is gone: after a clean end the other was told by the pipe already, after a failure it is reset.
   */
  #follow(client: Socket, upstream: Socket, hadError: boolean): void {
    if (hadError) {
      resetSocket(client);
      resetSocket(upstream);
    }
    if (client.closed && upstream.closed) this.#passages.delete(client);
  }

  async #resetAll(): Promise<void> {
    const passed = [...this.#passages].flatMap(([client, { upstream }]) => [client, upstream]);
    const sockets = [...passed, ...this.#unanswered];
    await Promise.all(
      sockets.map(async (socket) => {
        if (socket.closed) return;
        const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
        resetSocket(socket);
        await gone;
      }),
    );
  }
}

/** Takes whatever the socket is sent and does nothing with it. */
function swallow(socket: Socket): void {
  socket.unpipe();
  socket.removeAllListeners('data');
  socket.resume();
}

function silence({ upstream, answers }: Passage, client: Socket): void {
  answers.mute();
  swallow(client);
  swallow(upstream);
}
