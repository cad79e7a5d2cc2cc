import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { BSON, type Document, Int32 } from 'mongodb';
import {
  commandOf,
  isWrite,
  MessageFrames,
  type OpMessage,
  readMessage,
  responseToOf,
  writeMessage,
} from './op-msg';
import { StandInUuids } from './stand-in-uuids';
import type { Relay } from './tcp-gate';

const DUPLICATE_KEY = 11000;
const LARGEST_SKIP = 2 ** 31 - 1;
const READS: readonly string[] = ['find', 'aggregate'];

/**
 * Stands between a vault and jongodb, the offline stand-in, and has it do what MongoDB does, where a right
 * vault would be red otherwise: several inserts of which one is a duplicate insert the others, a `skip` may
 * have 64 bits, `$currentDate` is known, UUIDs have an order, and writes of several connections come one after the other, so that
 * `findAndModify` is atomic. Everything else passes as it is.
 */
export class StandInRelay implements Relay {
  readonly #uuids = new StandInUuids();
  #lastWrite: Promise<unknown> = Promise.resolve();

  connect(client: Socket, upstream: Socket, answers: Writable): void {
    const inTurn: InTurn = async (write) => await this.#inTurn(write);
    const connection = new RelayedConnection(client, upstream, answers, { inTurn, uuids: this.#uuids });
    client.once('end', () => upstream.end());
    upstream.once('end', () => answers.end());
    upstream.once('close', () => connection.end());
  }

  async #inTurn(write: () => Promise<void>): Promise<void> {
    const turn = this.#lastWrite.then(write);
    this.#lastWrite = turn.catch(() => undefined);
    await turn;
  }
}

type InTurn = (write: () => Promise<void>) => Promise<void>;
type Answer = (frame: Buffer | undefined) => void;

/** What all connections have in common. */
interface Shared {
  readonly inTurn: InTurn;
  readonly uuids: StandInUuids;
}

class RelayedConnection {
  readonly #answers: Writable;
  readonly #upstream: Socket;
  readonly #shared: Shared;
  readonly #awaited = new Map<number, Answer>();
  #nextId = 1;
  #hasEnded = false;

  constructor(client: Socket, upstream: Socket, answers: Writable, shared: Shared) {
    this.#answers = answers;
    this.#upstream = upstream;
    this.#shared = shared;
    const asked = new MessageFrames();
    const answered = new MessageFrames();
    client.on('data', (chunk: Buffer) => {
      for (const frame of asked.push(chunk)) this.#ask(shared.uuids.asked(frame));
    });
    upstream.on('data', (chunk: Buffer) => {
      for (const frame of answered.push(chunk)) this.#answer(frame);
    });
  }

  /** Nobody answers any more: whoever waits is told. */
  end(): void {
    this.#hasEnded = true;
    for (const answer of this.#awaited.values()) answer(undefined);
    this.#awaited.clear();
  }

  #ask(frame: Buffer): void {
    const command = commandOf(frame);
    if (command !== undefined && READS.includes(command)) this.#upstream.write(withShortSkip(frame));
    else if (command === undefined || !isWrite(command)) this.#upstream.write(frame);
    else void this.#shared.inTurn(async () => await this.#write(command, withPlainDates(frame)));
  }

  #answer(frame: Buffer): void {
    const id = responseToOf(frame);
    const answer = this.#awaited.get(id);
    if (answer === undefined) this.#say(frame);
    this.#awaited.delete(id);
    answer?.(frame);
  }

