import { Double, Int32, Long } from 'mongodb';
import { z } from 'zod';
import { type ChecksumForm, describeForm, readChecksum } from './checksum-form';
import type { LogIds } from './log-shape';
import { memberAt } from './member-path';
import { writtenName } from './written-name';

/** One document of the vault's metadata as contract section 3 wants it. */
export interface MetadataRecord {
  readonly kind: 'record';
  readonly logId: string;
  /** The same where it is a number. */
  readonly idNumber?: number;
  readonly providerId: string;
  /** The provider's own id for the log. */
  readonly sourceId: string;
  readonly jobId: string;
  /** The provider's string, unchanged. */
  readonly timestamp: string;
  /** As the contract writes it, however the vault does. */
  readonly checksum: string;
  readonly bytes: number;
  readonly object: { readonly bucket: string; readonly key: string };
}

/** One document that is not what contract section 3 wants: the vault's failing, told in words. */
export interface MalformedRecord {
  readonly kind: 'malformed';
  readonly logId: string;
  /** For example `bytes: expected number, received string; object.key: missing`. */
  readonly problem: string;
}

export type StoredRecord = MetadataRecord | MalformedRecord;

/** Where the members of a record are in a document, dots leading to members of members. */
export interface MetadataPaths {
  readonly logId: string;
  readonly providerId: string;
  readonly sourceId: string;
  readonly jobId: string;
  readonly timestamp: string;
  readonly checksum: string;
  readonly bytes: string;
  /** An `s3://bucket/key`, or where bucket and key are. */
  readonly object: string | { readonly bucket: string; readonly key: string };
}

interface Parts {
  readonly collection: string;
  readonly paths: MetadataPaths;
  readonly ids: LogIds;
  readonly checksumForm: ChecksumForm;
}

/** Vaults write whole numbers as int32, int64 or double, and drivers hand them over in various forms. */
const wholeNumber = z.preprocess((value) => {
  if (value instanceof Long) return value.toNumber();
  if (value instanceof Double || value instanceof Int32) return value.value;
  return typeof value === 'bigint' ? Number(value) : value;
}, z.number().int().nonnegative());

/** A document of the vault's metadata, in its own shape. */
type MetadataDocument = Readonly<Record<string, unknown>>;

/** Where metadata lies, and how it is written. */
export class MetadataShape {
  readonly collection: string;
  readonly paths: MetadataPaths;
  readonly #members: readonly (readonly [keyof Members, string, z.ZodType])[];
  readonly #ids: LogIds;

  constructor({ collection, paths, ids, checksumForm }: Parts) {
    this.collection = collection;
    this.paths = paths;
    this.#ids = ids;
    const checksum = z.string().transform((text, context) => {
      const read = readChecksum(checksumForm, text);
      if (read === undefined) context.addIssue(`is not ${describeForm(checksumForm)}`);
      return read ?? z.NEVER;
    });
    const id = z.preprocess((value) => ids.read(value) ?? value, z.string());
    this.#members = [
      ['logId', paths.logId, id],
      ['providerId', paths.providerId, z.string()],
      ['sourceId', paths.sourceId, z.string()],
      ['jobId', paths.jobId, id],
      ['timestamp', paths.timestamp, z.string()],
      ['checksum', paths.checksum, checksum],
      ['bytes', paths.bytes, wholeNumber],
      ...(typeof paths.object === 'string'
        ? [['object', paths.object, s3Uri] as const]
        : [
            ['bucket', paths.object.bucket, z.string()] as const,
            ['key', paths.object.key, z.string()] as const,
          ]),
    ];
  }

  /** The documents of one of a provider's logs. */
  documentsOf(log: { readonly providerId: string; readonly sourceId: string }): MetadataDocument {
    return { [this.paths.providerId]: log.providerId, [this.paths.sourceId]: log.sourceId };
  }

  /** Reads a document as the record that it has to be. */
  record(document: MetadataDocument): StoredRecord {
    const found = this.members(document);
    const problems = found.filter(({ problem }) => problem !== undefined);
    if (problems.length > 0) {
      const logId = this.#ids.read(memberAt(document, this.paths.logId)) ?? String(document._id);
      const problem = problems.map((member) => `${member.path}: ${member.problem}`).join('; ');
      return { kind: 'malformed', logId, problem };
    }
    const { bucket, key, object, ...members } = Object.fromEntries(
      found.map(({ member, value }) => [member, value]),
    ) as unknown as Members;
    const idNumber = wholeNumberIn(memberAt(document, this.paths.logId));
    return {
      kind: 'record',
      ...members,
      ...(idNumber === undefined ? {} : { idNumber }),
      object: object ?? { bucket, key },
    };
  }

  /** Looks at each member of a document: its place, its value, and what is wrong with it. */
  members(document: MetadataDocument): readonly SeenMember[] {
    return this.#members.map(([member, path, form]) => {
      const found = memberAt(document, path);
      const { data, error } = form.safeParse(found);
      const problem = error === undefined ? {} : { problem: wording(error.issues[0]?.message ?? '') };
      const isOfObject = member === 'bucket' || member === 'key';
      const name = isOfObject ? `object.${member}` : writtenName(member);
      return { member, name, path, found, value: data, ...problem };
    });
  }
}

/** A member of a document as it was found. */
export interface SeenMember {
  /** Its name in the suite. */
  readonly member: string;
  /** Its name in a profile, below `metadata`. */
  readonly name: string;
  readonly path: string;
  /** As it lies there. */
  readonly found: unknown;
  /** As the contract has it. */
  readonly value: unknown;
  readonly problem?: string;
}

/** The members as they lie in a document: an object by its address, or by bucket and key. */
interface Members extends Omit<MetadataRecord, 'kind' | 'object'> {
  readonly object: MetadataRecord['object'] | undefined;
  readonly bucket: string;
  readonly key: string;
}

const s3Uri = z.string().transform((text, context) => {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(text) ?? [];
  if (bucket === undefined || key === undefined) {
    context.addIssue('is not an "s3://bucket/key"');
    return z.NEVER;
  }
  return { bucket, key };
});

/** Texts are none, whatever they hold. */
function wholeNumberIn(id: unknown): number | undefined {
  const isNumber = typeof id === 'number' || typeof id === 'bigint' || id instanceof Long;
  return isNumber ? Number(String(id)) : undefined;
}

function wording(message: string): string {
  return /received undefined$/.test(message) ? 'missing' : message.replace(/^Invalid input: /, '');
}
