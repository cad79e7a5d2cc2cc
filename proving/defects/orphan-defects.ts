import type { RenderedError } from '../../reference-vault/ingestion-api/error-rendering';
import type { PartFactories } from '../../reference-vault/parts';
import { sha256Checksum } from '../../reference-vault/persistence/sha256-checksum';
import {
  LogUnknown,
  type RawContent,
  RawContentMissing,
} from '../../reference-vault/retrieval/raw-retrieval';
import type { Change } from './change';
import { breaking, type Defect } from './defect';
import { allOf, bodyOf, opening, rendering, rescued } from './part-changes';

/** Bugs in what a vault answers when an object is lost or was changed. */
export const orphanDefects: readonly Defect[] = [
  ...breaking('CON-1', {
    'orphan-answered-empty: answers 200 and nothing for a lost object': lost(({ checksum }) => ({
      checksum,
      bytes: 0,
      body: bodyOf(Buffer.alloc(0)),
    })),
    'orphan-answered-204: answers 204 No Content for a lost object': lossRendered(() => ({
      status: 204,
    })),
    'orphan-forgotten: cleans the metadata of a lost object away when somebody asks for it': onLoss(
      async (logId, { metadataStore }) => {
        await metadataStore.run(({ logs }) => logs.deleteOne({ _id: logId }));
      },
    ),
    'orphan-served-from-cache: serves what it read once, whether or not storage still has it': cached(),
  }),
  ...breaking('CON-2', {
    'orphan-answered-as-unknown: answers 404 for a lost object': lost(() => {
      throw new LogUnknown('There is no such log.');
    }),
    'orphan-answered-500: lets a lost object become 500': lossRendered(() => ({
      status: 500,
      body: { error: 'The vault itself failed.' },
    })),
    'loss-answered-without-checksum: does not say what was lost by its checksum': lossRendered(
      ({ body }) => ({
        body: { error: body.error, log_id: body.log_id ?? '' },
      }),
    ),
    'loss-answered-without-id: does not say which log was lost': lossRendered(({ body }) => ({
      body: { error: body.error, checksum: body.checksum ?? '' },
    })),
    'loss-answered-with-another-checksum: names the checksum of what it found: nothing': lossRendered(
      ({ body }) => ({
        body: { ...body, checksum: sha256Checksum(Buffer.alloc(0)) },
      }),
    ),
    'loss-answered-in-other-words: words the error as storage did': lossRendered(({ body }) => ({
      body: { ...body, error: 'NoSuchKey: The specified key does not exist.' },
    })),
    'loss-cacheable: lets caches keep the loss, as a 410 may be': lossRendered(() => ({
      headers: {},
    })),
    'loss-noted-in-metadata: writes into the metadata that the object is lost, over the checksum': onLoss(
      async (logId, { metadataStore }) => {
        const checksum = sha256Checksum(Buffer.alloc(0));
        await metadataStore.run(({ logs }) =>
          logs.updateOne({ _id: logId }, { $set: { checksum, bytes: 0 } }),
        );
      },
    ),
    'unknown-log-answered-as-loss: answers 410 for a log that never existed': opening(
      async (real, logId, signal) =>
        await rescued(
          real.open(logId, signal),
          (error) => error instanceof LogUnknown,
          () => {
            throw new RawContentMissing(logId, sha256Checksum(Buffer.alloc(0)));
          },
        ),
    ),
  }),
  ...breaking('CON-3', {
    'loss-remembered: remembers that an object is lost, and does not look again': lossRemembered(),
  }),
  ...breaking('CON-4', {
    'tampering-answered-as-loss: answers 410 for an object that was changed': tampered(
      (logId, { checksum }) => {
        throw new RawContentMissing(logId, checksum);
      },
    ),
    'raw-answer-as-long-as-recorded: declares a raw log as long as it was when it was stored': {
      'rawRetrieval.open': async ({ real, logRepository }, logId, signal) => {
        const content = await real.open(logId, signal);
        return { ...content, bytes: (await logRepository.find(logId))?.bytes };
      },
    },
    'emptied-object-taken-for-missing: takes an object that has lost all its bytes for a lost object': {
      'rawRetrieval.open': async ({ real, logRepository }, logId, signal) => {
        const content = await real.open(logId, signal);
        const record = await logRepository.find(logId);
        if (content.bytes !== 0 || record?.bytes === 0) return content;
        throw new RawContentMissing(logId, content.checksum);
      },
    },
    'tampering-healed-in-metadata: repairs a checksum that does not match, in the metadata': {
      'rawRetrieval.open': async ({ real, metadataStore }, logId, signal) => {
        const content = await real.open(logId, signal);
        const stored = await allOf(content.body);
        const checksum = sha256Checksum(stored);
        if (checksum !== content.checksum) {
          await metadataStore.run(({ logs }) => logs.updateOne({ _id: logId }, { $set: { checksum } }));
        }
        return { ...content, checksum, body: bodyOf(stored) };
      },
    },
  }),
  ...breaking('API-2', {
    'one-record-for-a-whole-page: looks for known objects by a loop variable, which is the last one by then':
      {
        'logRepository.recorded': async ({ real }, ids) => {
          const records = await real.recorded(ids);
          const last = [...records.values()].at(-1);
          return new Map([...records].map(([id, record]) => [id, last ?? record]));
        },
      },
  }),
];

/** Something else is answered for a lost object. */
function lost(answer: (loss: RawContentMissing) => RawContent): Change {
  return opening(async (real, ...args) => await rescued(real.open(...args), isLoss, answer));
}

function isLoss(error: unknown): error is RawContentMissing {
  return error instanceof RawContentMissing;
}

function lossRendered(change: (right: RenderedError) => Partial<RenderedError>): Change {
  return rendering(isLoss, change);
}

function tampered(answer: (logId: string, content: RawContent) => RawContent): Change {
  return opening(async (real, logId, signal) => {
    const content = await real.open(logId, signal);
    const stored = await allOf(content.body);
    return sha256Checksum(stored) === content.checksum
      ? { ...content, body: bodyOf(stored) }
      : answer(logId, content);
  });
}

function onLoss(
  act: (logId: string, made: Parameters<PartFactories['rawRetrieval']>[0]) => Promise<void>,
): Change {
  return {
    'rawRetrieval.open': async ({ real, ...made }, logId, signal) =>
      await rescued(real.open(logId, signal), isLoss, async (loss) => {
        await act(logId, made);
        throw loss;
      }),
  };
}

function cached(): Change {
  const cache = new Map<string, RawContent & { readonly stored: Buffer }>();
  return opening(async (real, logId, signal) => {
    const known = cache.get(logId);
    if (known !== undefined) return { ...known, body: bodyOf(known.stored) };
    const content = await real.open(logId, signal);
    const stored = await allOf(content.body);
    cache.set(logId, { ...content, stored });
    return { ...content, body: bodyOf(stored) };
  });
}

function lossRemembered(): Change {
  const lost = new Map<string, RawContentMissing>();
  return opening(async (real, logId, signal) => {
    const known = lost.get(logId);
    if (known !== undefined) throw known;
    return await rescued(real.open(logId, signal), isLoss, (loss) => {
      lost.set(logId, loss);
      throw loss;
    });
  });
}
