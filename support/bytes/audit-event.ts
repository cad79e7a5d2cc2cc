/**
 * A payload like those of audit log providers: an event of its own for each name, spelt so that a vault that
 * parses and writes it again changes its bytes. A defect of fidelity so shows in any scenario, not in one
 * feature alone.
 */
export function auditEvent(name: string): Buffer {
  return Buffer.from(
    `{ "eventName" : ${JSON.stringify(name)},\n  "eventVersion": 1.10, "sequence": 9007199254740993,\n  "user": {"name": "Ame\u0301lie \\u00e9", "session": null},\n  "amount": 1.0, "tags": [ ]\n}\n`,
  );
}

/** The bytes with one bit of one of them flipped: what tampering looks like. */
export function withOneByteChanged(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  const middle = changed.byteLength >> 1;
  changed[middle] = (changed[middle] ?? 0) ^ 0x01;
  return changed;
}

/** The changes that may be made to a stored object behind a vault's back, by the words of a feature file. */
export const tamperings: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  'changed one byte of': withOneByteChanged,
  'cut off the second half of': (bytes) => bytes.subarray(0, bytes.byteLength >> 1),
  'added a line to': (bytes) => Buffer.concat([bytes, Buffer.from('{"eventName":"nothing to see here"}\n')]),
  emptied: () => Buffer.alloc(0),
};
