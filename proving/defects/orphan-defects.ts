import type { RenderedError } from '../../reference-vault/ingestion-api/error-rendering';
import { renderError } from '../../reference-vault/ingestion-api/error-rendering';
import type { PartFactories } from '../../reference-vault/parts';
import { sha256Checksum } from '../../reference-vault/persistence/checksum';
import {
  LogUnknown,
  type RawContent,
  RawContentMissing,
} from '../../reference-vault/retrieval/raw-retrieval';
import type { Defect } from './defect';
import { allOf, bodyOf, opening, replacing } from './part-changes';

/** Bugs in what a vault answers when an object is lost or was changed. */
export const orphanDefects: readonly Defect[] = [
  {
    ...lost(
      'orphan-answered-empty',
      'CON-1',
      'answers 200 and nothing for a lost object',
      ({ checksum }) => ({
        checksum,
        bytes: 0,
        body: bodyOf(Buffer.alloc(0)),
      }),
    ),
    smoke: true,
  },
  lossRendered('orphan-answered-204', 'CON-1', 'answers 204 No Content for a lost object', () => ({
    status: 204,
  })),
  {
    name: 'orphan-forgotten',
    sentence: 'cleans the metadata of a lost object away when somebody asks for it',
    requirement: 'CON-1',
    replacements: onLoss(async (logId, { metadataStore }) => {
      await metadataStore.run(({ logs }) => logs.deleteOne({ _id: logId }));
    }),
  },
  {
    name: 'orphan-served-from-cache',
    sentence: 'serves what it read once, whether or not storage still has it',
    requirement: 'CON-1',
    replacements: cached(),
  },
  {
    ...lost('orphan-answered-as-unknown', 'CON-2', 'answers 404 for a lost object', () => {
      throw new LogUnknown('There is no such log.');
    }),
    smoke: true,
  },
  lossRendered('orphan-answered-500', 'CON-2', 'lets a lost object become 500', () => ({
    status: 500,
    body: { error: 'The vault itself failed.' },
  })),
  lossRendered(
    'loss-answered-without-checksum',
    'CON-2',
    'does not say what was lost by its checksum',
    ({ body }) => ({
      body: { error: body.error, log_id: body.log_id ?? '' },
    }),
  ),
  lossRendered('loss-answered-without-id', 'CON-2', 'does not say which log was lost', ({ body }) => ({
    body: { error: body.error, checksum: body.checksum ?? '' },
  })),
  lossRendered(
    'loss-answered-with-another-checksum',
    'CON-2',
    'names the checksum of what it found: nothing',
    ({ body }) => ({
      body: { ...body, checksum: sha256Checksum(Buffer.alloc(0)) },
    }),
  ),
  lossRendered('loss-answered-in-other-words', 'CON-2', 'words the error as storage did', ({ body }) => ({
    body: { ...body, error: 'NoSuchKey: The specified key does not exist.' },
  })),
  lossRendered('loss-cacheable', 'CON-2', 'lets caches keep the loss, as a 410 may be', () => ({
    headers: {},
  })),
  {
    name: 'loss-noted-in-metadata',
    sentence: 'writes into the metadata that the object is lost, over the checksum',
    requirement: 'CON-2',
    replacements: onLoss(async (logId, { metadataStore }) => {
      const checksum = sha256Checksum(Buffer.alloc(0));
      await metadataStore.run(({ logs }) => logs.updateOne({ _id: logId }, { $set: { checksum, bytes: 0 } }));
    }),
  },
  unknown('unknown-log-answered-as-loss', 'answers 410 for a log that never existed', (logId) => {
    throw new RawContentMissing(logId, sha256Checksum(Buffer.alloc(0)));
  }),
  {
    name: 'loss-remembered',
    sentence: 'remembers that an object is lost, and does not look again',
    requirement: 'CON-3',
    replacements: lossRemembered(),
  },
  tampered(
    'tampering-answered-as-loss',
    'answers 410 for an object that was changed',
    (logId, { checksum }) => {
      throw new RawContentMissing(logId, checksum);
    },
  ),
  {
    name: 'raw-answer-as-long-as-recorded',
    sentence: 'declares a raw log as long as it was when it was stored',
    requirement: 'CON-4',
    replacements: replacing('rawRetrieval', (real, { logRepository }) => ({
      open: async (logId, signal) => {
        const content = await real.open(logId, signal);
        return { ...content, bytes: (await logRepository.find(logId))?.bytes };
      },
    })),
  },
  {
    name: 'emptied-object-taken-for-missing',
    sentence: 'takes an object that has lost all its bytes for a lost object',
    requirement: 'CON-4',
    replacements: replacing('rawRetrieval', (real, { logRepository }) => ({
      open: async (logId, signal) => {
        const content = await real.open(logId, signal);
        const record = await logRepository.find(logId);
        if (content.bytes !== 0 || record?.bytes === 0) return content;
        throw new RawContentMissing(logId, content.checksum);
      },
    })),
  },
  {
    name: 'tampering-healed-in-metadata',
    sentence: 'repairs a checksum that does not match, in the metadata',
    requirement: 'CON-4',
    replacements: replacing('rawRetrieval', (real, { metadataStore }) => ({
      open: async (logId, signal) => {
        const content = await real.open(logId, signal);
        const stored = await allOf(content.body);
        const checksum = sha256Checksum(stored);
        if (checksum !== content.checksum) {
          await metadataStore.run(({ logs }) => logs.updateOne({ _id: logId }, { $set: { checksum } }));
        }
        return { ...content, checksum, body: bodyOf(stored) };
      },
    })),
  },
  {
    name: 'one-record-for-a-whole-page',
    sentence: 'looks for the objects of logs it knows by a loop variable, which is the last one by then',
    requirement: 'API-2',
    replacements: replacing('logRepository', (real) => ({
      recorded: async (ids) => {
        const records = await real.recorded(ids);
        const last = [...records.values()].at(-1);
        return new Map([...records].map(([id, record]) => [id, last ?? record]));
      },
    })),
  },
];

