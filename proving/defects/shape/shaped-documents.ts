import type { Document } from 'mongodb';
import { memberAt, place } from '../../../support/profile/member-path';
import type { MetadataPaths } from '../../../support/profile/metadata-shape';
import type { ChecksumWriter } from './checksum-writer';
import type { LogIdWriter } from './log-id-writer';

/** Under this name lies what the reference vault writes beside the members of the contract. */
const OWN = 'reference_vault';
/** Where the id of a log lies elsewhere, the document has one of its own. */
const ENTRY = 'entry:';

interface Parts {
  readonly paths: MetadataPaths;
  readonly checksums: ChecksumWriter;
  readonly ids: LogIdWriter;
}

/** Turns the records of the reference vault into documents of another shape, and back. */
export class ShapedDocuments {
  readonly #places: Readonly<Record<string, string>>;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    const { logId, providerId, sourceId, jobId, timestamp, checksum, bytes } = parts.paths;
    this.#parts = parts;
    this.#places = {
      _id: logId,
      provider_id: providerId,
      source_id: sourceId,
      job_id: jobId,
      timestamp,
      checksum,
      bytes,
    };
  }

  /** A record, or some members of one. */
  document({ object, ...members }: Document): Document {
    const document: Document = {};
    if (typeof members._id === 'string' && this.#places._id !== '_id') document._id = ENTRY + members._id;
    for (const [name, value] of Object.entries(members))
      place(document, this.#at(name), this.#to(name, value));
    for (const [path, value] of this.#objectMembers(object)) place(document, path, value);
    return document;
  }

  record(document: Document): Document {
    const { object } = this.#parts.paths;
    const record: Document = { ...(memberAt(document, OWN) as Document | undefined) };
    for (const [name, path] of Object.entries(this.#places)) {
      const value = memberAt(document, path);
      if (value !== undefined) record[name] = this.#from(name, value);
    }
    const [, bucket, key] =
      typeof object === 'string'
        ? (/^s3:\/\/([^/]*)\/(.*)$/s.exec(String(memberAt(document, object))) ?? [])
        : [undefined, memberAt(document, object.bucket), memberAt(document, object.key)];
    return { ...record, object: { bucket, key } };
  }

  /** A condition of a query. */
  filter(filter: Document): Document {
    return Object.fromEntries(
      Object.entries(filter).map(([name, value]) =>
        name.startsWith('$') && Array.isArray(value)
          ? [name, value.map((part: Document) => this.filter(part))]
          : [this.#at(name), this.#condition(name, value)],
      ),
    );
  }

  /** An order, or the members of an index. */
  order(order: Document): Document {
    return Object.fromEntries(Object.entries(order).map(([name, value]) => [this.#at(name), value]));
  }

  /** What an update does. */
  change(change: Document): Document {
    return Object.fromEntries(
      Object.entries(change).map(([operator, members]) => [
        operator,
        flat(this.document(members as Document)),
      ]),
    );
  }

  /** The stages of an aggregation: a condition, and members by their names. */
  stage(stage: Document): Document {
    const renamed = (value: unknown): unknown => {
      if (typeof value === 'string') return value.startsWith('$') ? `$${this.#at(value.slice(1))}` : value;
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, renamed(part)]));
    };
    return stage.$match === undefined
      ? (renamed(stage) as Document)
      : { $match: this.filter(stage.$match as Document) };
  }

  #at(name: string): string {
    return this.#places[name] ?? `${OWN}.${name}`;
  }

  #condition(name: string, value: unknown): unknown {
    if (typeof value !== 'object' || value === null || value instanceof RegExp) return this.#to(name, value);
    return Object.fromEntries(
      Object.entries(value).map(([operator, of]) => [
        operator,
        Array.isArray(of) ? of.map((one) => this.#to(name, one)) : this.#to(name, of),
      ]),
    );
  }

  #to(name: string, value: unknown): unknown {
    if (typeof value !== 'string') return value;
    if (name === '_id') return this.#parts.ids.toStored(value);
    return name === 'checksum' ? this.#parts.checksums.write(value) : value;
  }

  #from(name: string, value: unknown): unknown {
    if (name === '_id') return this.#parts.ids.fromStored(value);
    return name === 'checksum' && typeof value === 'string' ? this.#parts.checksums.read(value) : value;
  }

  #objectMembers(object: Document | undefined): readonly (readonly [string, unknown])[] {
    if (object === undefined) return [];
    const { bucket, key } = object;
    const at = this.#parts.paths.object;
    if (typeof at === 'string') return [[at, `s3://${bucket}/${key}`]];
    return [
      [at.bucket, bucket],
      [at.key, key],
    ];
  }
}

/** Members of members by their paths, so that an update leaves the others as they are. */
function flat(members: Document, within = ''): Document {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
        ? Object.entries(flat(value as Document, `${within}${name}.`))
        : [[within + name, value]],
    ),
  );
}
