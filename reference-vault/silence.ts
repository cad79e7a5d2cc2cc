import { setMaxListeners } from 'node:events';

/** A call was given up because nothing was heard of it for too long. */
export class SilentCall extends Error {
  override readonly name = 'SilentCall';

  constructor(readonly silenceMs: number) {
    super(`nothing was heard for ${silenceMs} ms`);
  }
}

/** Handed to a watched call by its watcher. */
export interface WatchedCall {
  /** Aborted when the watcher gives up: ends the request. */
  readonly signal: AbortSignal;
  /** To be told of every sign of life; the silence starts anew. */
  readonly heard: () => void;
}

/**
 * Runs a call that may take any time, but may not be silent for `silenceMs` (contract section 4,
 * `VAULT_CALL_TIMEOUT_MS`). It also ends, at once, with the reason of any of the `enders`. Either way nobody
 * waits for the call to notice.
 *
 * @throws SilentCall, the reason of an ender, or what the call throws
 */
export function failOnSilence<T>(
  silenceMs: number,
  call: (watched: WatchedCall) => Promise<T>,
  ...enders: readonly AbortSignal[]
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const giveUp = new AbortController();
    const end = (reason: unknown): void => {
      reject(reason);
      giveUp.abort(reason);
    };
    const onAbort = ({ target }: Event): void => end((target as AbortSignal).reason);
    const ended = enders.find(({ aborted }) => aborted);
    if (ended !== undefined) return end(ended.reason);
    for (const ender of enders) {
      // One signal ends many calls at once; that is no leak.
      setMaxListeners(0, ender);
      ender.addEventListener('abort', onAbort);
    }
    const timer = setTimeout(() => end(new SilentCall(silenceMs)), silenceMs);
    const run = async (): Promise<T> => await call({ signal: giveUp.signal, heard: () => timer.refresh() });
    run()
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        for (const ender of enders) ender.removeEventListener('abort', onAbort);
      });
  });
}