  async #write(command: string, request: Buffer): Promise<void> {
    const answer = await this.#exchange(request);
    if (answer === undefined) return;
    const refused =
      command === 'insert' && isDuplicate(readMessage(answer).body) ? readMessage(request) : undefined;
    this.#say(refused === undefined ? answer : await this.#oneByOne(refused));
  }

  #say(answer: Buffer): void {
    this.#answers.write(this.#shared.uuids.answered(answer));
  }

  /** Inserts the documents of a request that was refused as a whole, and answers as MongoDB does. */
  async #oneByOne(request: OpMessage): Promise<Buffer> {
    const { documents: within = [], ordered, ...body } = request.body;
    const documents = request.sequences.get('documents') ?? (within as readonly Buffer[]);
    const isOrdered = ordered === undefined || ordered.valueOf() === true;
    const writeErrors: Document[] = [];
    let n = 0;
    for (const [index, document] of documents.entries()) {
      const sequences = new Map([['documents', [document]]]);
      const answer = await this.#exchange(writeMessage({ requestId: 0, responseTo: 0, body, sequences }));
      const said = answer === undefined ? undefined : readMessage(answer).body;
      if (said !== undefined && isOk(said)) n += 1;
      else if (said !== undefined) writeErrors.push({ index, code: said.code, errmsg: said.errmsg });
      if (writeErrors.length > 0 && isOrdered) break;
    }
    const errors = writeErrors.length === 0 ? {} : { writeErrors };
    return writeMessage({
      requestId: 0,
      responseTo: request.requestId,
      body: { n: new Int32(n), ...errors, ok: 1 },
      sequences: new Map(),
    });
  }

  /**
   * Asks under an id of its own, for those of the vault are the vault's; resolves with the answer as if to
   * its id.
   */
  async #exchange(request: Buffer): Promise<Buffer | undefined> {
    if (this.#hasEnded) return undefined;
    const theirs = request.readInt32LE(4);
    const own = -this.#nextId++;
    const frame = Buffer.from(request);
    frame.writeInt32LE(own, 4);
    return await new Promise((resolve) => {
      this.#awaited.set(own, (answer) => {
        answer?.writeInt32LE(theirs, 8);
        resolve(answer);
      });
      this.#upstream.write(frame);
    });
  }
}

function isOk({ ok }: Document): boolean {
  return ok?.valueOf() === 1;
}

function isDuplicate(answer: Document): boolean {
  return !isOk(answer) && answer.code?.valueOf() === DUPLICATE_KEY;
}

/** A `skip` of more than 31 bits skips everything that the stand-in can hold. */
function withShortSkip(frame: Buffer): Buffer {
  if (!frame.includes('skip\0')) return frame;
  const message = readMessage(frame);
  const stages = (message.body.pipeline ?? []) as Document[];
  const pipeline = stages.map((stage) =>
    '$skip' in stage ? { ...stage, $skip: short(stage.$skip) } : stage,
  );
  const { skip } = message.body;
  const body = {
    ...message.body,
    ...(skip === undefined ? {} : { skip: short(skip) }),
    ...(message.body.pipeline === undefined ? {} : { pipeline }),
  };
  return writeMessage({ ...message, body });
}

function short(skip: unknown): unknown {
  const number = Number(skip);
  return Number.isNaN(number) ? skip : new Int32(Math.min(number, LARGEST_SKIP));
}

/** The stand-in knows no clock: dates that MongoDB would set are set here. */
function withPlainDates(frame: Buffer): Buffer {
  if (!frame.includes('$currentDate\0')) return frame;
  const message = readMessage(frame);
  const { updates, update } = message.body;
  const sequences = new Map(
    [...message.sequences].map(([name, documents]): [string, readonly Buffer[]] => [
      name,
      name === 'updates' ? documents.map(withDateIn) : documents,
    ]),
  );
  const body = {
    ...message.body,
    ...(Array.isArray(updates) ? { updates: updates.map(dated) } : {}),
    ...(typeof update === 'object' && !Array.isArray(update) ? { update: datedUpdate(update) } : {}),
  };
  return writeMessage({ ...message, body, sequences });
}

function withDateIn(statement: Buffer): Buffer {
  return Buffer.from(BSON.serialize(dated(BSON.deserialize(statement, { promoteValues: false }))));
}

function dated(statement: Document): Document {
  return Array.isArray(statement.u) ? statement : { ...statement, u: datedUpdate(statement.u) };
}

function datedUpdate({ $currentDate, $set, ...rest }: Document): Document {
  if ($currentDate === undefined) return $set === undefined ? rest : { ...rest, $set };
  const now = new Date();
  return {
    ...rest,
    $set: { ...$set, ...Object.fromEntries(Object.keys($currentDate).map((name) => [name, now])) },
  };
}
