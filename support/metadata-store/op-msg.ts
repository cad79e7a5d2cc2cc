import { BSON, type Document } from 'mongodb';

const HEADER_BYTES = 16;
const OP_MSG = 2013;
/** The flag by which a sender says that nobody waits for an answer. */
const MORE_TO_COME = 0b10;
const CHECKSUM_PRESENT = 0b1;

/** The commands that change something. */
export const WRITES = ['insert', 'update', 'delete', 'findAndModify'] as const;
export type Write = (typeof WRITES)[number];

/**
 * A request or an answer of MongoDB's wire protocol, in the only form that drivers use once they are
 * connected.
 */
export interface OpMessage {
  readonly requestId: number;
  readonly responseTo: number;
  /** The command or its answer; numbers keep their BSON types. */
  readonly body: Document;
  /** The documents that travel beside it, by the member that they belong to. */
  readonly sequences: ReadonlyMap<string, readonly Buffer[]>;
}

/** Cuts a stream of bytes into messages: whole ones are returned, the rest waits for the next chunk. */
export class MessageFrames {
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): readonly Buffer[] {
    this.#rest = this.#rest.byteLength === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: Buffer[] = [];
    while (this.#rest.byteLength >= HEADER_BYTES) {
      const length = this.#rest.readInt32LE(0);
      if (this.#rest.byteLength < length) break;
      frames.push(this.#rest.subarray(0, length));
      this.#rest = this.#rest.subarray(length);
    }
    return frames;
  }
}

/** Returns the id of the request that a message answers; 0 for a request. */
export function responseToOf(frame: Buffer): number {
  return frame.readInt32LE(8);
}

/** Whether a command changes something. */
export function isWrite(command: string): command is Write {
  return WRITES.some((write) => write === command);
}

/**
 * Returns the name of a request's command without reading more; undefined where nobody waits for its answer.
 */
export function commandOf(frame: Buffer): string | undefined {
  if (frame.byteLength <= HEADER_BYTES + 4) return undefined;
  const flags = frame.readUInt32LE(HEADER_BYTES);
  if (frame.readInt32LE(12) !== OP_MSG || (flags & (MORE_TO_COME | CHECKSUM_PRESENT)) !== 0) return undefined;
  for (const { kind, from } of sections(frame)) {
    if (kind !== 0) continue;
    const name = from + 5; // the length of the document and the type of its first member
    return frame.toString('latin1', name, frame.indexOf(0, name));
  }
  return undefined;
}

/** Reads a message whole. */
export function readMessage(frame: Buffer): OpMessage {
  let body: Document = {};
  const sequences = new Map<string, readonly Buffer[]>();
  for (const { kind, from, to } of sections(frame)) {
    if (kind === 0) {
      body = BSON.deserialize(frame.subarray(from, to), {
        promoteValues: false,
        fieldsAsRaw: { documents: true },
      });
      continue;
    }
    const nameEnd = frame.indexOf(0, from + 4);
    sequences.set(frame.toString('utf8', from + 4, nameEnd), documentsIn(frame, nameEnd + 1, to));
  }
  return { requestId: frame.readInt32LE(4), responseTo: responseToOf(frame), body, sequences };
}

/** Returns the bytes of a message. */
export function writeMessage({ requestId, responseTo, body, sequences }: OpMessage): Buffer {
  const parts: Buffer[] = [Buffer.alloc(HEADER_BYTES + 4), Buffer.of(0), Buffer.from(BSON.serialize(body))];
  for (const [name, documents] of sequences) {
    const sequence = Buffer.concat([Buffer.alloc(4), Buffer.from(`${name}\0`), ...documents]);
    sequence.writeInt32LE(sequence.byteLength, 0);
    parts.push(Buffer.of(1), sequence);
  }
  const frame = Buffer.concat(parts);
  frame.writeInt32LE(frame.byteLength, 0);
  frame.writeInt32LE(requestId, 4);
  frame.writeInt32LE(responseTo, 8);
  frame.writeInt32LE(OP_MSG, 12);
  return frame;
}

function* sections(
  frame: Buffer,
): Generator<{ readonly kind: number; readonly from: number; readonly to: number }> {
  let at = HEADER_BYTES + 4;
  // The rest of one that comes in parts may not be there yet.
  while (at + 5 <= frame.byteLength) {
    const from = at + 1;
    const to = from + frame.readInt32LE(from);
    yield { kind: frame.readUInt8(at), from, to };
    at = to;
  }
}

function documentsIn(frame: Buffer, from: number, to: number): readonly Buffer[] {
  const documents: Buffer[] = [];
  for (let at = from; at < to; ) {
    const end = at + frame.readInt32LE(at);
    documents.push(frame.subarray(at, end));
    at = end;
  }
  return documents;
}
