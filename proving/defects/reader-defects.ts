import { Readable } from 'node:stream';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { storageFault } from '../../reference-vault/faults';
import { S3ObjectStore } from '../../reference-vault/persistence/object-store';
import { LogUnknown } from '../../reference-vault/retrieval/raw-retrieval';
import { failOnSilence, SilentCall } from '../../reference-vault/silence';
import type { Change } from './change';
import { breaking, type Defect } from './defect';
import { bodyOf, opening, replacing } from './part-changes';

const READS_AT_ONCE = 16;
const FOR_EVER_MS = 3_600_000;

/** Bugs in how a raw log is handed out to readers who are slow, many or gone, or while storage breaks off. */
export const readerDefects: readonly Defect[] = [
  ...breaking('RES-20', {
    'slow-read-cut-off: gives a read a fifth of the time-out in all, however much there is to read': {
      'rawRetrieval.open': async ({ real, settings }, logId, signal) => {
        const content = await real.open(logId, signal);
        void pause(settings.callTimeoutMs / 5, undefined, { ref: false }).then(() =>
          content.body.destroy(new Error('the read took too long')),
        );
        return content;
      },
    },
    'slow-read-without-its-end: buffers what a slow reader leaves, and drops what the buffer does not hold':
      opening(async (real, logId, signal) => {
        const content = await real.open(logId, signal);
        async function* hurried(): AsyncGenerator<Buffer> {
          const endsMs = performance.now() + 100;
          for await (const chunk of content.body) if (performance.now() < endsMs) yield chunk;
        }
        return { ...content, bytes: undefined, body: Readable.from(hurried(), { objectMode: false }) };
      }),
  }),
  ...breaking('RES-21', {
    'broken-off-reads-counted-for-ever: counts open reads, and those that were left half-way for ever':
      replacing('rawRetrieval', (real) => {
        let open = 0;
        return {
          open: async (logId, signal) => {
            while (open >= READS_AT_ONCE) await pause(5);
            open += 1;
            const content = await real.open(logId, signal).catch((error: unknown) => {
              open -= 1;
              throw error;
            });
            content.body.once('end', () => {
              open -= 1;
            });
            return content;
          },
        };
      }),
  }),
  ...breaking('RES-22', {
    'reader-confused-with-the-next: keeps the log asked for in a member, where the next request finds it':
      replacing('rawRetrieval', (real, { logRepository }) => {
        let asked = '';
        return {
          open: async (logId, signal) => {
            asked = logId;
            if ((await logRepository.find(logId)) === undefined)
              throw new LogUnknown('There is no such log.');
            return await real.open(asked, signal);
          },
        };
      }),
    'long-logs-sent-through-one-buffer: sends logs of over 64 KiB through one buffer for all readers':
      throughOneBuffer(64 * 1024),
  }),
  ...breaking('RES-23', {
    'broken-off-read-ended: ends the answer when storage breaks off, as if that were all': opening(
      async (real, logId, signal) => {
        const content = await real.open(logId, signal);
        async function* asFarAsItGoes(): AsyncGenerator<Buffer> {
          try {
            for await (const chunk of content.body) yield chunk;
          } catch {
            // The bytes that came so far are better than nothing.
          }
        }
        return { ...content, bytes: undefined, body: Readable.from(asFarAsItGoes(), { objectMode: false }) };
      },
    ),
    'short-log-read-before-it-is-sent: reads logs of up to 32 KiB first, and declares what it got': opening(
      async (real, logId, signal) => {
        const content = await real.open(logId, signal);
        if ((content.bytes ?? Number.POSITIVE_INFINITY) > 32 * 1024) return content;
        const chunks: Buffer[] = [];
        try {
          for await (const chunk of content.body) chunks.push(chunk);
        } catch {
          // The bytes that came so far are better than nothing.
        }
        const whole = Buffer.concat(chunks);
        return { ...content, bytes: whole.byteLength, body: bodyOf(whole) };
      },
    ),
    'silent-read-waited-for: minds how long storage takes to begin its answer, not how long to go on':
      replacing('objectStore', (_real, { s3Client, settings }) => {
        const patient = new S3ObjectStore(s3Client, settings.s3Bucket, FOR_EVER_MS);
        return {
          open: async (key, signal) =>
            await failOnSilence(
              settings.callTimeoutMs,
              (call) => patient.open(key, call.signal),
              signal,
            ).catch((error: unknown) => {
              throw error instanceof SilentCall ? storageFault('unavailable', error.message) : error;
            }),
        };
      }),
    'broken-off-read-padded: fills up what storage did not send with zeros': opening(
      async (real, logId, signal) => {
        const content = await real.open(logId, signal);
        async function* filledUp(): AsyncGenerator<Buffer> {
          let sent = 0;
          try {
            for await (const chunk of content.body) {
              sent += chunk.byteLength;
              yield chunk;
            }
          } catch {
            yield Buffer.alloc((content.bytes ?? sent) - sent);
          }
        }
        return { ...content, body: Readable.from(filledUp(), { objectMode: false }) };
      },
    ),
  }),
];

function throughOneBuffer(bytes: number): Change {
  const shared = Buffer.alloc(bytes);
  return opening(async (real, logId, signal) => {
    const content = await real.open(logId, signal);
    if ((content.bytes ?? 0) <= bytes) return content;
    async function* copied(): AsyncGenerator<Buffer> {
      for await (const chunk of content.body as AsyncIterable<Buffer>) {
        for (let at = 0; at < chunk.byteLength; at += bytes) {
          const copiedBytes = chunk.copy(shared, 0, at, at + bytes);
          // Sent a moment later, as by a thread of its own.
          await nextTurn();
          yield Buffer.from(shared.subarray(0, copiedBytes));
        }
      }
    }
    return { ...content, body: Readable.from(copied(), { objectMode: false }) };
  });
}
