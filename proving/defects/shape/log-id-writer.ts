import { createHash } from 'node:crypto';
import { Long, ObjectId, UUID } from 'mongodb';

/** The kinds of ids that a vault may give; in documents they are what they are, elsewhere they are texts. */
export type IdKind = 'text' | 'object id' | 'uuid' | 'number';

/** Makes ids of a kind of the contract's: of different ones different ones, ordered as they are. */
export class LogIdWriter {
  constructor(private readonly kind: IdKind) {}

  /** The id as an API shows it. */
  write(contractId: string): string {
    const [, hex = digest(contractId)] = /^log_([0-9a-f]{24})$/.exec(contractId) ?? [];
    switch (this.kind) {
      case 'text':
        return Buffer.from(contractId).toString('base64url');
      case 'object id':
        return hex;
      case 'uuid':
        return new UUID(`${hex}00000000`).toString();
      case 'number':
        return String(Number.parseInt(hex.slice(0, 13), 16));
    }
  }

  /** The id as a document has it; another text as it is. */
  toStored(id: string): unknown {
    if (this.kind === 'object id' && /^[0-9a-f]{24}$/.test(id)) return new ObjectId(id);
    if (this.kind === 'uuid' && UUID.isValid(id)) return new UUID(id);
    if (this.kind === 'number' && /^\d{1,16}$/.test(id)) return Long.fromString(id);
    return id;
  }

  /** Undoes `toStored`. */
  fromStored(value: unknown): unknown {
    const isOne = typeof value === 'number' || value instanceof ObjectId || value instanceof UUID;
    return isOne || value instanceof Long ? String(value) : value;
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}
