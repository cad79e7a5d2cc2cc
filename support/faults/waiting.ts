import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Turns of the event loop in which a hang-up that this machine knows of already is heard: three are needed,
 * four leave one over.
 */
const TURNS = 4;

/** Waits until a fault lets go of a call, or until its caller hangs up; says which came first. */
export async function releasedOrGone(
  struck: { readonly released: Promise<void> },
  gone: AbortSignal | undefined,
): Promise<'released' | 'gone'> {
  return await Promise.race([struck.released.then(() => 'released' as const), hungUp(gone)]);
}

/** Waits as long as a fault wants it, or until the caller hangs up. */
export async function delayed(delayMs: number, gone: AbortSignal | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, delayMs);
  });
  await Promise.race([over, hungUp(gone)]);
  clearTimeout(timer);
}

/**
 * True when a call was given up before it could be answered, as by a vault whose patience ran out while this
 * process did something else. The caller's request and its hang-up then arrive one right after the other.
 */
export async function hasHungUp(gone: AbortSignal | undefined): Promise<boolean> {
  for (let turn = 0; turn < TURNS && gone?.aborted === false; turn += 1) await nextTurn();
  return gone?.aborted === true;
}

/** Settles when the caller hangs up; never for a transport that cannot tell. */
async function hungUp(gone: AbortSignal | undefined): Promise<'gone'> {
  if (gone?.aborted === true) return 'gone';
  return await new Promise((resolve) => {
    gone?.addEventListener('abort', () => resolve('gone'), { once: true });
  });
}