/** Something else is answered for a lost object. */
function lost(
  name: string,
  requirement: string,
  sentence: string,
  answer: (loss: RawContentMissing) => RawContent,
): Defect {
  return {
    name,
    sentence,
    requirement,
    replacements: opening(async (real, ...args) => {
      try {
        return await real.open(...args);
      } catch (error) {
        if (error instanceof RawContentMissing) return answer(error);
        throw error;
      }
    }),
  };
}

function lossRendered(
  name: string,
  requirement: string,
  sentence: string,
  change: (right: RenderedError) => Partial<RenderedError>,
): Defect {
  const renderer = (error: unknown): RenderedError => {
    const right = renderError(error);
    return error instanceof RawContentMissing ? { ...right, ...change(right) } : right;
  };
  return { name, sentence, requirement, replacements: { errorRenderer: () => renderer } };
}

function unknown(name: string, sentence: string, answer: (logId: string) => RawContent): Defect {
  return {
    name,
    sentence,
    requirement: 'CON-2',
    replacements: opening(async (real, logId, signal) => {
      try {
        return await real.open(logId, signal);
      } catch (error) {
        if (error instanceof LogUnknown) return answer(logId);
        throw error;
      }
    }),
  };
}

function tampered(
  name: string,
  sentence: string,
  answer: (logId: string, content: RawContent) => RawContent,
): Defect {
  return {
    name,
    sentence,
    requirement: 'CON-4',
    replacements: opening(async (real, logId, signal) => {
      const content = await real.open(logId, signal);
      const stored = await allOf(content.body);
      return sha256Checksum(stored) === content.checksum
        ? { ...content, body: bodyOf(stored) }
        : answer(logId, content);
    }),
  };
}

function onLoss(
  act: (logId: string, made: Parameters<PartFactories['rawRetrieval']>[0]) => Promise<void>,
): Partial<PartFactories> {
  return replacing('rawRetrieval', (real, made) => ({
    open: async (logId, signal) => {
      try {
        return await real.open(logId, signal);
      } catch (error) {
        if (error instanceof RawContentMissing) await act(logId, made);
        throw error;
      }
    },
  }));
}

function cached(): Partial<PartFactories> {
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

function lossRemembered(): Partial<PartFactories> {
  const lost = new Map<string, RawContentMissing>();
  return opening(async (real, logId, signal) => {
    const known = lost.get(logId);
    if (known !== undefined) throw known;
    try {
      return await real.open(logId, signal);
    } catch (error) {
      if (error instanceof RawContentMissing) lost.set(logId, error);
      throw error;
    }
  });
}
