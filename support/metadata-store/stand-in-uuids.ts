import { Binary, BSON, BSONSymbol, type Document, UUID } from 'mongodb';
import { commandOf, readMessage, writeMessage } from './op-msg';

/** The length and the subtype of a UUID in BSON. */
const UUID_HEAD = Buffer.of(16, 0, 0, 0, Binary.SUBTYPE_UUID);

/**
 * jongodb puts binary values in no order. So UUIDs lie there as symbols, a kind of text that nobody else uses, which
 * it sorts as MongoDB sorts them; and whoever looks past the relay reads them as the text that they are written as.
 */
export class StandInUuids {
  #areThere = false;

  /** Returns a request as jongodb is to have it. */
  asked(frame: Buffer): Buffer {
    // The id of a session is a UUID, which stays one.
    const sessions = frame.includes('lsid\0') ? 1 : 0;
    const first = frame.indexOf(UUID_HEAD);
    const isPlain = first < 0 || (sessions === 1 && frame.indexOf(UUID_HEAD, first + 1) < 0);
    if (isPlain || commandOf(frame) === undefined) return frame;
    this.#areThere = true;
    return rewritten(frame, (value) =>
      value instanceof Binary && value.sub_type === Binary.SUBTYPE_UUID
        ? new BSONSymbol(value.toUUID().toHexString())
        : value,
    );
  }

  /** Returns an answer as the vault is to have it. */
  answered(frame: Buffer): Buffer {
    if (!this.#areThere || commandOf(frame) === undefined) return frame;
    return rewritten(frame, (value) => (value instanceof BSONSymbol ? new UUID(value.toString()) : value));
  }
}

type Change = (value: unknown) => unknown;

function rewritten(frame: Buffer, change: Change): Buffer {
  const message = readMessage(frame);
  const { lsid, ...whole } = message.body;
  const sequences = [...message.sequences].map(([name, documents]): [string, readonly Buffer[]] => [
    name,
    documents.map((document) => Buffer.from(BSON.serialize(deep(document, change) as Document))),
  ]);
  const body = { ...(deep(whole, change) as Document), ...(lsid === undefined ? {} : { lsid }) };
  return writeMessage({ ...message, body, sequences: new Map(sequences) });
}

function deep(value: unknown, change: Change): unknown {
  if (Buffer.isBuffer(value)) return deep(BSON.deserialize(value, { promoteValues: false }), change);
  if (Array.isArray(value)) return value.map((each) => deep(each, change));
  const isDocument =
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  if (!isDocument) return change(value);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, deep(each, change)]));
}
