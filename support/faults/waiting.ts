import type { ArmedFault } from './fault-board';

/** Waits until a fault lets go of a call, or until its caller hangs up; says which came first. */
export async function releasedOrGone(
  struck: ArmedFault<unknown>,
  gone: AbortSignal | undefined,
): Promise<'released' | 'gone'> {
  return await Promise.race([struck.released.then(() => 'released' as const), hungUp(gone)]);
}

/** Delays are part of a fault's meaning; a caller that hangs up ends them. */
export async function delayed(delayMs: number, gone: AbortSignal | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, delayMs);
  });
  await Promise.race([over, hungUp(gone)]);
  clearTimeout(timer);
}

/** Settles when the caller hangs up; never for a transport that cannot tell. */
async function hungUp(gone: AbortSignal | undefined): Promise<'gone'> {
  if (gone?.aborted === true) return 'gone';
  return await new Promise((resolve) => {
    gone?.addEventListener('abort', () => resolve('gone'), { once: true });
  });
}
