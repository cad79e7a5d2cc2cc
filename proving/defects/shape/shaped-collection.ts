import type { AggregateOptions, Collection, Document, FindCursor } from 'mongodb';
import type { LogDocument } from '../../../reference-vault/persistence/documents';
import type { ShapedDocuments } from './shaped-documents';

/** A collection in another shape, as the reference vault and its defects use theirs. */
export function shapedCollection(real: Collection, shape: ShapedDocuments): Collection<LogDocument> {
  const collection = {
    createIndex: async (members: Document, options?: Document) =>
      await real.createIndex(shape.order(members), options),
    insertMany: async (records: readonly Document[], options?: Document) =>
      await real.insertMany(
        records.map((record) => shape.document(record)),
        options,
      ),
    insertOne: async (record: Document) => await real.insertOne(shape.document(record)),
    updateOne: async (filter: Document, change: Document, options?: Document) =>
      await real.updateOne(shape.filter(filter), shape.change(change), options),
    replaceOne: async (filter: Document, record: Document, options?: Document) =>
      await real.replaceOne(
        shape.filter(filter),
        withoutId(shape.document({ ...filter, ...record })),
        options,
      ),
    deleteOne: async (filter: Document) => await real.deleteOne(shape.filter(filter)),
    findOne: async (filter: Document) => {
      const found = await real.findOne(shape.filter(filter));
      return found === null ? null : shape.record(found);
    },
    find: (filter: Document) => shapedCursor(real.find(shape.filter(filter)), shape),
    countDocuments: async (filter: Document) => await real.countDocuments(shape.filter(filter)),
    aggregate: (stages: readonly Document[], options?: AggregateOptions) =>
      real.aggregate(
        stages.map((stage) => shape.stage(stage)),
        options,
      ),
  };
  return collection as unknown as Collection<LogDocument>;
}

/** A replacement keeps the document's own id. */
function withoutId({ _id, ...document }: Document): Document {
  return document;
}

function shapedCursor(real: FindCursor<Document>, shape: ShapedDocuments): object {
  const cursor = {
    sort: (order: Document) => {
      real.sort(shape.order(order) as Record<string, 1 | -1>);
      return cursor;
    },
    skip: (count: number) => {
      real.skip(count);
      return cursor;
    },
    limit: (count: number) => {
      real.limit(count);
      return cursor;
    },
    toArray: async () => (await real.toArray()).map((document) => shape.record(document)),
  };
  return cursor;
}
